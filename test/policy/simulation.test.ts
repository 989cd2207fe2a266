import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/platform/db/database.js';
import { DATABASES, openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { EMPTY, everythingCounted, policyCalls } from './policy-server.js';

const FIGURES =
  'proposals changed approvalsBefore approvalsAfter hardStopsBefore hardStopsAfter aloneBefore aloneAfter';
const DECISION = 'outcome reason explanation quorum requiredRole fallbackRole expiryHours connector';
const SIMULATE = `query ($input: SimulatePolicyInput!, $first: Int, $after: String, $last: Int, $before: String) {
  simulatePolicy(input: $input) {
    currentVersion days approvalsPerDayAdded totals { ${FIGURES} }
      byActionType { actionType figures { ${FIGURES} } } byDay { day figures { ${FIGURES} } }
    changes(first: $first, after: $after, last: $last, before: $before) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      edges { cursor node { actionId actionType accountId cloneId proposedAt before { ${DECISION} } after { ${DECISION} } } } } } }`;
const HOUR = 3_600_000;
const START = Date.parse('2026-03-04T00:00:00Z');

describe.each(DATABASES)('trying a draft of a policy on %s', (kind) => {
  let database: Database;
  let server: TestServer;
  let calls: ReturnType<typeof policyCalls>;
  let manager: string;
  let now = new Date(START);
  const ids: string[] = [];
  const range = { from: new Date(START).toISOString(), to: new Date(START + 48 * HOUR).toISOString() };

  beforeAll(async () => {
    database = await openTestDatabase(kind);
    server = await startTestServer({
      database,
      sweeps: 'by hand',
      clock: { now: () => now },
      config: { approvalHours: 24 },
    });
    const until = new Date(START + 1_000 * HOUR);
    const issue = (role: 'admin' | 'agent' | 'manager') =>
      server.app.tokens.issue({ tenant: 'demo', user: `${role}-one`, roles: [role], expiresAt: until });
    manager = await issue('manager');
    calls = policyCalls(server, await issue('admin'), await issue('agent'));
    // An hour apart: on the first day 12 notes, on the second 4 notes, 3 proposals and a discount.
    const types = [
      ...Array(12).fill('log_interaction'),
      ...Array(4).fill('log_interaction'),
      ...Array(3).fill('send_proposal'),
      'approve_discount',
    ];
    for (const [index, type] of types.entries()) {
      now = new Date(START + (index < 12 ? index : index + 12) * HOUR);
      ids.push((await calls.propose(type)).action.id);
    }
    now = new Date(START + 60 * HOUR);
  });
  afterAll(async () => {
    await server.close();
    await database.close();
  });

  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
  const apart = ({ changes, ...simulation }: any) => ({ simulation, changes });
  const simulate = async (policy: object, more: object = {}) =>
    apart(
      (
        await server.data(manager, SIMULATE, {
          input: { policy: { ...EMPTY, ...policy }, ...range },
          first: 100,
          ...more,
        })
      ).simulatePolicy,
    );
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
  const changedOf = ({ changes }: any) => changes.edges.map(({ node }: any) => node);

  test('a draft that says nothing changes nothing', async () => {
    const { simulation, changes } = await simulate({});
    expect(simulation).toMatchObject({
      currentVersion: 0,
      days: 2,
      approvalsPerDayAdded: 0,
      totals: { proposals: 20, changed: 0, approvalsBefore: 3, approvalsAfter: 3, hardStopsBefore: 1, aloneBefore: 16 },
    });
    expect(changes).toMatchObject({ totalCount: 0, edges: [] });
  });

  test('tells every decision that changes, how, and what that means for a day and a type', async () => {
    const draft = {
      rules: [
        { actionType: 'log_interaction', tier: 'APPROVAL_REQUIRED' },
        { actionType: 'send_proposal', tier: 'HARD_STOP' },
      ],
    };
    const result = await simulate(draft);
    expect(result.simulation).toMatchObject({
      approvalsPerDayAdded: (16 - 3) / 2,
      totals: { proposals: 20, changed: 19, approvalsAfter: 16, hardStopsAfter: 4, aloneAfter: 0 },
    });
    expect(
      result.simulation.byActionType.map(
        ({ actionType, figures }: { actionType: string; figures: { changed: number } }) => [
          actionType,
          figures.changed,
        ],
      ),
    ).toEqual([
      ['log_interaction', 16],
      ['send_proposal', 3],
      ['approve_discount', 0],
    ]);
    expect(
      result.simulation.byDay.map(({ day, figures }: { day: string; figures: { approvalsAfter: number } }) => [
        day,
        figures.approvalsAfter,
      ]),
    ).toEqual([
      ['2026-03-04', 12],
      ['2026-03-05', 4],
    ]);
    const changed = changedOf(result);
    expect(changed.map(({ actionId }: { actionId: string }) => actionId)).toEqual(ids.slice(0, 19));
    expect(changed[0]).toMatchObject({
      before: { outcome: 'RUNS_ALONE', reason: 'AUTONOMOUS' },
      after: { outcome: 'WAITS_FOR_PERSON', reason: 'POLICY_TIER', quorum: 1, expiryHours: 24, connector: 'AGENT' },
    });
    expect(changed[18]).toMatchObject({ before: { reason: 'APPROVAL_REQUIRED' }, after: { outcome: 'NEVER_RUNS' } });
  });

  test('who has to decide, and how long, is a change too', async () => {
    const changed = changedOf(await simulate({ rules: [{ actionType: 'send_proposal', quorum: 2, expiryHours: 2 }] }));
    expect(changed).toHaveLength(3);
    expect(changed[0]).toMatchObject({ before: { quorum: 1, expiryHours: 24 }, after: { quorum: 2, expiryHours: 2 } });
  });

  test('budgets are counted in the order of proposal, from the start of their period on, also before the range', async () => {
    const budgets = [{ name: 'a day', scope: 'TENANT', period: 'DAY', limit: 10 }];
    const whole = await simulate({ budgets });
    expect(changedOf(whole).map(({ actionId }: { actionId: string }) => actionId)).toEqual(ids.slice(10, 12));
    expect(changedOf(whole)[0].after).toMatchObject({ outcome: 'WAITS_FOR_PERSON', reason: 'OVER_BUDGET' });
    // The range begins when nine places of the day are taken already.
    const from = new Date(START + 9 * HOUR).toISOString();
    const input = { policy: { ...EMPTY, budgets }, from, to: range.to };
    const late = apart((await server.data(manager, SIMULATE, { input, first: 100 })).simulatePolicy);
    expect(late.simulation.totals).toMatchObject({ proposals: 11, changed: 2 });
  });

  test('gates go by the time of the proposal', async () => {
    const hours = { timeZone: 'UTC', from: '00:00', to: '06:00', days: ['WEDNESDAY'] };
    expect(
      changedOf(await simulate({ gates: { hours } })).map(({ actionId }: { actionId: string }) => actionId),
    ).toEqual(ids.slice(6, 16));
  });

  test('the pages together are exactly the whole, forwards and backwards, with the same figures on each', async () => {
    const draft = { rules: [{ actionType: 'log_interaction', tier: 'HARD_STOP' }] };
    const whole = await simulate(draft);
    const expected = ids.slice(0, 16);
    for (const way of ['after', 'before'] as const) {
      const size = way === 'after' ? { first: 5 } : { first: undefined, last: 5 };
      const seen: string[] = [];
      for (let cursor: string | undefined, more = true; more; ) {
        const page = await simulate(draft, { ...size, [way]: cursor });
        expect(page.simulation).toEqual(whole.simulation);
        const found = changedOf(page).map(({ actionId }: { actionId: string }) => actionId);
        if (way === 'after') seen.push(...found);
        else seen.unshift(...found);
        more = way === 'after' ? page.changes.pageInfo.hasNextPage : page.changes.pageInfo.hasPreviousPage;
        cursor = way === 'after' ? page.changes.pageInfo.endCursor : page.changes.pageInfo.startCursor;
      }
      expect(seen).toEqual(expected);
    }
  });

  test('it writes nothing, and gives the same answer every time, also while new proposals come in', async () => {
    const draft = {
      gates: { dealValueAbove: 0 },
      budgets: [{ name: 'x', scope: 'ACCOUNT', period: 'WEEK', limit: 3 }],
    };
    const first = await simulate(draft);
    const before = await everythingCounted(database);
    expect(await simulate(draft)).toEqual(first);
    expect(await everythingCounted(database)).toEqual(before);
    const [again] = await Promise.all([
      simulate(draft),
      ...Array.from({ length: 20 }, () => calls.propose('log_interaction')),
    ]);
    expect(again).toEqual(first);
    expect(await simulate(draft)).toEqual(first);
  });

  test('it compares with the policy in force', async () => {
    const strict = { rules: [{ actionType: 'log_interaction', tier: 'APPROVAL_REQUIRED' }] };
    await calls.set(strict);
    expect((await simulate(strict)).simulation).toMatchObject({ currentVersion: 1, totals: { changed: 0 } });
    expect((await simulate({})).simulation).toMatchObject({
      approvalsPerDayAdded: -8,
      totals: { approvalsBefore: 19, approvalsAfter: 3, changed: 16 },
    });
    await calls.set({});
  });

  test.each([
    ['that is empty', range.to, range.to, 'expected an instant after'],
    ['of a hundred days', '2025-11-24T00:00:00Z', range.from, 'expected at most 92 days; got 100.0'],
  ])('a range %s is refused', async (_what, from, to, message) => {
    const { errors } = await server.request(manager, SIMULATE, { input: { policy: EMPTY, from, to } });
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining(message),
      extensions: { code: 'VALIDATION_FAILED' },
    });
  });

  test('a draft that could not be put in force is refused here too', async () => {
    const policy = { ...EMPTY, rules: [{ actionType: 'commit_pricing', tier: 'AUTONOMOUS' }] };
    const { errors } = await server.request(manager, SIMULATE, { input: { policy, ...range } });
    expect(errors?.[0].extensions.issues[0].path).toEqual(['input', 'policy', 'rules', 0, 'tier']);
  });
});
