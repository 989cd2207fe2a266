import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATABASES } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { openBody } from './instances.js';

const RUN = `id job status trigger startedBy instance attempt startedAt finishedAt done total counts { name count }
  failed failures { subjectId message } error`;
const JOBS = `{ jobs { name intervalSeconds isAvailable nextDue running { ${RUN} } lastRun { ${RUN} }
 } }`;
const RUNS = `query ($job: JobName, $after: String) { jobRuns(job: $job, first: 2, after: $after) {
  totalCount edges { node { ${RUN} } } pageInfo { hasNextPage endCursor } } }`;
const RUN_JOB = `mutation ($name: JobName!) { runJob(input: { name: $name }) { started run { ${RUN} } } }`;
const LIVE = `subscription ($after: String, $job: JobName) { jobProgressed(after: $after, job: $job) {
  cursor at actor kind done total run { id job status } } }`;

describe.each(DATABASES)('the API of jobs on %s', (kind) => {
  const { body, begun } = openBody();
  let server: TestServer;
  let manager: string;
  let agent: string;
  beforeAll(async () => {
    const jobs = { pattern_scan: body, context_summarization: async () => ({ counts: { accounts: 0 } }) };
    // Silent: one body fails on purpose.
    server = await startTestServer({ kind, jobs, config: { logLevel: 'silent' } });
    [manager, agent] = await Promise.all([server.token('manager'), server.token('agent')]);
    // So that the log has an end to subscribe behind.
    await server.data(manager, 'mutation { createClone(input: { slug: "any", name: "Any" }) { id } }');
  });
  afterAll(() => server.close());

  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of many shapes
  const job = async (name: string): Promise<any> =>
    (await server.data(agent, JOBS)).jobs.find((one: { name: string }) => one.name === name);
  const endOfLog = async (): Promise<string | null> =>
    (await server.data(manager, '{ events(last: 1) { pageInfo { endCursor } } }')).events.pageInfo.endCursor;

  test('all five are listed with their intervals before any of them ran', async () => {
    const { jobs } = await server.data(agent, JOBS);
    expect(jobs.map(({ name, intervalSeconds }: Record<string, unknown>) => [name, intervalSeconds])).toEqual([
      ['PATTERN_SCAN', 21_600],
      ['PROACTIVE_OUTREACH_CHECK', 3_600],
      ['GOAL_PROGRESS_UPDATE', 86_400],
      ['DAILY_DIGEST_GENERATION', 86_400],
      ['CONTEXT_SUMMARIZATION', 86_400],
    ]);
    expect(jobs[0]).toMatchObject({ isAvailable: true, running: null, lastRun: null });
    expect((await server.data(agent, RUNS)).jobRuns).toMatchObject({ totalCount: 0, edges: [] });
  });

  test('a run started by hand is seen running, told of live with its steps, and then in the list', async () => {
    const live = server.subscribe(agent, LIVE, { after: await endOfLog(), job: 'PATTERN_SCAN' });
    const { runJob } = await server.data(manager, RUN_JOB, { name: 'PATTERN_SCAN' });
    expect(runJob).toMatchObject({
      started: true,
      run: { job: 'PATTERN_SCAN', status: 'RUNNING', trigger: 'HAND', startedBy: 'manager-one', finishedAt: null },
    });
    const again = await server.data(await server.token('admin'), RUN_JOB, { name: 'PATTERN_SCAN' });
    expect(again.runJob).toMatchObject({ started: false, run: { id: runJob.run.id, startedBy: 'manager-one' } });
    const { data: first } = await live.next();
    expect(first.jobProgressed).toMatchObject({
      kind: 'STARTED',
      actor: 'manager-one',
      run: { id: runJob.run.id, job: 'PATTERN_SCAN' },
    });
    begun[0]?.context.progress(3, 10);
    const { data: second } = await live.next();
    expect(second.jobProgressed).toMatchObject({ kind: 'PROGRESSED', actor: 'system:jobs', done: 3, total: 10 });
    expect((await job('PATTERN_SCAN')).running).toMatchObject({ id: runJob.run.id, done: 3, total: 10 });
    begun[0]?.context.progress(10, 10);
    const subjectId = '019ca945-0a2e-75fb-9981-8e9af4932c33';
    begun[0]?.finish({ counts: { accounts: 10 }, failures: [{ subjectId, error: new Error('secret') }] });
    // A last step may come in between, or not.
    let last = (await live.next()).data.jobProgressed;
    if (last.kind === 'PROGRESSED') last = (await live.next()).data.jobProgressed;
    expect(last).toMatchObject({ kind: 'FINISHED', done: 10, total: 10, run: { status: 'COMPLETED' } });
    await live.close();
    expect(await job('PATTERN_SCAN')).toMatchObject({
      running: null,
      lastRun: {
        id: runJob.run.id,
        status: 'COMPLETED',
        counts: [{ name: 'accounts', count: 10 }],
        failed: 1,
        failures: [{ subjectId, message: expect.stringMatching(/^Something failed .* this id: [0-9a-f-]{36}$/) }],
        error: null,
      },
    });
    expect((await server.data(agent, RUNS, { job: 'PATTERN_SCAN' })).jobRuns).toMatchObject({
      totalCount: 1,
      edges: [{ node: { id: runJob.run.id } }],
    });
    const { auditTrail } = await server.data(
      agent,
      `{ auditTrail(subjectId: "${runJob.run.id}") { edges { node { type } } } }`,
    );
    expect(auditTrail.edges.at(0).node.type).toBe('JOB_STARTED');
    expect(auditTrail.edges.at(-1).node.type).toBe('JOB_FINISHED');
  });

  test('what this server cannot run is refused by name, and shown as such', async () => {
    const { errors } = await server.request(manager, RUN_JOB, { name: 'DAILY_DIGEST_GENERATION' });
    expect(errors?.[0].extensions).toMatchObject({ code: 'NOT_AVAILABLE', job: 'daily_digest_generation' });
    expect(await job('DAILY_DIGEST_GENERATION')).toMatchObject({ isAvailable: false, lastRun: null });
  });

  test('agents and approvers watch, and do not start', async () => {
    for (const role of ['agent', 'approver'] as const) {
      const { errors } = await server.request(await server.token(role), RUN_JOB, { name: 'PATTERN_SCAN' });
      expect(errors?.[0].extensions.code).toBe('FORBIDDEN');
    }
  });

  test('runs are paged, newest first', async () => {
    for (let n = 0; n < 3; n++) {
      const live = server.subscribe(agent, LIVE, { after: await endOfLog(), job: 'CONTEXT_SUMMARIZATION' });
      await server.data(manager, RUN_JOB, { name: 'CONTEXT_SUMMARIZATION' });
      while ((await live.next()).data.jobProgressed.kind !== 'FINISHED');
      await live.close();
    }
    const job = 'CONTEXT_SUMMARIZATION';
    const { jobRuns: runs } = await server.data(agent, RUNS, { job });
    expect(runs).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
    const { jobRuns: rest } = await server.data(agent, RUNS, { job, after: runs.pageInfo.endCursor });
    expect(rest).toMatchObject({ edges: [expect.anything()], pageInfo: { hasNextPage: false } });
    expect(runs.edges.map(({ node }: { node: { id: string } }) => node.id)).not.toContain(rest.edges[0].node.id);
  });

  test('a server that stops ends its runs', async () => {
    const second = openBody();
    const doomed = await startTestServer({ kind, jobs: { pattern_scan: second.body } });
    await doomed.data(await doomed.token('manager'), RUN_JOB, { name: 'PATTERN_SCAN' });
    await doomed.close();
    expect(second.begun[0]?.context.signal.aborted).toBe(true);
  });
});
