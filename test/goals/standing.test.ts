import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../src/kernel/ids.js';
import { DATABASES } from '../support/database.js';
import { END, type GoalServer, START, startGoalServer } from './goal-server.js';

const LIST = `query ($status: [GoalStatus!], $type: GoalType, $cloneId: ID, $first: Int, $after: String) {
  goals(status: $status, type: $type, cloneId: $cloneId, first: $first, after: $after) {
    totalCount edges { node { title status } } pageInfo { hasNextPage endCursor } } }`;
const STATUSES = `query ($cloneId: ID) { goalStatuses(cloneId: $cloneId) {
  goal { title status } status progressPercent expectedPercent onTrack daysRemaining suggestions } }`;

describe.each(DATABASES)('how goals stand, on %s', (kind) => {
  let server: GoalServer;
  let manager: string;
  let clones: { id: string }[];
  beforeAll(async () => {
    server = await startGoalServer(kind);
    manager = await server.tokenOf('manager');
    clones = (await server.data(manager, '{ clones { id } }')).clones;
    const set = async (day: number, input: object) => {
      server.setDay(day);
      return server.given(manager, input);
    };
    await set(0, { title: 'behind', type: 'ACTIVITY', current: 10 });
    await set(0.1, { title: 'reached', type: 'PIPELINE', current: 250 });
    await set(0.2, { title: 'of a clone', cloneId: clones[0]?.id, current: 50, periodEnd: '2026-03-06T00:00:00Z' });
    await set(0.3, { title: 'to come', periodStart: '2026-03-20T00:00:00Z', periodEnd: '2026-04-20T00:00:00Z' });
    const dropped = await set(0.4, { title: 'dropped', type: 'QUALITY' });
    await server.cancel(manager, { goalId: dropped.id, reason: 'Not now' });
    await set(0.5, { title: 'long over', periodStart: '2025-01-01T00:00:00Z', periodEnd: '2025-02-01T00:00:00Z' });
  });
  afterAll(() => server.close());
  beforeEach(() => server.setDay(4.5));

  const titles = async (variables: object) => {
    const { goals } = await server.data(manager, LIST, variables);
    const found = goals.edges.map(({ node }: { node: { title: string } }) => node.title);
    expect(goals.totalCount).toBe(found.length);
    const asked: readonly string[] | undefined = 'status' in variables ? (variables.status as string[]) : undefined;
    if (asked?.length === 1) {
      for (const { node } of goals.edges) expect(node.status).toBe(asked[0]);
    }
    return found;
  };
  const standings = async (variables = {}) => (await server.data(manager, STATUSES, variables)).goalStatuses;

  test('goals are listed newest first, each with the status it has now', async () => {
    const { goals } = await server.data(manager, LIST);
    expect(goals.edges.map(({ node }: { node: object }) => node)).toEqual([
      { title: 'long over', status: 'MISSED' },
      { title: 'dropped', status: 'CANCELLED' },
      { title: 'to come', status: 'ACTIVE' },
      { title: 'of a clone', status: 'ACTIVE' },
      { title: 'reached', status: 'COMPLETED' },
      { title: 'behind', status: 'ACTIVE' },
    ]);
  });

  test('goals are found by status, type and clone', async () => {
    expect(await titles({ status: ['ACTIVE'] })).toEqual(['to come', 'of a clone', 'behind']);
    expect(await titles({ status: ['MISSED', 'CANCELLED'] })).toEqual(['long over', 'dropped']);
    expect(await titles({ status: ['COMPLETED'] })).toEqual(['reached']);
    expect(await titles({ status: [] })).toHaveLength(6);
    expect(await titles({ type: 'REVENUE', status: ['ACTIVE'] })).toEqual(['to come', 'of a clone']);
    expect(await titles({ cloneId: clones[0]?.id })).toEqual(['of a clone']);
    expect(await titles({ cloneId: clones[1]?.id })).toEqual([]);
  });

  test('a status filter goes by the time of asking', async () => {
    server.setDay(5);
    expect(await titles({ status: ['ACTIVE'] })).toEqual(['to come', 'behind']);
    expect(await titles({ status: ['MISSED'] })).toEqual(['long over', 'of a clone']);
    server.setDay(10);
    expect(await titles({ status: ['ACTIVE'] })).toEqual(['to come']);
    expect(await titles({ status: ['MISSED'] })).toEqual(['long over', 'of a clone', 'behind']);
  });

  test('pages hold every goal once', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    for (let more = true; more; ) {
      const { goals } = await server.data(manager, LIST, { first: 4, after });
      seen.push(...goals.edges.map(({ node }: { node: { title: string } }) => node.title));
      ({ hasNextPage: more, endCursor: after } = goals.pageInfo);
    }
    expect(seen).toEqual(['long over', 'dropped', 'to come', 'of a clone', 'reached', 'behind']);
  });

  test('standings show pace, days and advice for what has not ended, the soonest first', async () => {
    const found = await standings();
    expect(found.map(({ goal }: { goal: { title: string } }) => goal.title)).toEqual([
      'of a clone',
      ...['behind', 'reached'],
      'to come',
    ]);
    const [ofClone, behind, reached, toCome] = found;
    expect(behind).toMatchObject({
      goal: { status: 'ACTIVE' },
      status: 'ACTIVE',
      progressPercent: 10,
      onTrack: false,
      daysRemaining: 6,
      suggestions: ['Set up follow-up meetings with engaged contacts.'],
    });
    expect(behind.expectedPercent).toBeCloseTo(45, 9);
    expect(ofClone).toMatchObject({ progressPercent: 50, onTrack: false, daysRemaining: 1 });
    expect(reached).toMatchObject({ status: 'COMPLETED', progressPercent: 100, onTrack: true, suggestions: [] });
    expect(toCome).toMatchObject({ progressPercent: 0, expectedPercent: 0, onTrack: true, suggestions: [] });
  });

  test('standings of a clone are of its own goals', async () => {
    const found = await standings({ cloneId: clones[0]?.id });
    expect(found.map(({ goal }: { goal: { title: string } }) => goal.title)).toEqual(['of a clone']);
    expect(await standings({ cloneId: clones[1]?.id })).toEqual([]);
  });

  test('a clone that is not of this tenant, or no id, is refused', async () => {
    for (const query of [LIST, STATUSES]) {
      for (const cloneId of [newId(new Date(START)), 'clara']) {
        const { errors } = await server.request(manager, query, { cloneId });
        expect(errors?.[0].extensions).toMatchObject({ code: 'VALIDATION_FAILED', issues: [{ path: ['cloneId'] }] });
      }
    }
  });

  test('page arguments and cursors that cannot be are refused', async () => {
    const codeOf = async (variables: object) =>
      (await server.request(manager, LIST, variables)).errors?.[0].extensions.code;
    expect(await codeOf({ first: 0 })).toBe('VALIDATION_FAILED');
    expect(await codeOf({ first: 101 })).toBe('VALIDATION_FAILED');
    expect(await codeOf({ after: 'nonsense' })).toBe('CURSOR_INVALID');
  });
});

describe.each(DATABASES)('measuring a goal on %s', (kind) => {
  let server: GoalServer;
  let agent: string;
  let manager: string;
  let clones: { id: string }[];
  beforeAll(async () => {
    server = await startGoalServer(kind);
    [agent, manager] = await Promise.all([server.tokenOf('agent'), server.tokenOf('manager')]);
    clones = (await server.data(manager, '{ clones { id } }')).clones;
    await server.database.asServer(async (sql) => {
      const deal = (
        cloneId: string | undefined,
        stage: string,
        value: number | null,
        opened: string,
        closed?: string,
      ) =>
        sql(
          `insert into deal (tenant_id, id, clone_id, name, stage, value, opened_at, closed_at, created_at, updated_at)
           select id, $1, $2, 'Deal', $3, $4, $5, $6, $7, $7 from tenant where slug = 'demo'`,
          [newId(new Date(START)), cloneId ?? null, stage, value, opened, closed ?? null, START],
        );
      await deal(clones[0]?.id, 'closed_won', 70.25, START, '2026-03-05T00:00:00Z');
      await deal(undefined, 'closed_won', 30, '2026-02-01T00:00:00Z', '2026-03-10T23:59:59Z');
      await deal(undefined, 'closed_won', 1000, START, END);
      await deal(undefined, 'qualification', 5, '2026-03-02T00:00:00Z');
      await deal(clones[1]?.id, 'discovery', null, '2026-03-02T00:00:00Z');
      for (const [status, occurredAt] of [
        ['completed', START],
        ['completed', '2026-03-10T00:00:00Z'],
        ['completed', END],
        ['scheduled', '2026-03-04T00:00:00Z'],
      ]) {
        await sql(
          `insert into interaction (tenant_id, id, channel, status, occurred_at, content, created_at, updated_at)
           select id, $1, 'meeting', $2, $3, '', $4, $4 from tenant where slug = 'demo'`,
          [newId(new Date(START)), status, occurredAt, START],
        );
      }
    });
  });
  afterAll(() => server.close());

  const measured = async (input: object) => {
    const { id } = await server.given(manager, input);
    return { id, reply: await server.update(agent, { goalId: id }) };
  };

  test.each([
    ['REVENUE', 100.25, 'COMPLETED'],
    ['PIPELINE', 1075.25, 'COMPLETED'],
    ['ACTIVITY', 2, 'ACTIVE'],
    ['QUALITY', 75, 'ACTIVE'],
  ])('of type %s gives %d', async (type, current, status) => {
    const { id, reply } = await measured({ type });
    expect(reply.data.updateGoalProgress).toMatchObject({ current, status });
    const { auditTrail } = await server.data(
      manager,
      `{ auditTrail(subjectId: "${id}", last: 1) { edges { node { type data } } } }`,
    );
    expect(auditTrail.edges[0].node).toMatchObject({
      type: status === 'COMPLETED' ? 'GOAL_COMPLETED' : 'GOAL_PROGRESSED',
      data: { measured: true, from: { current: 0 }, to: { current } },
    });
  });

  test('of a clone counts what is of that clone', async () => {
    const { reply } = await measured({ type: 'REVENUE', cloneId: clones[0]?.id });
    expect(reply.data.updateGoalProgress.current).toBe(70.25);
  });

  test('agrees with the metrics of its period', async () => {
    const { metrics } = await server.data(
      manager,
      `{ metrics(period: { start: "${START}", end: "${END}" }) {
        pipeline { identifiedValue } quality { qualificationCompletion } revenue { closedValue } } }`,
    );
    expect(metrics).toEqual({
      pipeline: { identifiedValue: 1075.25 },
      quality: { qualificationCompletion: 0.75 },
      revenue: { closedValue: 100.25 },
    });
  });

  test.each([
    ['PIPELINE', 1, 'none of the deals opened in its period has a value'],
    ['QUALITY', 0, 'no deal was opened in its period'],
  ])('of type %s is refused when the stored data does not say, and changes nothing', async (type, clone, reason) => {
    const period = type === 'QUALITY' ? { periodStart: '2026-04-01T00:00:00Z', periodEnd: '2026-05-01T00:00:00Z' } : {};
    const { id, reply } = await measured({ type, cloneId: clones[clone]?.id, current: 3, ...period });
    expect(reply.errors?.[0]).toMatchObject({
      message: expect.stringContaining(reason),
      extensions: { code: 'VALIDATION_FAILED', issues: [{ path: ['input', 'current'] }] },
    });
    const { goal, auditTrail } = await server.data(
      manager,
      `{ goal(id: "${id}") { current } auditTrail(subjectId: "${id}") { totalCount } }`,
    );
    expect([goal.current, auditTrail.totalCount]).toEqual([3, 1]);
  });
});
