import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { composeFeatures } from '../../src/compose/index.js';
import type { Database } from '../../src/platform/db/database.js';
import { DATABASES, openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { connected } from './connected.js';
import { startReceiver } from './receiver.js';

const PAUSE = 'mutation ($input: PauseAutonomyInput!) { pauseAutonomy(input: $input) { paused } }';
const RESUME = 'mutation ($input: ResumeAutonomyInput!) { resumeAutonomy(input: $input) { paused } }';
const EXECUTE = 'mutation ($id: ID!) { executeAction(actionId: $id) { status } }';
const LIVE = `select count(*)::int as count from countersign_jobs.job
  where data->>'actionId' = $1 and state in ('created', 'retry', 'active')`;

describe.each(DATABASES)('what waits for its connector, on %s', (kind) => {
  let database: Database;
  let server: TestServer;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  const { setConnector, letRun, propose, read, until } = connected(() => server);
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    receiver = await startReceiver();
    server = await startTestServer({
      database,
      config: { allowPrivateTargets: true, retrySeconds: 0.01, runsJobs: true },
    });
    await letRun({ send_chat_message: 'WEBHOOK' });
    await setConnector({ webhook: { url: receiver.url, receiverDeduplicates: false } });
  });
  afterAll(async () => {
    await server.close();
    await receiver.stop();
    await database.close();
  });
  const liveJobs = async (id: string) =>
    (await database.asServer((sql) => sql<{ count: number }>(LIVE, [id])))[0]?.count;
  /** Its job was taken up, and waits again. */
  const putOff = (id: string) =>
    vi.waitFor(
      async () => {
        const [{ count } = { count: 0 }] = await database.asServer((sql) =>
          sql<{ count: number }>(
            `select count(*)::int as count from countersign_jobs.job
             where data->>'actionId' = $1 and state = 'created' and start_after > now()`,
            [id],
          ),
        );
        expect(count).toBe(1);
      },
      { timeout: 20_000, interval: 50 },
    );

  test('before its next attempt is due no job makes one and no agent has it made; a manager does', async () => {
    const admin = await server.token('admin', 'adam');
    const before = receiver.received.length;
    await server.data(admin, PAUSE, { input: { reason: 'to look at it' } });
    const { action } = await propose('send_chat_message', { text: 'not yet' });
    await putOff(action.id);
    await database.asServer((sql) =>
      sql(`update action set next_attempt_at = now() + interval '1 hour' where id = $1`, [action.id]),
    );
    await server.data(admin, RESUME, { input: {} });
    const tooEarly = await server.request(await server.token('agent'), EXECUTE, { id: action.id });
    expect(tooEarly.errors?.[0].extensions).toMatchObject({ code: 'CONFLICT', status: 'ALLOWED' });
    const clock = { now: () => new Date() };
    const { execution } = composeFeatures({ database, tokens: server.app.tokens, clock, approvalHours: 24 });
    const [tenant] = await database.asServer((sql) => sql<{ id: string }>(`select id from tenant where slug = 'demo'`));
    await execution.runJob({ tenantId: tenant?.id ?? '', actionId: action.id });
    expect(await read(action.id)).toMatchObject({ status: 'ALLOWED', attempts: [] });
    await server.data(admin, EXECUTE, { id: action.id });
    await until(action.id, 'EXECUTED');
    expect(receiver.received).toHaveLength(before + 1);
  });

  test('a pause makes it wait, which is no attempt; the end of the pause wakes it', async () => {
    const admin = await server.token('admin', 'adam');
    const before = receiver.received.length;
    await server.data(admin, PAUSE, { input: { reason: 'to look at it' } });
    const { action } = await propose('send_chat_message', { text: 'later' });
    await putOff(action.id);
    expect(await read(action.id)).toMatchObject({ status: 'ALLOWED', leaseEpoch: 0, attempts: [] });
    expect(receiver.received).toHaveLength(before);
    // No more than a moment may pass: the job itself would look again much later.
    await database.asServer((sql) =>
      sql(
        `update countersign_jobs.job set start_after = now() + interval '1 day' where data->>'actionId' = $1 and state = 'created'`,
        [action.id],
      ),
    );
    await server.data(admin, RESUME, { input: {} });
    const done = await until(action.id, 'EXECUTED');
    expect(done).toMatchObject({ leaseEpoch: 1, attempts: [{ attempt: 1, result: 'EXECUTED' }] });
    expect(receiver.received).toHaveLength(before + 1);
  });

  test('whose job was lost it gets one again, and only one, however many look for it', async () => {
    const admin = await server.token('admin', 'adam');
    const before = receiver.received.length;
    await server.data(admin, PAUSE, { input: { reason: 'to lose it' } });
    const { action } = await propose('send_chat_message', { text: 'lost' });
    await putOff(action.id);
    const inTwoMinutes = { now: () => new Date(Date.now() + 120_000) };
    const sweepers = [1, 2, 3].map(
      () => composeFeatures({ database, tokens: server.app.tokens, clock: inTwoMinutes, approvalHours: 24 }).lost,
    );
    const sweep = async () =>
      (await Promise.all(sweepers.map((lost) => lost.sweep()))).reduce((sum, put) => sum + put, 0);
    expect(await sweep()).toBe(0);
    await database.asServer((sql) => sql(`delete from countersign_jobs.job where data->>'actionId' = $1`, [action.id]));
    expect(await liveJobs(action.id)).toBe(0);
    expect(await sweep()).toBe(1);
    await putOff(action.id);
    await server.data(admin, RESUME, { input: {} });
    await until(action.id, 'EXECUTED');
    expect(await sweep()).toBe(0);
    expect(receiver.received).toHaveLength(before + 1);
  });
});
