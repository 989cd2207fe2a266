import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPostgresDatabase } from '../support/database.js';
import { type CompiledServer, compileServer } from '../support/process.js';
import { ask, type Caller } from './agent.js';

const LEASE_SECONDS = 5;
const RUN_JOB = 'mutation { runJob(input: { name: GOAL_PROGRESS_UPDATE }) { started run { id } } }';
const RUNS = `{ jobRuns(job: GOAL_PROGRESS_UPDATE) { edges { node {
  id status trigger startedBy instance attempt counts { name count } } } } }`;
const CREATE = 'mutation ($input: CreateGoalInput!) { createGoal(input: $input) { id } }';

describe('jobs of real processes', () => {
  let compiled: CompiledServer;
  let database: string;
  let operator: pg.Client;
  beforeAll(async () => {
    compiled = compileServer();
    database = await createPostgresDatabase();
    operator = new pg.Client(database);
    await operator.connect();
  }, 120_000);
  afterAll(async () => {
    await compiled.remove();
    await operator.end();
  });

  const start = async () => {
    const process = compiled.start({
      DATABASE_URL: database,
      COUNTERSIGN_JWT_SECRET: 'shared by all instances, and long enough',
      COUNTERSIGN_JOB_LEASE_SECONDS: String(LEASE_SECONDS),
      // A run that waits for the operator's lock must not be ended by the database.
      COUNTERSIGN_DATABASE_TIMEOUT_SECONDS: '600',
      LOG_LEVEL: 'fatal',
    });
    const admin: Caller = { url: await process.ready, token: await process.token('admin') };
    return { process, admin };
  };
  const runs = async (caller: Caller) =>
    (await ask(caller, RUNS)).data.jobRuns.edges.map(({ node }: { node: object }) => node);

  test('SIGKILL in the middle of a run: another instance takes it over and finishes it, once', async () => {
    const [doomed, heir] = await Promise.all([start(), start()]);
    const input = {
      type: 'REVENUE',
      target: 10,
      periodStart: '2026-01-01T00:00:00Z',
      periodEnd: '2029-01-01T00:00:00Z',
    };
    const { id } = (await ask(doomed.admin, CREATE, { input })).data.createGoal;
    // Whoever looks at the goal waits here.
    await operator.query('begin');
    await operator.query(`select pg_advisory_xact_lock(hashtextextended('countersign.goal ' || $1, 0))`, [id]);
    const { started, run } = (await ask(doomed.admin, RUN_JOB)).data.runJob;
    expect(started).toBe(true);
    await expect
      .poll(async () => (await operator.query('select from pg_locks where not granted')).rowCount, { timeout: 20_000 })
      .toBe(1);
    expect((await ask(heir.admin, RUN_JOB)).data.runJob).toMatchObject({ started: false, run: { id: run.id } });
    await doomed.process.kill();
    await operator.query('rollback');

    await expect.poll(async () => (await runs(heir.admin))[0]?.status, { timeout: 40_000 }).toBe('COMPLETED');
    const [second, first, ...others] = await runs(heir.admin);
    expect(others).toEqual([]);
    expect(first).toMatchObject({ id: run.id, status: 'LOST', attempt: 1 });
    expect(second).toMatchObject({ attempt: 2, trigger: 'HAND', startedBy: 'adam' });
    expect(second.instance).not.toBe(first.instance);
    expect(second.counts).toContainEqual({ name: 'goals', count: 1 });
    // What the killed one was about to write is not there: one point from the start, one from the run that ended.
    const { rows } = await operator.query('select count(*)::int as points from goal_point where goal_id = $1', [id]);
    expect(rows).toEqual([{ points: 2 }]);
  }, 120_000);
});
