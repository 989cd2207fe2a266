import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../src/config.js';
import { takeFolder } from '../src/startup.js';
import { createPostgresDatabase } from './support/database.js';
import { type CompiledServer, compileServer } from './support/process.js';

describe('settings', () => {
  test('have defaults that need nothing to be set', () => {
    expect(readConfig({})).toMatchObject({
      port: 4000,
      host: '127.0.0.1',
      dataDir: '.data',
      development: true,
      approvalHours: 72,
    });
  });

  test('each wrong one is a line that names it, what was expected and what came; secrets are not repeated', () => {
    const wrong = {
      PORT: '70000',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      COUNTERSIGN_APPROVAL_HOURS: '-1',
    };
    expect(() => readConfig(wrong)).toThrow(
      [
        'PORT: expected a port number from 0 to 65535, got "70000"',
        'DATABASE_URL: expected a PostgreSQL address such as postgresql://user:password@host:5432/countersign, got 25 characters',
        'COUNTERSIGN_APPROVAL_HOURS: expected hours that an approval request stays open, above 0 and at most 8760, got "-1"',
        'LOG_LEVEL: expected fatal, error, warn, info, debug, trace or silent, got "loud"',
      ].join('\n'),
    );
  });

  test('a database of its own, and production, need a token secret of their own', () => {
    expect(() => readConfig({ DATABASE_URL: 'postgresql://db/x' })).toThrow(
      /^COUNTERSIGN_JWT_SECRET: expected .* because DATABASE_URL is set; it is not set$/,
    );
    expect(() => readConfig({ NODE_ENV: 'production' })).toThrow(/^COUNTERSIGN_JWT_SECRET: .* NODE_ENV is production/);
    expect(readConfig({ NODE_ENV: 'production', COUNTERSIGN_JWT_SECRET: 's'.repeat(32) }).development).toBe(false);
  });
});

test.each(['/proc/nothing/here', '/dev/null/here'])(
  'a data folder that cannot be made is refused at once: %s',
  (folder) => {
    expect(() => takeFolder(folder)).toThrow(
      `COUNTERSIGN_DATA_DIR: expected a folder that can be made and written, got "${folder}": `,
    );
  },
);

describe('the server as a process', () => {
  let compiled: CompiledServer;
  beforeAll(() => {
    compiled = compileServer();
  }, 120_000);
  afterEach(() => compiled.killAll());
  afterAll(() => compiled.remove());

  test('starts on an empty folder, serves, prints tokens that work, and ends on SIGTERM with 0', async () => {
    const { child, ended, ready } = compiled.start({});
    const url = await ready;
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    child.kill('SIGTERM');
    const { code, out, err } = await ended;
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('/graphiql/');
    expect(out.match(/^ {2}eyJ\S+$/gm)).toHaveLength(3);
  });

  test('keeps what was acknowledged through SIGKILL, and its folder opens again at once', async () => {
    const first = compiled.start({});
    const url = await first.ready;
    const token = await first.token('agent');
    const ask = async (at: string, query: string) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const response = await fetch(`${at}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
      return (await response.json()) as {
        data: { proposeAction: { action: { id: string } }; action: { status: string } };
      };
    };
    const { data } = await ask(
      url,
      'mutation { proposeAction(input: { actionType: "send_proposal", payload: {}, idempotencyKey: "kept" }) { action { id } } }',
    );
    await first.kill();
    const second = await compiled.start({}).ready;
    expect((await ask(second, `{ action(id: "${data.proposeAction.action.id}") { status } }`)).data.action.status).toBe(
      'PENDING_APPROVAL',
    );
  });

  test('a folder that another server holds, a busy port, a wrong host, an unreachable database: one line each, exit 1', async () => {
    const { ready } = compiled.start({});
    await ready;
    const held = await compiled.start({}).ended;
    const busy = createServer();
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
    const address = busy.address();
    const port = String(typeof address === 'object' && address ? address.port : 0);
    const elsewhere = join(compiled.folder, 'elsewhere');
    const occupied = await compiled.start({ COUNTERSIGN_DATA_DIR: elsewhere, PORT: port }).ended;
    busy.close();
    const host = await compiled.start({ COUNTERSIGN_DATA_DIR: elsewhere, HOST: '203.0.113.1' }).ended;
    const secret = { COUNTERSIGN_JWT_SECRET: 's'.repeat(40) };
    const unreachable = await compiled.start({ ...secret, DATABASE_URL: 'postgresql://u:hunter2@127.0.0.1:1/x' }).ended;
    const answers = [held, occupied, host, unreachable];
    expect(answers.map(({ code }) => code)).toEqual([1, 1, 1, 1]);
    expect(held.err).toMatch(/^COUNTERSIGN_DATA_DIR: expected a folder that no other process uses, got .*\n$/);
    expect(occupied.err).toMatch(/^PORT: expected a free port, got \d+, .*\n$/);
    expect(host.err).toMatch(/^HOST: expected an address of this machine, got "203.0.113.1"\.\n$/);
    expect(unreachable.err).toMatch(/^DATABASE_URL: expected a database that answers; got: .*\n$/);
    expect(answers.map(({ err, out }) => err + out).join()).not.toMatch(/hunter2|\bat .*:\d+:\d+/);
  });

  test('runs on PostgreSQL when DATABASE_URL is set', async () => {
    const { child, ended, ready } = compiled.start({
      DATABASE_URL: await createPostgresDatabase(),
      COUNTERSIGN_JWT_SECRET: 's'.repeat(40),
    });
    expect((await fetch(`${await ready}/health/ready`)).status).toBe(200);
    child.kill('SIGTERM');
    const { code, out } = await ended;
    expect(code).toBe(0);
    expect(out).toContain('on PostgreSQL');
  });
});
