import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type InsightServer, startInsightServer } from '../patterns/insight-server.js';
import { DATABASES } from '../support/database.js';
import { actionsOf, endOfLog, goalBehind, planned, runJob } from './planning.js';

const APPROVALS = `subscription ($after: String) { approvalRequested(after: $after) { approval { id reason action {
  actionType accountId rationale proposedBy payload } } } }`;

describe.each(DATABASES)('from what customers said to what is proposed, on %s', (kind) => {
  let on: InsightServer;
  let buyer: string;
  let leaver: string;
  let closer: string;
  let goalId: string;
  beforeAll(async () => {
    on = await startInsightServer(kind);
    [buyer, leaver, closer] = [await on.account(), await on.account(), await on.account()];
    await on.said(buyer, 'Good news: our budget has been approved. We need this urgently, the deadline is Friday.');
    await on.said(leaver, 'Our budget is frozen until June.');
    await on.deal(closer, 'NEGOTIATION', { value: 50_000 });
    goalId = (await goalBehind(on)).id;
  });
  afterAll(() => on.close());

  test('a dry run names the candidates and leaves everything as it is', async () => {
    await runJob(on, 'PATTERN_SCAN');
    const insights = await on.insights('status: PENDING');
    const { planned: candidates, failed } = await planned(on, { dryRun: true });
    expect(failed).toBe(0);
    expect(candidates).toMatchObject([
      { actionType: 'send_follow_up_email', accountId: closer, goalId, goalGap: 50, outcome: 'PLANNED' },
      { actionType: 'escalate_to_management', accountId: leaver, goalId: null, goalGap: 0, outcome: 'PLANNED' },
      { actionType: 'send_follow_up_email', accountId: buyer, goalId: null, outcome: 'PLANNED', actionId: null },
    ]);
    expect(await actionsOf(on)).toEqual([]);
    expect(await on.insights('status: PENDING')).toEqual(insights);
  });

  test('the two jobs give insights, allowed actions, and requests that are pushed live', async () => {
    const live = on.server.subscribe(on.boss, APPROVALS, { after: await endOfLog(on) });
    const run = await runJob(on, 'PROACTIVE_OUTREACH_CHECK');
    expect(run).toMatchObject({
      status: 'COMPLETED',
      failed: 0,
      counts: { candidates: 3, allowed: 1, pending_approval: 2, blocked: 0, duplicate: 0 },
    });
    const pushed = [(await live.next()).data, (await live.next()).data].map(
      ({ approvalRequested }) => approvalRequested.approval,
    );
    await live.close();
    expect(pushed).toMatchObject([
      { reason: 'STAGE_GATE', action: { actionType: 'send_follow_up_email', accountId: closer } },
      { reason: 'APPROVAL_REQUIRED', action: { actionType: 'escalate_to_management', accountId: leaver } },
    ]);
    expect(pushed[0].action).toMatchObject({
      proposedBy: 'system:planner',
      payload: { goal: { id: goalId, target: 100_000 } },
    });
    expect(pushed[0].action.rationale).toContain('The revenue goal "Summer" is behind: 0 of 100,000, 0 % where 50 %');
    expect(pushed[1].action.rationale).toContain('"Our budget is frozen until June."');

    const ofBuyer = (await actionsOf(on)).find(({ accountId }) => accountId === buyer);
    expect(ofBuyer).toMatchObject({ status: 'ALLOWED', guardrail: { reason: 'AUTONOMOUS' }, approval: null });
    const acted = await on.insights(`accountId: "${buyer}"`);
    expect(acted).toHaveLength(2);
    for (const insight of acted) {
      expect(insight).toMatchObject({ status: 'ACTED', actionId: ofBuyer.id, resolvedBy: 'system:planner' });
      expect(ofBuyer.rationale).toContain(JSON.stringify(insight.evidence[0].quote));
      expect(ofBuyer.payload.insightIds).toContain(insight.id);
    }
  });

  test('a second round of both adds nothing, neither by the jobs nor by hand', async () => {
    const before = await actionsOf(on);
    const insights = await on.insights();
    expect((await runJob(on, 'PATTERN_SCAN')).counts).toMatchObject({ raised: 0 });
    expect((await runJob(on, 'PROACTIVE_OUTREACH_CHECK')).counts).toMatchObject({
      allowed: 0,
      pending_approval: 0,
      duplicate: 1,
    });
    const { planned: candidates } = await planned(on);
    expect(candidates).toMatchObject([{ accountId: closer, outcome: 'DUPLICATE' }]);
    expect(before.map(({ id }) => id)).toContain(candidates[0].actionId);
    expect(await actionsOf(on)).toEqual(before);
    expect(await on.insights()).toEqual(insights);
  });
});
