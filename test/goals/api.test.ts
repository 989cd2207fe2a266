import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ROLES, type Role } from '../../src/kernel/actor.js';
import { newId } from '../../src/kernel/ids.js';
import { DATABASES } from '../support/database.js';
import { END, GOAL, type GoalServer, START, startGoalServer } from './goal-server.js';

const ONE = `query ($id: ID!) { goal(id: $id) { ${GOAL} } }`;
const TRAIL = 'query ($id: ID!) { auditTrail(subjectId: $id) { edges { node { type data actor at } } } }';
const COUNTS = '{ goals { totalCount } events { totalCount } }';

describe.each(DATABASES)('goals on %s', (kind) => {
  let server: GoalServer;
  let agent: string;
  let manager: string;
  let clones: { id: string }[];
  beforeAll(async () => {
    server = await startGoalServer(kind);
    [agent, manager] = await Promise.all([server.tokenOf('agent'), server.tokenOf('manager')]);
    clones = (await server.data(manager, '{ clones { id } }')).clones;
  });
  afterAll(() => server.close());
  beforeEach(() => server.setDay(0));

  const trail = async (id: string) =>
    // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of many shapes
    (await server.data(manager, TRAIL, { id })).auditTrail.edges.map(({ node }: any) => node);
  const codeOf = async (reply: ReturnType<GoalServer['request']>) => (await reply).errors?.[0].extensions.code;
  /** What was refused, by path; fails unless nothing at all was changed. */
  const issuesOf = async (send: () => ReturnType<GoalServer['request']>) => {
    const before = await server.data(manager, COUNTS);
    const { data, errors } = await send();
    expect(data ?? null).toBeNull();
    expect(errors?.[0].extensions.code).toBe('VALIDATION_FAILED');
    expect(await server.data(manager, COUNTS)).toEqual(before);
    return errors?.[0].extensions.issues.map(({ path }: { path: string[] }) => path.join('.'));
  };

  test('a goal is set, moves, and is reached', async () => {
    const goal = await server.given(manager, { title: '  Spring  ', cloneId: clones[0]?.id, current: 10.25 });
    expect(goal).toEqual({
      id: goal.id,
      type: 'REVENUE',
      title: 'Spring',
      target: 100,
      current: 10.25,
      status: 'ACTIVE',
      periodStart: START,
      periodEnd: END,
      cloneId: clones[0]?.id,
      createdBy: 'manager-one',
      createdAt: START,
      updatedAt: START,
      cancelledBy: null,
      cancelReason: null,
    });
    expect((await server.data(agent, ONE, { id: goal.id })).goal).toEqual(goal);
    server.setDay(1);
    const moved = await server.update(agent, { goalId: goal.id, current: 99.5 });
    expect(moved.data.updateGoalProgress).toEqual({ ...goal, current: 99.5, updatedAt: '2026-03-02T00:00:00.000Z' });
    const reached = await server.update(agent, { goalId: goal.id, current: 100 });
    expect(reached.data.updateGoalProgress).toMatchObject({ current: 100, status: 'COMPLETED' });
    const corrected = await server.update(agent, { goalId: goal.id, current: 0 });
    expect(corrected.data.updateGoalProgress).toMatchObject({ current: 0, status: 'ACTIVE' });
    expect((await server.data(agent, ONE, { id: goal.id })).goal).toEqual(corrected.data.updateGoalProgress);
  });

  test('every change leaves what it was and what it became in the log', async () => {
    const { id } = await server.given(manager, { target: 50 });
    server.setDay(2);
    await server.update(agent, { goalId: id, current: 20 });
    await server.cancel(manager, { goalId: id, reason: 'The product was withdrawn' });
    const about = { goalType: 'revenue', cloneId: null, target: 50 };
    expect(await trail(id)).toEqual([
      {
        type: 'GOAL_CREATED',
        data: { ...about, title: 'Revenue won', current: 0, status: 'active', periodStart: START, periodEnd: END },
        actor: 'manager-one',
        at: START,
      },
      {
        type: 'GOAL_PROGRESSED',
        data: {
          ...about,
          measured: false,
          from: { current: 0, status: 'active' },
          to: { current: 20, status: 'active' },
        },
        actor: 'agent-one',
        at: '2026-03-03T00:00:00.000Z',
      },
      {
        type: 'GOAL_CANCELLED',
        data: {
          ...about,
          reason: 'The product was withdrawn',
          from: { current: 20, status: 'active' },
          to: { current: 20, status: 'cancelled' },
        },
        actor: 'manager-one',
        at: '2026-03-03T00:00:00.000Z',
      },
    ]);
  });

  test('an update that changes nothing writes nothing', async () => {
    const goal = await server.given(manager, { current: 7 });
    server.setDay(1);
    const same = await server.update(agent, { goalId: goal.id, current: 7 });
    expect(same.data.updateGoalProgress).toEqual(goal);
    expect(await trail(goal.id)).toHaveLength(1);
    server.setDay(10);
    const missed = await server.update(agent, { goalId: goal.id, current: 7 });
    expect(missed.data.updateGoalProgress).toMatchObject({ status: 'MISSED', updatedAt: END });
    expect((await trail(goal.id)).at(-1).data).toMatchObject({ from: { status: 'active' }, to: { status: 'missed' } });
  });

  test('an active goal whose period ends is missed at that instant, and may still be reached', async () => {
    const { id } = await server.given(manager, { current: 99 });
    const status = async () => (await server.data(agent, ONE, { id })).goal.status;
    server.setDay(9.999);
    expect(await status()).toBe('ACTIVE');
    server.setDay(10);
    expect(await status()).toBe('MISSED');
    expect(await trail(id)).toHaveLength(1);
    await server.update(agent, { goalId: id, current: 100 });
    expect(await status()).toBe('COMPLETED');
  });

  test('of many updates at once none is lost: each starts from what the one before it made', async () => {
    const { id } = await server.given(manager, { target: 1000 });
    const values = Array.from({ length: 12 }, (_, index) => index + 1);
    const replies = await Promise.all(values.map((current) => server.update(agent, { goalId: id, current })));
    expect(replies.flatMap(({ errors }) => errors ?? [])).toEqual([]);
    const steps = (await trail(id)).slice(1).map(({ data }: { data: { from: object; to: object } }) => data);
    expect(steps).toHaveLength(12);
    let last: object = { current: 0, status: 'active' };
    for (const { from, to } of steps) {
      expect(from).toEqual(last);
      last = to;
    }
    expect({ current: (await server.data(agent, ONE, { id })).goal.current, status: 'active' }).toEqual(last);
  });

  test('of an update and a cancellation at once, the update is in the log before the end or refused', async () => {
    const { id } = await server.given(manager);
    const [update, cancel] = await Promise.all([
      server.update(agent, { goalId: id, current: 5 }),
      server.cancel(manager, { goalId: id, reason: 'Enough' }),
    ]);
    expect(cancel.errors).toBeUndefined();
    const types = (await trail(id)).map(({ type }: { type: string }) => type);
    if (update.errors) expect(update.errors[0].extensions).toMatchObject({ code: 'CONFLICT', status: 'CANCELLED' });
    expect(types).toEqual(['GOAL_CREATED', ...(update.errors ? [] : ['GOAL_PROGRESSED']), 'GOAL_CANCELLED']);
  });

  test('a cancelled goal stays as it is: the conflict says who and when', async () => {
    const { id } = await server.given(manager, { current: 40 });
    const { data } = await server.cancel(manager, { goalId: id, reason: ' Changed plans ' });
    expect(data.cancelGoal).toMatchObject({
      status: 'CANCELLED',
      current: 40,
      cancelledBy: 'manager-one',
      cancelReason: 'Changed plans',
    });
    server.setDay(30);
    const conflict = {
      code: 'CONFLICT',
      goalId: id,
      status: 'CANCELLED',
      cancelledBy: 'manager-one',
      updatedAt: START,
    };
    const again = await server.cancel(manager, { goalId: id, reason: 'Again' });
    expect(again.errors?.[0].extensions).toMatchObject(conflict);
    for (const input of [{ goalId: id, current: 100 }, { goalId: id }]) {
      expect((await server.update(agent, input)).errors?.[0].extensions).toMatchObject(conflict);
    }
    expect((await server.data(agent, ONE, { id })).goal).toEqual(data.cancelGoal);
    expect(await trail(id)).toHaveLength(2);
  });

  test.each([
    ['COMPLETED', 100, 5],
    ['MISSED', 20, 10],
  ] as const)('a %s goal cannot be cancelled', async (status, current, day) => {
    const { id } = await server.given(manager, { current });
    server.setDay(day);
    const reply = await server.cancel(manager, { goalId: id, reason: 'Out of sight' });
    expect(reply.errors?.[0].extensions).toMatchObject({ code: 'CONFLICT', status, cancelledBy: null });
    expect(await trail(id)).toHaveLength(1);
  });

  test('wrong input is named, all of it, and changes nothing', async () => {
    const create = (input: object) => issuesOf(() => server.create(manager, input));
    expect(await create({ target: 0 })).toEqual(['input.target']);
    expect(await create({ target: -5, current: -1, periodEnd: START })).toEqual([
      'input.target',
      'input.current',
      'input.periodEnd',
    ]);
    expect(await create({ target: 1e12 + 1 })).toEqual(['input.target']);
    expect(await create({ current: 1e300 })).toEqual(['input.current']);
    expect(await create({ target: 'many' })).toEqual(['input.target']);
    expect(await create({ periodStart: END, periodEnd: START })).toEqual(['input.periodEnd']);
    expect(await create({ periodEnd: '2040-01-01T00:00:00Z' })).toEqual(['input.periodEnd']);
    expect(await create({ periodStart: '0000-01-01T00:00:00Z' })).toEqual(['input.periodStart']);
    expect(await create({ periodEnd: 'whenever' })).toEqual(['input.periodEnd']);
    expect(await create({ title: 'x'.repeat(201) })).toEqual(['input.title']);
    expect(await create({ title: ' ' })).toEqual(['input.title']);
    expect(await create({ title: 'nul \u0000' })).toEqual(['input.title']);
    expect(await create({ type: 'FAME' })).toEqual(['input.type']);
    expect(await create({ cloneId: 'clara' })).toEqual(['input.cloneId']);
    expect(await create({ cloneId: newId(new Date(START)) })).toEqual(['input.cloneId']);
    const { id } = await server.given(manager, { title: 'x'.repeat(200) });
    const update = (input: object) => issuesOf(() => server.update(agent, input));
    expect(await update({ goalId: id, current: -0.01 })).toEqual(['input.current']);
    expect(await update({ goalId: id, current: 1e12 + 1 })).toEqual(['input.current']);
    expect(await update({ goalId: 'spring' })).toEqual(['input.goalId']);
    const cancel = (reason: string) => issuesOf(() => server.cancel(manager, { goalId: id, reason }));
    expect(await cancel(' ')).toEqual(['input.reason']);
    expect(await cancel('x'.repeat(2_001))).toEqual(['input.reason']);
  });

  test("another tenant's goal or clone is answered like one that does not exist", async () => {
    const { id } = await server.given(manager);
    const foreign = await server.tokenOf('admin', 'eve', 'other');
    for (const [token, goalId] of [
      [foreign, id],
      [manager, newId(new Date(START))],
    ] as const) {
      expect(await codeOf(server.request(token, ONE, { id: goalId }))).toBe('NOT_FOUND');
      expect(await codeOf(server.update(token, { goalId, current: 1 }))).toBe('NOT_FOUND');
      expect(await codeOf(server.update(token, { goalId }))).toBe('NOT_FOUND');
      expect(await codeOf(server.cancel(token, { goalId, reason: 'Mine' }))).toBe('NOT_FOUND');
    }
    expect(await codeOf(server.request(manager, ONE, { id: 'spring' }))).toBe('NOT_FOUND');
    const reply = await server.create(foreign, { cloneId: clones[0]?.id });
    expect(reply.errors?.[0].extensions).toMatchObject({
      code: 'VALIDATION_FAILED',
      issues: [{ path: ['input', 'cloneId'] }],
    });
    expect((await server.data(foreign, '{ goals { totalCount } }')).goals.totalCount).toBe(0);
    expect(await trail(id)).toHaveLength(1);
  });

  test('each operation has its roles', async () => {
    const { id: goalId } = await server.given(manager);
    const allowed: [readonly Role[], (token: string) => ReturnType<GoalServer['request']>][] = [
      [['manager', 'admin'], (token) => server.create(token)],
      [['agent', 'manager', 'admin'], (token) => server.update(token, { goalId, current: 3 })],
      [ROLES, (token) => server.request(token, ONE, { id: goalId })],
      [ROLES, (token) => server.request(token, '{ goals { totalCount } goalStatuses { onTrack } }')],
    ];
    for (const [roles, send] of allowed) {
      for (const role of ROLES) {
        const code = await codeOf(send(await server.tokenOf(role)));
        expect([role, code]).toEqual([role, roles.includes(role) ? undefined : 'FORBIDDEN']);
      }
      expect(await codeOf(server.request(undefined, ONE, { id: goalId }))).toBe('UNAUTHENTICATED');
    }
    for (const role of ['agent', 'approver'] as const) {
      expect(await codeOf(server.cancel(await server.tokenOf(role), { goalId, reason: 'No' }))).toBe('FORBIDDEN');
    }
    expect(await codeOf(server.cancel(await server.tokenOf('admin'), { goalId, reason: 'Yes' }))).toBeUndefined();
  });
});
