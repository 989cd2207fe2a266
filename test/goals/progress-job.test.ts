import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { newId } from '../../src/kernel/ids.js';
import { DATABASES } from '../support/database.js';
import type { LiveReplies } from '../support/server.js';
import { END, type GoalServer, START, startGoalServer } from './goal-server.js';

const DAY = 86_400_000;
const FORECAST = `status steps pacePerDay pacePerWeek expectedEnd low high confidence expectedMetAt neededPerDay neededPerWeek`;
const HISTORY = `query ($id: ID!) { goal(id: $id) { current source status
  history(first: 100) { totalCount edges { cursor node { id at current source } } } forecast { ${FORECAST} } } }`;
const RUN = `mutation { runJob(input: { name: GOAL_PROGRESS_UPDATE }) { run { id } } }`;
const RUNS = `{ jobRuns(job: GOAL_PROGRESS_UPDATE, first: 100) { edges { node {
  id status done total counts { name count } failed failures { subjectId message } } } } }`;

describe.each(DATABASES)('the job goal_progress_update on %s', (kind) => {
  let server: GoalServer;
  let manager: string;
  let agent: string;
  let clones: { id: string }[];
  beforeAll(async () => {
    server = await startGoalServer(kind);
    [manager, agent] = await Promise.all([server.tokenOf('manager'), server.tokenOf('agent')]);
    clones = (await server.data(manager, '{ clones { id } }')).clones;
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    await server.database.asServer(async (sql) => {
      for (const table of ['deal_stage_change', 'deal', 'goal_point', 'goal', 'job_run', 'job_schedule'])
        await sql(`delete from ${table}`);
    });
    server.setDay(0);
  });

  const win = (value: number, day: number, clone?: string) =>
    server.database.asServer((sql) =>
      sql(
        `insert into deal (tenant_id, id, clone_id, name, stage, value, opened_at, closed_at, created_at, updated_at)
         select id, $1, $2, 'Deal', 'closed_won', $3, $4, $4, $4, $4 from tenant where slug = 'demo'`,
        [newId(new Date(START)), clone ?? null, value, new Date(new Date(START).getTime() + day * DAY).toISOString()],
      ),
    );
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of many shapes
  const run = async (): Promise<any> => {
    const { runJob } = await server.data(manager, RUN);
    const look = async () => {
      const { jobRuns } = await server.data(agent, RUNS);
      // By its id: the clock stands still between runs, and their order with it.
      const { node } = jobRuns.edges.find((edge: { node: { id: string } }) => edge.node.id === runJob.run.id);
      expect(node.status).not.toBe('RUNNING');
      const counts = node.counts.map(({ name, count }: { name: string; count: number }) => [name, count]);
      return { ...node, counts: Object.fromEntries(counts) };
    };
    // Asking costs the server more than a goal does.
    return vi.waitFor(look, { timeout: 200_000, interval: 200 });
  };
  const look = async (id: string) => (await server.data(agent, HISTORY, { id })).goal;
  const currents = (goal: { history: { edges: { node: { current: number } }[] } }) =>
    goal.history.edges.map(({ node }) => node.current);

  test('measures each goal and writes down where it stands, changed or not', async () => {
    const { id } = await server.given(manager, { target: 1_000 });
    await win(100, 0.5);
    server.setDay(1);
    expect(await run()).toMatchObject({
      status: 'COMPLETED',
      done: 1,
      total: 1,
      failed: 0,
      counts: { goals: 1, changed: 1, completed: 0, missed: 0, not_measured: 0 },
    });
    server.setDay(2);
    expect(await run()).toMatchObject({ counts: { goals: 1, changed: 0 } });
    const goal = await look(id);
    expect(goal).toMatchObject({ current: 100, source: 'MEASURED', status: 'ACTIVE', history: { totalCount: 3 } });
    expect(currents(goal)).toEqual([0, 100, 100]);
    expect(goal.history.edges[2].node.at).toBe('2026-03-03T00:00:00.000Z');
  });

  test('leaves alone what somebody tells, until it is asked to measure again', async () => {
    const { id } = await server.given(manager, { target: 1_000, current: 40 });
    await win(100, 0.5);
    server.setDay(1);
    expect(await run()).toMatchObject({ counts: { goals: 1, changed: 0, not_measured: 1 } });
    expect(await look(id)).toMatchObject({ current: 40, source: 'TOLD' });
    await server.update(agent, { goalId: id });
    expect(await look(id)).toMatchObject({ current: 100, source: 'MEASURED' });
    await win(50, 1.5);
    server.setDay(2);
    await run();
    expect(await look(id)).toMatchObject({ current: 150 });
    await server.update(agent, { goalId: id, current: 7 });
    await run();
    expect(await look(id)).toMatchObject({ current: 7, source: 'TOLD' });
  });

  test('tells live what it brought about: progress, completion, the end of a period, each once', async () => {
    const [rising, done, late] = [
      await server.given(manager, { title: 'rising', target: 1_000 }),
      await server.given(manager, { title: 'done', target: 50 }),
      await server.given(manager, { title: 'late', target: 500, periodEnd: '2026-03-04T00:00:00Z' }),
    ];
    const { events } = await server.data(manager, '{ events(last: 1) { pageInfo { endCursor } } }');
    const live = server.subscribe(
      agent,
      'subscription ($after: String) { goalChanged(after: $after) { kind actor goal { id current status } } }',
      { after: events.pageInfo.endCursor },
    );
    const next = async (replies: LiveReplies) => (await replies.next()).data.goalChanged;
    await win(100, 0.5);
    server.setDay(3);
    expect(await run()).toMatchObject({ counts: { goals: 3, changed: 3, completed: 1, missed: 1 } });
    const told = [await next(live), await next(live), await next(live)];
    expect(new Map(told.map(({ goal, kind: what, actor }) => [goal.id, [what, actor, goal.status]]))).toEqual(
      new Map([
        [rising.id, ['PROGRESSED', 'system:goal_progress_update', 'ACTIVE']],
        [done.id, ['COMPLETED', 'system:goal_progress_update', 'COMPLETED']],
        [late.id, ['MISSED', 'system:goal_progress_update', 'MISSED']],
      ]),
    );
    // What is over is not looked at again; nothing is told twice.
    server.setDay(4);
    expect(await run()).toMatchObject({ counts: { goals: 2, changed: 0 } });
    await server.cancel(manager, { goalId: rising.id, reason: 'Enough' });
    expect(await next(live)).toMatchObject({ kind: 'CANCELLED' });
    await live.close();
  });

  test('of past days the last point is kept, of old weeks the last of the week; all of today', async () => {
    const { id } = await server.given(manager, { periodEnd: '2027-03-01T00:00:00Z' });
    for (const day of [0.25, 0.5, 1.25, 1.75, 100, 100.25, 101]) {
      server.setDay(day);
      await win(1, day - 0.1);
      await run();
    }
    const kept = (await look(id)).history.edges.map(({ node }: { node: { at: string } }) => node.at);
    // 2026-03-01 is a Sunday: it ends a week, which the next two days do not belong to.
    expect(kept).toEqual([
      '2026-03-01T12:00:00.000Z',
      '2026-03-02T18:00:00.000Z',
      '2026-06-09T06:00:00.000Z',
      '2026-06-10T00:00:00.000Z',
    ]);
  });

  test('says that it has not enough history instead of guessing, then forecasts', async () => {
    const { id } = await server.given(manager, { target: 100 });
    for (let day = 1; day <= 5; day++) {
      await win(10, day - 0.5);
      server.setDay(day);
      if (day === 5) {
        expect((await look(id)).forecast).toMatchObject({
          status: 'NOT_ENOUGH_HISTORY',
          steps: 4,
          expectedEnd: null,
          low: null,
          pacePerDay: null,
          neededPerDay: 12,
          neededPerWeek: 84,
        });
      }
      await run();
    }
    expect((await look(id)).forecast).toEqual({
      status: 'READY',
      steps: 5,
      pacePerDay: 10,
      pacePerWeek: 70,
      expectedEnd: 100,
      low: 100,
      high: 100,
      confidence: 0.8,
      expectedMetAt: END,
      neededPerDay: 10,
      neededPerWeek: 70,
    });
    server.setDay(10);
    expect((await look(id)).forecast).toMatchObject({ status: 'OVER', neededPerDay: null });
  });

  // Once with many, on the database that many goals are kept on.
  test.each(kind === 'postgres' ? [20, 2_000] : [20])(
    'of %d goals one that is poisoned fails by itself, is named, and stops nobody',
    async (goals) => {
      const poisoned = newId(new Date(START));
      await server.database.asServer((sql) =>
        sql(
          `insert into goal (tenant_id, id, clone_id, type, title, target, current, period_start, period_end, status,
           created_by, created_at, updated_at)
         select tenant.id, case when n = 10 then $1::uuid else gen_random_uuid() end,
           case when n = 10 then $2::uuid else $3::uuid end, 'revenue', 'Goal', 1e6, 0, $4, $5, 'active', 'mia', $4, $4
         from tenant cross join generate_series(1, $6::int) as n where slug = 'demo'`,
          [poisoned, clones[0]?.id, clones[1]?.id, START, END, goals],
        ),
      );
      // More than any goal may count.
      await win(5e12, 0.5, clones[0]?.id);
      await win(25, 0.5, clones[1]?.id);
      server.setDay(1);
      expect(await run()).toMatchObject({
        status: 'COMPLETED',
        done: goals,
        total: goals,
        counts: { goals, changed: goals - 1 },
        failed: 1,
        failures: [{ subjectId: poisoned, message: expect.stringContaining('5000000000000') }],
      });
      const [moved] = await server.database.asServer((sql) =>
        sql<{ count: number }>('select count(*)::int as count from goal where current = 25'),
      );
      expect(moved?.count).toBe(goals - 1);
    },
    240_000,
  );
});

describe.each(DATABASES)('what would close a gap, on %s', (kind) => {
  let server: GoalServer;
  let manager: string;
  beforeAll(async () => {
    server = await startGoalServer(kind);
    manager = await server.tokenOf('manager');
    server.setDay(5);
    const input = (more: object) => ({ input: { ...more } });
    const account = async (name: string) =>
      (
        await server.data(
          manager,
          'mutation ($input: UpsertAccountInput!) { upsertAccount(input: $input) { account { id } } }',
          input({ externalId: name, name }),
        )
      ).upsertAccount.account.id;
    const deal = (accountId: string, stage: string, value: number | null, openedAt: string) =>
      server.data(
        manager,
        'mutation ($input: UpsertDealInput!) { upsertDeal(input: $input) { deal { id } } }',
        input({ externalId: `${accountId} ${stage}`, accountId, name: 'Deal', stage, value, openedAt }),
      );
    const [late, early] = [await account('Late'), await account('Early')];
    const [fresh, stranger] = [await account('Fresh'), await account('Stranger')];
    await deal(late, 'NEGOTIATION', 40, '2026-02-01T00:00:00Z');
    await deal(late, 'CLOSED_LOST', 900, '2026-02-01T00:00:00Z');
    await deal(early, 'PROSPECTING', 30, '2026-03-02T00:00:00Z');
    await deal(stranger, 'CLOSED_WON', 1, '2026-01-02T00:00:00Z');
    for (const [accountId, direction, status] of [
      [late, 'OUTBOUND', 'COMPLETED'],
      [fresh, 'INBOUND', 'COMPLETED'],
      [early, 'INBOUND', 'SCHEDULED'],
    ])
      await server.data(
        manager,
        'mutation ($input: RecordInteractionInput!) { recordInteraction(input: $input) { interaction { id } } }',
        input({ accountId, channel: 'EMAIL', direction, status, occurredAt: '2026-03-05T00:00:00Z', content: 'Hi' }),
      );
    for (const type of ['REVENUE', 'PIPELINE', 'ACTIVITY', 'QUALITY'])
      await server.given(manager, { type, title: type, target: 80 });
    await server.given(manager, { title: 'ahead', target: 100, current: 90 });
  });
  afterAll(() => server.close());

  test('names accounts by the type of the goal, and none where a goal is on track', async () => {
    const { goalStatuses } = await server.data(
      manager,
      '{ goalStatuses { goal { title } accounts { accountName openValue stage silentDays expectedGain reason } } }',
    );
    const accounts = Object.fromEntries(
      goalStatuses.map(({ goal, accounts: found }: { goal: { title: string }; accounts: object[] }) => [
        goal.title,
        found,
      ]),
    );
    expect(accounts.REVENUE).toEqual([
      {
        accountName: 'Late',
        openValue: 40,
        stage: 'NEGOTIATION',
        silentDays: 1,
        expectedGain: 30,
        reason: '1 open deal worth 40, the furthest in negotiation; last contact 1 day ago; likely to bring 30.',
      },
      expect.objectContaining({ accountName: 'Early', expectedGain: 1.5, silentDays: null }),
    ]);
    const names = (title: string) => accounts[title].map(({ accountName }: { accountName: string }) => accountName);
    expect(names('PIPELINE')).toEqual(['Fresh', 'Stranger']);
    expect(names('ACTIVITY')).toEqual(['Fresh']);
    expect(names('QUALITY')).toEqual(['Early']);
    expect(names('ahead')).toEqual([]);
  });
});
