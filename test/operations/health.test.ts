import pg from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import { ENTITIES } from '../../src/compose/entities.js';
import { type Database, openDatabase } from '../../src/platform/db/database.js';
import { createHealth } from '../../src/platform/http/health.js';
import { createRounds } from '../../src/platform/jobs/rounds.js';
import { createPostgresDatabase, DATABASES } from '../support/database.js';
import { startProxy, type TcpProxy } from '../support/proxy.js';
import { startTestServer, type TestServer } from '../support/server.js';

const ready = async (server: TestServer) => {
  const response = await fetch(`${server.url}/health/ready`);
  return { status: response.status, body: await response.json() };
};

describe.each(DATABASES)('readiness on %s', (kind) => {
  let server: TestServer;
  afterEach(() => server.close());

  test('lists every check with its figure', async () => {
    server = await startTestServer({ kind });
    const { status, body } = await ready(server);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'ready',
      failed: [],
      checks: {
        database: { ok: true, ms: expect.any(Number), most: 2_000 },
        migrations: { ok: true, pending: [], newer: [] },
        log: { ok: true, lagMs: expect.any(Number), most: 30_000 },
        'round keep_deadlines': { ok: true, ageSeconds: expect.any(Number), most: 300 },
        'round seal_log': { ok: true, ageSeconds: expect.any(Number), most: 300 },
      },
    });
  });
});

describe('readiness while the database is in trouble', () => {
  let database: Database;
  let server: TestServer;
  let proxy: TcpProxy;
  let url: string;
  const start = async () => {
    url = await createPostgresDatabase();
    const { hostname, port } = new URL(url);
    proxy = await startProxy({ host: hostname, port: Number(port) });
    const through = new URL(url);
    through.host = `127.0.0.1:${proxy.port}`;
    database = await openDatabase({ location: { url: through.href }, entities: ENTITIES, timeoutMs: 60_000 });
    await database.migrate();
    server = await startTestServer({ database, config: { logLevel: 'silent' } });
  };
  afterEach(async () => {
    await proxy.close();
    await server.close();
    await database.close();
  });

  test('it answers 503 in bounded time though the database hangs, naming what failed; live goes on', async () => {
    await start();
    expect((await ready(server)).status).toBe(200);
    expect(proxy.freeze()).toBeGreaterThan(0);
    // Several probes at once, as from several load balancers.
    const answers = await Promise.all([ready(server), ready(server), ready(server)]);
    for (const { status, body } of answers) {
      expect(status).toBe(503);
      expect(body).toMatchObject({
        status: 'not ready',
        failed: ['database', 'migrations'],
        checks: { database: { ok: false, problem: 'does not answer' } },
      });
    }
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
    expect((await fetch(`${server.url}/metrics`)).status).toBe(200);
  });

  test('it answers 503 where a migration is missing, and 200 where a newer version has added one', async () => {
    await start();
    const operator = new pg.Client(url);
    await operator.connect();
    await operator.query(`insert into mikro_orm_migrations (name) values ('Migration9999FromTheFuture')`);
    const { status, body } = await ready(server);
    expect([status, body.checks.migrations]).toEqual([
      200,
      { ok: true, pending: [], newer: ['Migration9999FromTheFuture'] },
    ]);
    await operator.query(`delete from mikro_orm_migrations where name = 'Migration0003AuditChain'`);
    await operator.end();
    const missing = await ready(server);
    expect([missing.status, missing.body.failed, missing.body.checks.migrations.pending]).toEqual([
      503,
      ['migrations'],
      ['Migration0003AuditChain'],
    ]);
  });
});

describe('the checks', () => {
  const sources = {
    migrations: async () => ({ pending: [], newer: [] }),
    logLag: () => 5,
    rounds: () => [],
  };
  const secondsAgo = (seconds: number) => Date.now() - seconds * 1_000;
  const round = { name: 'seal_log', everySeconds: 5, since: secondsAgo(1_000), lastSuccess: undefined };

  test('fail when the log has not been read for longer than the bound', async () => {
    expect(await createHealth({ ...sources, logLag: () => 30_000 }).report()).toMatchObject({ status: 'ready' });
    expect(await createHealth({ ...sources, logLag: () => 30_001 }).report()).toMatchObject({
      status: 'not ready',
      failed: ['log'],
    });
  });

  test('fail when a round has not ended for ten intervals and five minutes; one that never ended counts from the start', async () => {
    const failedOf = async (state: object) =>
      (await createHealth({ ...sources, rounds: () => [{ ...round, ...state } as never] }).report()).failed;
    expect(await failedOf({ lastDone: secondsAgo(290) })).toEqual([]);
    expect(await failedOf({ lastDone: secondsAgo(310) })).toEqual(['round seal_log']);
    expect(await failedOf({ lastDone: undefined })).toEqual(['round seal_log']);
    expect(await failedOf({ lastDone: undefined, since: secondsAgo(10) })).toEqual([]);
    expect(await failedOf({ everySeconds: 3_600, lastDone: secondsAgo(35_000) })).toEqual([]);
    expect(await failedOf({ everySeconds: 3_600, lastDone: secondsAgo(37_000) })).toEqual(['round seal_log']);
  });

  test('say that it is shutting down, whatever else is well', async () => {
    const health = createHealth(sources);
    health.startShutdown();
    expect(await health.report()).toMatchObject({ status: 'shutting down', failed: [] });
  });
});

describe('a background round', () => {
  test('that fails for some items has ended, but has not gone well; one that fails as a whole has done neither', async () => {
    const ends: (() => Promise<unknown>)[] = [
      async () => 'well',
      () => Promise.reject(new AggregateError([new Error('one tenant')], 'some')),
      () => Promise.reject(new Error('all of it')),
    ];
    const seen: { name: string; outcome: string }[] = [];
    const errors: string[] = [];
    const allRan = Promise.withResolvers<void>();
    const rounds = createRounds({
      onError: (error, name) => void errors.push(`${name}: ${error instanceof Error ? error.message : ''}`),
      onRan({ round: name, outcome }) {
        seen.push({ name, outcome });
        if (seen.length === ends.length) allRan.resolve();
      },
    });
    const stops = ends.map((run, index) => rounds.start({ name: `r${index}`, everySeconds: 3_600, run }));
    await allRan.promise;
    expect(seen).toEqual([
      { name: 'r0', outcome: 'done' },
      { name: 'r1', outcome: 'partial' },
      { name: 'r2', outcome: 'failed' },
    ]);
    expect(errors).toEqual(['r1: some', 'r2: all of it']);
    const states = rounds
      .states()
      .map(({ lastDone, lastSuccess }) => [lastDone !== undefined, lastSuccess !== undefined]);
    expect(states).toEqual([
      [true, true],
      [true, false],
      [false, false],
    ]);
    await Promise.all(stops.map((stop) => stop()));
    expect(rounds.states()).toEqual([]);
  });
});
