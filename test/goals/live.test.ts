import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROLES } from '../../src/kernel/actor.js';
import { DATABASES } from '../support/database.js';
import type { LiveReplies } from '../support/server.js';
import { type GoalServer, startGoalServer } from './goal-server.js';

const LIVE = `subscription ($after: String) { goalChanged(after: $after) {
  cursor at actor goal { id title current status } } }`;

describe.each(DATABASES)('goals live on %s', (kind) => {
  let server: GoalServer;
  let agent: string;
  let manager: string;
  beforeAll(async () => {
    server = await startGoalServer(kind);
    [agent, manager] = await Promise.all([server.tokenOf('agent'), server.tokenOf('manager')]);
  });
  afterAll(() => server.close());

  const endOfLog = async (): Promise<string | null> =>
    (await server.data(manager, '{ events(last: 1) { pageInfo { endCursor } } }')).events.pageInfo.endCursor;
  const next = async (live: LiveReplies) => {
    const { data, errors } = await live.next();
    expect(errors).toBeUndefined();
    return data.goalChanged;
  };

  test('each change reaches a subscriber on another connection, with who made it', async () => {
    await server.given(manager, { title: 'before' });
    const live = server.subscribe(agent, LIVE, { after: await endOfLog() });
    const goal = await server.given(manager, { title: 'watched' });
    expect(await next(live)).toMatchObject({ actor: 'manager-one', goal: { id: goal.id, title: 'watched' } });
    server.setDay(1);
    await server.update(agent, { goalId: goal.id, current: 100 });
    expect(await next(live)).toEqual({
      cursor: expect.any(String),
      at: '2026-03-02T00:00:00.000Z',
      actor: 'agent-one',
      goal: { id: goal.id, title: 'watched', current: 100, status: 'COMPLETED' },
    });
    await live.close();
  });

  test('`after` gives exactly what was missed, in order, then goes on live', async () => {
    const live = server.subscribe(agent, LIVE, { after: await endOfLog() });
    const { id } = await server.given(manager, { title: 'resumed', target: 1000 });
    const { cursor } = await next(live);
    await live.close();
    const actors: string[] = [];
    for (const user of ['una', 'dan', 'tea', 'kit']) {
      await server.update(await server.tokenOf('agent', user), { goalId: id, current: 10 + actors.length });
      actors.push(user);
    }
    // Other changes, between which the goal's are found.
    await server.request(
      agent,
      `mutation { proposeAction(input: { actionType: "create_briefing", payload: {}, idempotencyKey: "live" }) { replayed } }`,
    );
    const resumed = server.subscribe(agent, LIVE, { after: cursor });
    const missed = [];
    for (const _ of actors) missed.push(await next(resumed));
    expect(missed.map(({ actor }) => actor)).toEqual(actors);
    expect(new Set(missed.map((event) => event.cursor)).size).toBe(4);
    await server.cancel(manager, { goalId: id, reason: 'Seen enough' });
    expect(await next(resumed)).toMatchObject({ actor: 'manager-one', goal: { id, status: 'CANCELLED' } });
    await resumed.close();
    const again = server.subscribe(agent, LIVE, { after: missed[2].cursor });
    expect((await next(again)).cursor).toBe(missed[3].cursor);
    await again.close();
  });

  test('another tenant is told of its own goals only', async () => {
    const foreign = await server.tokenOf('manager', 'eve', 'other');
    const theirs = server.subscribe(foreign, LIVE, { after: await endOfLog() });
    await server.given(manager, { title: 'not for others' });
    await server.given(foreign, { title: 'theirs' });
    expect((await next(theirs)).goal.title).toBe('theirs');
    await theirs.close();
  });

  test('every role may follow, nobody without a token, and a cursor must be one', async () => {
    const after = await endOfLog();
    const { id } = await server.given(manager);
    for (const role of ROLES) {
      const live = server.subscribe(await server.tokenOf(role), LIVE, { after });
      expect((await next(live)).goal.id).toBe(id);
      await live.close();
    }
    const refusal = async (token: string | undefined, variables: object) => {
      const live = server.subscribe(token, LIVE, variables);
      const reply = await live.next().catch((errors: unknown) => ({ errors }));
      await live.close();
      return reply.errors[0].extensions.code;
    };
    expect(await refusal(undefined, { after })).toBe('UNAUTHENTICATED');
    expect(await refusal(agent, { after: 'yesterday' })).toBe('CURSOR_INVALID');
  });
});
