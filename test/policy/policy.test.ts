import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/platform/db/database.js';
import { DATABASES, openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { CURRENT, EMPTY, policyCalls } from './policy-server.js';

describe.each(DATABASES)('the policy on %s', (kind) => {
  let database: Database;
  let server: TestServer;
  let admin: string;
  let calls: ReturnType<typeof policyCalls>;
  let now = new Date('2026-03-04T12:00:00Z');
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    server = await startTestServer({ database, sweeps: 'by hand', clock: { now: () => now } });
    admin = await server.token('admin', 'adam');
    calls = policyCalls(server, admin, await server.token('agent'));
  });
  afterAll(async () => {
    await server.close();
    await database.close();
  });

  test('begins empty, at version 0', async () => {
    expect((await server.data(admin, CURRENT)).policy).toEqual({
      version: 0,
      gates: null,
      rules: [],
      budgets: [],
      reason: null,
      changedBy: null,
      changedAt: null,
      changes: [],
    });
  });

  test('a new version says what holds, who laid it down, when, why and what it changed, and stays in the log', async () => {
    const hours = { timeZone: 'Europe/Berlin', from: '08:00', to: '24:00', days: ['FRIDAY', 'MONDAY'] };
    const policy = {
      gates: { dealValueAbove: 1_000.5, stages: ['DISCOVERY'], contactTitles: ['CEO'], hours },
      rules: [
        { actionType: 'send_proposal', quorum: 2, requiredRole: 'MANAGER', fallbackRole: 'ADMIN', expiryHours: 4 },
        { actionType: 'constructor', tier: 'AUTONOMOUS', description: 'Ours', connector: 'WEBHOOK' },
      ],
      budgets: [{ name: 'mails', scope: 'ACCOUNT', actionType: 'send_follow_up_email', period: 'DAY', limit: 3 }],
    };
    const set = await calls.set(policy, '  A careful start  ');
    expect(set).toMatchObject({
      version: 1,
      reason: 'A careful start',
      changedBy: 'adam',
      changedAt: now.toISOString(),
      gates: { ...policy.gates, hours: { ...hours, days: ['MONDAY', 'FRIDAY'] } },
      rules: [policy.rules[1], policy.rules[0]],
      budgets: policy.budgets,
    });
    expect(set.changes).toContainEqual({ what: 'rules.send_proposal.quorum', before: null, after: '2' });
    expect((await server.data(admin, CURRENT)).policy).toEqual(set);
    const [event] = await database.asServer((sql) =>
      sql<{ data: object; actor: string }>(`select data, actor from event where type = 'policy.changed'`),
    );
    expect(event).toMatchObject({
      actor: 'adam',
      data: { version: 1, previousVersion: 0, reason: 'A careful start', changeCount: set.changes.length },
    });
  });

  test('the same policy again keeps the version and leaves no trace, even sent for an older version', async () => {
    const first = await calls.set({ rules: [{ actionType: 'send_gift' }, { actionType: 'log_interaction' }] });
    const again = await calls.trySet({
      policy: { ...EMPTY, rules: [{ actionType: 'log_interaction' }, { actionType: 'send_gift', gates: {} }] },
      reason: 'a retry',
      expectedVersion: first.version - 1,
    });
    expect(again.data.setPolicy).toEqual(first);
    const events = await database.asServer((sql) => sql(`select from event where type = 'policy.changed'`));
    expect(events).toHaveLength(first.version);
  });

  test('who comes too late learns who was first and when', async () => {
    const { version } = await calls.set({ gates: { dealValueAbove: 1 } });
    const late = await calls.trySet({ policy: EMPTY, reason: 'late', expectedVersion: version - 1 });
    expect(late.errors?.[0].extensions).toMatchObject({
      code: 'CONFLICT',
      version,
      expectedVersion: version - 1,
      changedBy: 'adam',
      changedAt: now.toISOString(),
    });
  });

  test('of twenty who change it at once one wins', async () => {
    const { version } = (await server.data(admin, CURRENT)).policy;
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        calls.trySet({
          policy: { ...EMPTY, gates: { dealValueAbove: 100 + index } },
          reason: `r ${index}`,
          expectedVersion: version,
        }),
      ),
    );
    expect(replies.filter(({ errors }) => !errors)).toHaveLength(1);
    expect(new Set(replies.flatMap(({ errors }) => errors?.map(({ extensions }) => extensions.code) ?? []))).toEqual(
      new Set(['CONFLICT']),
    );
    expect((await server.data(admin, CURRENT)).policy.version).toBe(version + 1);
  });

  test('every version can be read again, newest first, in pages, both ways', async () => {
    const query = `query ($first: Int, $after: String, $last: Int, $before: String) {
      policyVersions(first: $first, after: $after, last: $last, before: $before) {
        totalCount edges { cursor node { version } } pageInfo { hasNextPage hasPreviousPage endCursor startCursor } } }`;
    const { version } = (await server.data(admin, CURRENT)).policy;
    const newest = Array.from({ length: version }, (_, index) => version - index);
    const seen: number[] = [];
    let after: string | undefined;
    do {
      const { policyVersions } = await server.data(admin, query, { first: 2, after });
      expect(policyVersions.totalCount).toBe(version);
      seen.push(...policyVersions.edges.map((edge: { node: { version: number } }) => edge.node.version));
      after = policyVersions.pageInfo.hasNextPage ? policyVersions.pageInfo.endCursor : undefined;
    } while (after);
    expect(seen).toEqual(newest);
    const { policyVersions: end } = await server.data(admin, query, { last: 2 });
    expect(end.edges.map((edge: { node: { version: number } }) => edge.node.version)).toEqual([2, 1]);
    expect(end.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const { policyVersions: above } = await server.data(admin, query, { last: 1, before: end.pageInfo.startCursor });
    expect(above.edges[0].node.version).toBe(3);
    const foreign = Buffer.from('["account:id","x"]').toString('base64url');
    expect((await server.request(admin, query, { after: foreign })).errors?.[0].extensions.code).toBe('CURSOR_INVALID');
    const one = await server.data(admin, '{ policyVersion(version: 1) { reason } }');
    expect(one.policyVersion.reason).toBe('A careful start');
    for (const missing of [0, -1, 999]) {
      const { errors } = await server.request(admin, `{ policyVersion(version: ${missing}) { version } }`);
      expect(errors?.[0].extensions.code).toBe('NOT_FOUND');
    }
  });

  test('what is wrong is refused with its place: a looser tier, a word that the schema does not know', async () => {
    const looser = await calls.trySet({
      policy: {
        ...EMPTY,
        rules: [{ actionType: 'log_interaction' }, { actionType: 'commit_pricing', tier: 'APPROVAL_REQUIRED' }],
      },
      reason: 'x',
      expectedVersion: 0,
    });
    expect(looser.errors?.[0].extensions).toMatchObject({
      code: 'VALIDATION_FAILED',
      issues: [
        { path: ['input', 'policy', 'rules', 1, 'tier'], message: expect.stringContaining('only make it stricter') },
      ],
    });
    const misspelt = await calls.trySet({
      policy: { ...EMPTY, rules: [{ actionType: 'send_gift', tier: 'AUTONOMOS' }] },
      reason: 'x',
      expectedVersion: 0,
    });
    expect(misspelt.errors?.[0]).toMatchObject({
      message: expect.stringMatching(/input\.policy\.rules\[0\]\.tier.+Did you mean the enum value "AUTONOMOUS"/s),
      extensions: { code: 'VALIDATION_FAILED' },
    });
  });

  test('it decides about the next proposal, and the answer and the record name the gate', async () => {
    const set = await calls.set({
      gates: { hours: { timeZone: 'UTC', from: '12:00', to: '12:30', days: ['WEDNESDAY'] } },
      rules: [
        { actionType: 'send_chat_message', tier: 'HARD_STOP' },
        {
          actionType: 'send_routine_response',
          tier: 'APPROVAL_REQUIRED',
          quorum: 2,
          requiredRole: 'MANAGER',
          expiryHours: 2,
        },
        { actionType: 'send_gift', tier: 'AUTONOMOUS', connector: 'WEBHOOK' },
      ],
    });
    expect(await calls.propose('send_chat_message')).toMatchObject({
      decision: { reason: 'POLICY_HARD_STOP', tier: 'HARD_STOP' },
      approval: null,
      action: { status: 'BLOCKED', policyVersion: set.version },
    });
    const routine = await calls.propose('send_routine_response');
    expect(routine).toMatchObject({
      decision: { reason: 'POLICY_TIER' },
      approval: { quorum: 2, requiredRole: 'MANAGER', fallbackRole: 'MANAGER' },
    });
    expect(Date.parse(routine.approval.expiresAt) - Date.parse(routine.approval.requestedAt)).toBe(2 * 3_600_000);
    const gift = await calls.propose('send_gift');
    expect(gift).toMatchObject({
      decision: { allowed: true, tier: 'AUTONOMOUS' },
      action: { status: 'ALLOWED', connector: 'WEBHOOK' },
    });
    expect(gift.action.guardrail.explanation).toBe(gift.decision.explanation);
    const before = now;
    now = new Date('2026-03-04T12:30:00Z');
    const late = await calls.propose('send_gift', {}, await server.token('agent', 'late'));
    now = before;
    expect(late).toMatchObject({ decision: { allowed: false, reason: 'POLICY_GATE' } });
    expect(late.action.guardrail.explanation).toContain('outside the policy’s hours, 12:00 to 12:30 in UTC on Wed');
  });
});
