import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createReleases } from '../../src/platform/releases.js';
import { ask } from '../instances/agent.js';
import { createPostgresDatabase, DATABASES } from '../support/database.js';
import { type CompiledServer, compileServer } from '../support/process.js';

const PROPOSE = `mutation ($key: String!) {
  proposeAction(input: { actionType: "send_proposal", payload: {}, idempotencyKey: $key }) { action { id } } }`;

let compiled: CompiledServer;
beforeAll(() => {
  compiled = compileServer();
}, 120_000);
afterEach(() => compiled.killAll());
afterAll(() => compiled.remove());

const secret = { COUNTERSIGN_JWT_SECRET: 'shared by all instances, and long enough' };

describe.each(DATABASES)('SIGTERM under load on %s', (kind) => {
  test('keeps all that was acknowledged, refuses the rest in words, closes sockets with 1012, ends with 0 in time', {
    timeout: 60_000,
  }, async () => {
    const settings = {
      ...secret,
      COUNTERSIGN_DATA_DIR: join(compiled.folder, `load-${kind}`),
      ...(kind === 'postgres' && { DATABASE_URL: await createPostgresDatabase() }),
    };
    const server = compiled.start(settings);
    const url = await server.ready;
    const [agent, approver] = await Promise.all([server.token('agent'), server.token('approver')]);
    const socket = Promise.withResolvers<number>();
    const subscribed = Promise.withResolvers<void>();
    createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${approver}` },
      retryAttempts: 0,
      on: { closed: (event) => socket.resolve((event as { code: number }).code) },
    }).subscribe(
      { query: 'subscription { approvalRequested { cursor } }' },
      { next: () => subscribed.resolve(), error: () => {}, complete: () => {} },
    );
    const acknowledged: string[] = [];
    const refused: unknown[] = [];
    const load = Promise.all(
      Array.from({ length: 16 }, async (_, worker) => {
        for (let n = 0; ; n += 1) {
          const answer = await ask({ url, token: agent }, PROPOSE, { key: `${worker}-${n}` }).catch(() => undefined);
          // Nothing listens any more.
          if (answer === undefined) return;
          if (answer.data) acknowledged.push(answer.data.proposeAction.action.id);
          else refused.push(answer);
        }
      }),
    );
    await subscribed.promise;
    await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(100);
    server.child.kill('SIGTERM');
    const { code, err } = await server.ended;
    await load;
    expect([code, err]).toEqual([0, '']);
    expect(await socket.promise).toBe(1012);
    for (const answer of refused) expect(answer).toMatchObject({ errors: [{ extensions: { code: 'UNAVAILABLE' } }] });

    const again = compiled.start(settings);
    const after = { url: await again.ready, token: agent };
    for (let at = 0; at < acknowledged.length; at += 25) {
      const some = acknowledged.slice(at, at + 25);
      const { data } = await ask(after, `{ ${some.map((id, n) => `a${n}: action(id: "${id}") { id }`).join(' ')} }`);
      expect(Object.values(data).map((action) => (action as { id: string }).id)).toEqual(some);
    }
  });
});

/** A machine may be busy. */
const PATIENCE = { timeout: 10_000 };

describe('a server that cannot end', () => {
  /** A server with a request under way that will not end: somebody holds the table that it writes to. */
  async function stuckServer(settings: Record<string, string>) {
    const database = await createPostgresDatabase();
    const server = compiled.start({
      ...secret,
      DATABASE_URL: database,
      COUNTERSIGN_DATABASE_TIMEOUT_SECONDS: '600',
      ...settings,
    });
    const url = await server.ready;
    const holder = new pg.Client(database);
    holder.on('error', () => {});
    await holder.connect();
    await holder.query('begin');
    // Proposing reads it, and none of the server's own rounds does.
    await holder.query('lock table autonomy_control in access exclusive mode');
    const stuck = ask({ url, token: await server.token('agent') }, PROPOSE, { key: 'stuck' }).catch(() => 'cut off');
    await expect
      .poll(async () => {
        const waiting = `select count(*)::int as n from pg_locks
          where not granted and relation = 'autonomy_control'::regclass`;
        return (await holder.query(waiting)).rows[0].n;
      }, PATIENCE)
      .toBeGreaterThan(0);
    return { server, url, stuck, release: () => holder.end() };
  }

  /** On a connection of its own. */
  const statusOf = (url: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const sent = httpRequest(url, { agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject).end();
    });

  test('is not ready from the signal on, lives, takes nothing new, and is ended by force when the time is over', async () => {
    const { server, url, stuck, release } = await stuckServer({ COUNTERSIGN_SHUTDOWN_SECONDS: '3' });
    const token = await server.token('agent');
    const signalled = performance.now();
    server.child.kill('SIGTERM');
    await expect.poll(() => statusOf(`${url}/health/ready`), PATIENCE).toBe(503);
    expect(await statusOf(`${url}/health/live`)).toBe(200);
    const refused = await ask({ url, token }, '{ viewer { name } }');
    expect(refused).toMatchObject({ errors: [{ extensions: { code: 'UNAVAILABLE' } }] });
    const { code, err } = await server.ended;
    expect(code).toBe(1);
    expect(err).toMatch(
      /^Shutting down took longer than 3 s; not ended: requests under way, .*the database\b.*\. Ending now\.\n$/,
    );
    expect(performance.now() - signalled).toBeGreaterThan(2_500);
    expect(await stuck).toBe('cut off');
    await release();
  });

  test('ends at once on a second signal', async () => {
    const { server, url, release } = await stuckServer({ COUNTERSIGN_SHUTDOWN_SECONDS: '600' });
    server.child.kill('SIGTERM');
    await expect.poll(() => statusOf(`${url}/health/ready`), PATIENCE).toBe(503);
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(128 + 15);
    await release();
  });
});

describe('releases', () => {
  test('happen once each, newest first, also behind one that fails; what has not ended is named meanwhile', async () => {
    const releases = createReleases();
    const order: string[] = [];
    const gate = Promise.withResolvers<void>();
    releases.add('first', () => order.push('first'));
    releases.add('second', () => {
      order.push('second');
      throw new Error('broken');
    });
    releases.add('third', async () => {
      await gate.promise;
      order.push('third');
    });
    const released = releases.releaseAll();
    expect(releases.unfinished).toEqual(['third', 'second', 'first']);
    gate.resolve();
    await expect(released).rejects.toThrow('stopping did not go smoothly');
    await expect(releases.releaseAll()).rejects.toThrow();
    expect(order).toEqual(['third', 'second', 'first']);
    expect(releases.unfinished).toEqual([]);
  });
});
