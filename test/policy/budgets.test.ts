import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/platform/db/database.js';
import { createPostgresDatabase, DATABASES, openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { policyCalls } from './policy-server.js';

const USE = '{ budgetUse { budget { name limit } windowStart windowEnd counts { scopeId used left } } }';
const CLAIM = 'mutation ($input: ClaimActionInput!) { claimAction(input: $input) { status } }';
const MAILS = { name: 'mails', scope: 'TENANT', period: 'DAY', limit: 2 };
const HOUR = 3_600_000;

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
const reasonsOf = (proposals: readonly any[]): string[] => proposals.map(({ decision }) => decision.reason);

describe.each(DATABASES)('budgets on %s', (kind) => {
  let database: Database;
  let server: TestServer;
  let admin: string;
  let agent: string;
  let calls: ReturnType<typeof policyCalls>;
  let now = new Date('2026-03-02T00:00:00Z');
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    server = await startTestServer({ database, sweeps: 'by hand', clock: { now: () => now } });
  });
  // Each test has a week of its own, and tokens for it.
  beforeEach(async () => {
    now = new Date(now.getTime() + 7 * 24 * HOUR);
    const issue = (user: string, role: 'admin' | 'agent') =>
      server.app.tokens.issue({ tenant: 'demo', user, roles: [role], expiresAt: new Date(now.getTime() + 48 * HOUR) });
    admin = await issue('adam', 'admin');
    agent = await issue('agent-one', 'agent');
    calls = policyCalls(server, admin, agent);
  });
  afterAll(async () => {
    await server.close();
    await database.close();
  });

  const record = async (mutation: string, input: object) => {
    const kindOf = mutation.replace('upsert', '').toLowerCase();
    const document = `mutation ($input: U!) { m: ${mutation}(input: $input) { ${kindOf} { id } } }`;
    const typed = document.replace('U!', `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input!`);
    return (await server.data(admin, typed, { input })).m[kindOf].id as string;
  };
  const times = async (count: number, propose: () => Promise<unknown>) => {
    const proposals = [];
    for (let n = 0; n < count; n += 1) proposals.push(await propose());
    return reasonsOf(proposals);
  };

  test('let so many actions run alone in a period, then ask a person, until the period is over', async () => {
    await calls.set({ budgets: [MAILS] });
    expect(await times(4, () => calls.propose('log_interaction'))).toEqual([
      'AUTONOMOUS',
      'AUTONOMOUS',
      'OVER_BUDGET',
      'OVER_BUDGET',
    ]);
    const over = await calls.propose('log_interaction');
    expect(over.decision.explanation).toContain('the budget "mails" is used up');
    expect(over).toMatchObject({ action: { status: 'PENDING_APPROVAL' }, approval: { id: expect.any(String) } });
    expect((await server.data(admin, USE)).budgetUse).toEqual([
      {
        budget: { name: 'mails', limit: 2 },
        windowStart: now.toISOString(),
        windowEnd: new Date(now.getTime() + 24 * HOUR).toISOString(),
        counts: [{ scopeId: null, used: 2, left: 0 }],
      },
    ]);
    now = new Date(now.getTime() + 24 * HOUR);
    expect(await times(1, () => calls.propose('log_interaction'))).toEqual(['AUTONOMOUS']);
    expect((await server.data(admin, USE)).budgetUse[0].counts).toEqual([{ scopeId: null, used: 1, left: 1 }]);
  });

  test('count only what runs alone: what waits for a person, or never runs, takes no place', async () => {
    await calls.set({ budgets: [MAILS] });
    for (const type of ['send_proposal', 'commit_pricing', 'send_gift']) await calls.propose(type);
    expect((await server.data(admin, USE)).budgetUse[0].counts).toEqual([]);
    expect(await times(3, () => calls.propose('log_interaction'))).toEqual(['AUTONOMOUS', 'AUTONOMOUS', 'OVER_BUDGET']);
  });

  test('give no place back: not what was taken back, nor what failed', async () => {
    await calls.set({ budgets: [MAILS] });
    const [taken, failed] = [await calls.propose('log_interaction'), await calls.propose('log_interaction')];
    const send = (operation: string, type: string, input: object) =>
      server.data(agent, `mutation ($input: ${type}!) { ${operation}(input: $input) { status } }`, { input });
    await send('cancelAction', 'CancelActionInput', { actionId: taken.action.id });
    await server.data(agent, CLAIM, { input: { actionId: failed.action.id } });
    const report = { actionId: failed.action.id, leaseEpoch: 1, error: 'nothing was done' };
    expect((await send('failAction', 'FailActionInput', report)).failAction.status).toBe('FAILED');
    expect((await server.data(admin, USE)).budgetUse[0].counts).toEqual([{ scopeId: null, used: 2, left: 0 }]);
    expect((await calls.propose('log_interaction')).decision.reason).toBe('OVER_BUDGET');
  });

  test('count one type, each clone or each account by itself; all of them together have to have a place', async () => {
    const [one, other] = [
      await record('upsertAccount', { name: 'One' }),
      await record('upsertAccount', { name: 'Other' }),
    ];
    await calls.set({
      budgets: [
        { name: 'notes', scope: 'TENANT', actionType: 'log_interaction', period: 'WEEK', limit: 3 },
        { name: 'each account', scope: 'ACCOUNT', period: 'HOUR', limit: 2 },
      ],
    });
    const note = (accountId?: string) => () => calls.propose('log_interaction', { accountId });
    expect(await times(3, note(one))).toEqual(['AUTONOMOUS', 'AUTONOMOUS', 'OVER_BUDGET']);
    // What the one budget refused has taken no place in the other.
    expect(await times(2, note(other))).toEqual(['AUTONOMOUS', 'OVER_BUDGET']);
    expect(await times(1, () => calls.propose('create_briefing', { accountId: other }))).toEqual(['AUTONOMOUS']);
    // Actions without an account share a count.
    expect(await times(3, () => calls.propose('create_briefing'))).toEqual(['AUTONOMOUS', 'AUTONOMOUS', 'OVER_BUDGET']);
    const { budgetUse } = await server.data(admin, USE);
    expect(budgetUse[0].counts).toEqual([{ scopeId: null, used: 3, left: 0 }]);
    expect(budgetUse[1].counts).toHaveLength(3);
    expect(budgetUse[1].counts).toContainEqual({ scopeId: one, used: 2, left: 0 });
  });

  test('count each clone by itself', async () => {
    const create = (slug: string) =>
      server.data(admin, 'mutation ($input: CreateCloneInput!) { createClone(input: $input) { id } }', {
        input: { slug, name: slug },
      });
    const [first, second] = [(await create('first')).createClone.id, (await create('second')).createClone.id];
    await calls.set({ budgets: [{ name: 'each clone', scope: 'CLONE', period: 'DAY', limit: 1 }] });
    const as = (cloneId?: string) => times(2, () => calls.propose('log_interaction', { cloneId }));
    expect(await as(first)).toEqual(['AUTONOMOUS', 'OVER_BUDGET']);
    expect(await as(second)).toEqual(['AUTONOMOUS', 'OVER_BUDGET']);
    expect(await as()).toEqual(['AUTONOMOUS', 'OVER_BUDGET']);
  });

  test('of 0 let none run alone', async () => {
    await calls.set({ budgets: [{ ...MAILS, limit: 0 }] });
    expect(await times(2, () => calls.propose('log_interaction'))).toEqual(['OVER_BUDGET', 'OVER_BUDGET']);
  });

  test('a repeated proposal gets its first answer and takes no second place, also many at once', async () => {
    await calls.set({ budgets: [MAILS] });
    const again = { idempotencyKey: `again-${now.toISOString()}` };
    const answers = await Promise.all(Array.from({ length: 20 }, () => calls.propose('log_interaction', again)));
    expect(new Set(answers.map(({ action }) => action.id)).size).toBe(1);
    expect(new Set(reasonsOf(answers))).toEqual(new Set(['AUTONOMOUS']));
    expect((await server.data(admin, USE)).budgetUse[0].counts).toEqual([{ scopeId: null, used: 1, left: 1 }]);
    await calls.propose('log_interaction');
    expect((await calls.propose('log_interaction')).decision.reason).toBe('OVER_BUDGET');
    expect(await calls.propose('log_interaction', again)).toMatchObject({
      replayed: true,
      decision: { allowed: true },
    });
  });

  test('a claim in a later period takes a place there, or asks a person where none is left', async () => {
    await calls.set({ budgets: [{ ...MAILS, limit: 1 }] });
    const kept = await calls.propose('log_interaction');
    now = new Date(now.getTime() + 24 * HOUR);
    expect((await server.data(agent, CLAIM, { input: { actionId: kept.action.id } })).claimAction.status).toBe(
      'EXECUTING',
    );
    expect((await server.data(admin, USE)).budgetUse[0].counts).toEqual([{ scopeId: null, used: 1, left: 0 }]);
    expect((await calls.propose('log_interaction')).decision.reason).toBe('OVER_BUDGET');
  });

  test('an action that finds its later period used up is not claimed, but waits for a person', async () => {
    await calls.set({ budgets: [{ ...MAILS, limit: 1 }] });
    const kept = await calls.propose('log_interaction');
    now = new Date(now.getTime() + 24 * HOUR);
    expect((await calls.propose('log_interaction')).decision.allowed).toBe(true);
    const { errors } = await server.request(agent, CLAIM, { input: { actionId: kept.action.id } });
    expect(errors?.[0].extensions).toMatchObject({
      code: 'CONFLICT',
      reason: expect.stringMatching(/^over_budget$/i),
      status: 'PENDING_APPROVAL',
    });
    const { action } = await server.data(agent, 'query ($id: ID!) { action(id: $id) { status approval { status } } }', {
      id: kept.action.id,
    });
    expect(action).toEqual({ status: 'PENDING_APPROVAL', approval: { status: 'PENDING' } });
    expect((await server.data(admin, USE)).budgetUse[0].counts).toEqual([{ scopeId: null, used: 1, left: 0 }]);
  });
});

describe('one action split into a hundred', () => {
  test('over three instances on one PostgreSQL exactly as many run alone as the budget has places, round after round', async () => {
    const url = await createPostgresDatabase();
    const open = (await import('../../src/platform/db/database.js')).openDatabase;
    const { ENTITIES } = await import('../../src/compose/entities.js');
    const now = new Date('2026-03-04T12:00:00Z');
    const databases = [];
    for (let n = 0; n < 3; n += 1) databases.push(await open({ location: { url }, entities: ENTITIES, poolSize: 6 }));
    await databases[0]?.migrate();
    const servers: TestServer[] = [];
    for (const database of databases)
      servers.push(await startTestServer({ database, sweeps: 'by hand', clock: { now: () => now } }));
    const [first] = servers;
    if (!first) throw new Error('no server');
    const admin = await first.token('admin');
    const callsOf = await Promise.all(
      servers.map(async (server, index) => policyCalls(server, admin, await first.token('agent', `agent-${index}`))),
    );
    for (let round = 1; round <= 3; round += 1) {
      await callsOf[0]?.set({ budgets: [{ ...MAILS, name: `round ${round}`, limit: 10 }] });
      const proposals = await Promise.all(
        Array.from({ length: 100 }, (_, index) => callsOf[index % 3]?.propose('send_follow_up_email')),
      );
      const reasons = reasonsOf(proposals);
      expect(reasons.filter((reason) => reason === 'AUTONOMOUS')).toHaveLength(10);
      expect(reasons.filter((reason) => reason === 'OVER_BUDGET')).toHaveLength(90);
      expect((await first.data(admin, USE)).budgetUse[0].counts).toEqual([{ scopeId: null, used: 10, left: 0 }]);
    }
    for (const server of servers) await server.close();
    for (const database of databases) await database.close();
  });
});
