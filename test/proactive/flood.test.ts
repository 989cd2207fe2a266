import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_REQUESTS } from '../../src/features/proactive/index.js';
import { type InsightServer, startInsightServer } from '../patterns/insight-server.js';
import { DATABASES } from '../support/database.js';
import { actionsOf, planned, runJob } from './planning.js';

const PENDING = '{ approvals(first: 100) { edges { node { id digest action { accountId } } } } }';

describe.each(DATABASES)('a first import that shows very many risks, on %s', (kind) => {
  const ACCOUNTS = DEFAULT_REQUESTS + 6;
  let on: InsightServer;
  let buyer: string;
  beforeAll(async () => {
    on = await startInsightServer(kind);
    for (let index = 0; index < ACCOUNTS; index += 1) {
      await on.said(await on.account(), 'Our budget is frozen until June.');
    }
    buyer = await on.account();
    await on.said(buyer, 'Our budget has been approved.');
    await on.scanAll();
  });
  afterAll(() => on.close());

  const pending = async () => (await on.server.data(on.boss, PENDING)).approvals.edges;

  test('a dry run says how many would have to wait', async () => {
    const { planned: candidates, waiting } = await planned(on, { dryRun: true });
    expect(candidates).toHaveLength(DEFAULT_REQUESTS + 1);
    expect(waiting).toBe(6);
  });

  test('asks people so many things and no more, counts the rest, and holds up nothing that may run alone', async () => {
    expect(await runJob(on, 'PROACTIVE_OUTREACH_CHECK')).toMatchObject({
      counts: { candidates: ACCOUNTS + 1, allowed: 1, pending_approval: DEFAULT_REQUESTS, waiting: 6 },
    });
    expect((await actionsOf(on)).find(({ accountId }) => accountId === buyer)).toMatchObject({ status: 'ALLOWED' });
    expect(await on.insights('status: PENDING')).toHaveLength(6);
    const { dailyDigest } = await on.server.data(on.boss, '{ dailyDigest { openInsights { total severe } } }');
    expect(dailyDigest.openInsights).toEqual({ total: 6, severe: 6 });
  });

  test('the next runs bring more only as people decide', async () => {
    expect((await runJob(on, 'PROACTIVE_OUTREACH_CHECK')).counts).toMatchObject({ pending_approval: 0, waiting: 6 });
    for (const { node } of (await pending()).slice(0, 2)) {
      await on.mutate('rejectAction', { approvalId: node.id, reason: 'Known.' }, '__typename');
    }
    expect((await runJob(on, 'PROACTIVE_OUTREACH_CHECK')).counts).toMatchObject({ pending_approval: 2, waiting: 4 });
    expect(await pending()).toHaveLength(DEFAULT_REQUESTS);
  });

  test('a critical risk does not wait for the others to be decided', async () => {
    const accountId = await on.account();
    await on.deal(accountId, 'NEGOTIATION');
    await on.said(accountId, 'Our budget is frozen until June.');
    await on.scan(accountId);
    const { planned: candidates, waiting } = await planned(on);
    expect(candidates).toMatchObject([
      { accountId, actionType: 'escalate_to_management', outcome: 'PENDING_APPROVAL' },
    ]);
    expect(waiting).toBe(4);
  });

  test('what a budget has no place for counts among what a person would have to sign', async () => {
    const { policy } = await on.server.data(on.boss, '{ policy { version } }');
    const budgets = [{ name: 'few', period: 'DAY', scope: 'TENANT', limit: 1 }];
    const document = { expectedVersion: policy.version, reason: 'For the test.', policy: { rules: [], budgets } };
    await on.mutate('setPolicy', document, 'version');
    for (let index = 0; index < 2; index += 1) {
      const accountId = await on.account();
      await on.said(accountId, 'Our budget has been approved.');
      await on.scan(accountId);
    }
    expect((await runJob(on, 'PROACTIVE_OUTREACH_CHECK')).counts).toMatchObject({
      allowed: 1,
      pending_approval: 0,
      waiting: 5,
    });
  });

  test('an account that is dormant is one low insight, and nothing is planned for it', async () => {
    const accountId = await on.account();
    await on.said(accountId, 'Bye.', { occurredAt: on.at(400) });
    await on.scanAll();
    expect(await on.insights(`accountId: "${accountId}"`)).toMatchObject([
      { type: 'DORMANCY', severity: 'LOW', status: 'PENDING' },
    ]);
    const { planned: candidates } = await planned(on, { dryRun: true, limit: 100 });
    expect(candidates.filter((one: { accountId: string }) => one.accountId === accountId)).toEqual([]);
  });
});
