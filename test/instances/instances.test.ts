import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPostgresDatabase } from '../support/database.js';
import { startPostgres } from '../support/postgres.js';
import { type CompiledServer, compileServer, type ServerProcess } from '../support/process.js';
import { startProxy, type TcpProxy } from '../support/proxy.js';
import { Agent, ask, type Caller } from './agent.js';
import { Follower } from './follower.js';

let compiled: CompiledServer;
const followers: Follower[] = [];
beforeAll(() => {
  compiled = compileServer();
}, 120_000);
afterAll(async () => {
  await Promise.all(followers.splice(0).map((follower) => follower.stop()));
  await compiled.remove();
});

interface Instance {
  readonly process: ServerProcess;
  readonly url: string;
  readonly agent: Caller;
  readonly approver: Caller;
}

async function startInstance(databaseUrl: string, settings: Record<string, string> = {}): Promise<Instance> {
  const process = compiled.start({
    DATABASE_URL: databaseUrl,
    COUNTERSIGN_JWT_SECRET: 'shared by all instances, and long enough',
    LOG_LEVEL: 'fatal',
    ...settings,
  });
  const url = await process.ready;
  const [agent, approver] = await Promise.all([process.token('agent'), process.token('approver')]);
  return { process, url, agent: { url, token: agent }, approver: { url, token: approver } };
}

/** A cursor to start from: behind it comes what is proposed from now on. */
async function startOf({ agent, approver }: Instance): Promise<string> {
  await new Agent(() => [agent], `start-${agent.url}`).propose();
  const query = '{ events(last: 1) { pageInfo { endCursor } } }';
  await expect.poll(async () => (await ask(approver, query)).data?.events.pageInfo.endCursor).toBeTruthy();
  return (await ask(approver, query)).data.events.pageInfo.endCursor;
}

function follow(instances: readonly Instance[], after: string): Follower {
  const [first] = instances;
  const follower = new Follower(
    instances.map(({ url }) => url),
    first?.approver.token ?? '',
    after,
  );
  followers.push(follower);
  return follower;
}

/** What the log says that a follower must have seen, in order. */
async function requestedBehind(after: string, { approver }: Instance): Promise<string[]> {
  const query = `query ($after: String) { events(types: [APPROVAL_REQUESTED], first: 100, after: $after) {
    edges { node { subjectId } } pageInfo { hasNextPage endCursor } } }`;
  const ids: string[] = [];
  for (let cursor = after; ; ) {
    const { edges, pageInfo } = (await ask(approver, query, { after: cursor })).data.events;
    ids.push(...edges.map(({ node }: { node: { subjectId: string } }) => node.subjectId));
    if (!pageInfo.hasNextPage) return ids;
    cursor = pageInfo.endCursor;
  }
}

/** Proposes until `stop` is called; gives the ids of all that were acknowledged. */
function keepProposing(agents: readonly Agent[]): { stop(): Promise<string[]>; readonly acknowledged: string[] } {
  const acknowledged: string[] = [];
  let stopping = false;
  const running = Promise.all(
    agents.map(async (agent) => {
      while (!stopping) acknowledged.push(await agent.propose());
    }),
  );
  return {
    acknowledged,
    async stop() {
      stopping = true;
      await running;
      return acknowledged;
    },
  };
}

const reach = (list: readonly unknown[], length: number) =>
  expect.poll(() => list.length, { timeout: 20_000, interval: 10 }).toBeGreaterThan(length);

describe('several instances on one database', () => {
  let database: string;
  let operator: pg.Client;
  let a: Instance;
  let b: Instance;
  beforeAll(async () => {
    database = await createPostgresDatabase();
    operator = new pg.Client(database);
    await operator.connect();
    [a, b] = await Promise.all([startInstance(database), startInstance(database)]);
  }, 60_000);
  afterAll(() => operator.end());

  test('what one writes reaches the subscribers of the other by a hint, long before the next poll', async () => {
    const settings = { COUNTERSIGN_LOG_POLL_MS: '60000' };
    const [writer, reader] = await Promise.all([startInstance(database, settings), startInstance(database, settings)]);
    const follower = follow([reader], await startOf(writer));
    const agent = new Agent(() => [writer.agent], 'hints');
    await follower.until([await agent.propose()]);
    const took: number[] = [];
    for (let n = 0; n < 50; n += 1) {
      const id = await agent.propose();
      const acknowledged = performance.now();
      await follower.until([id]);
      took.push((follower.seen.at(-1)?.at ?? 0) - acknowledged);
    }
    took.sort((one, two) => one - two);
    console.log(
      `from the writer's answer to the other instance's subscriber: median ${took[25]?.toFixed(1)} ms, slowest ${took[49]?.toFixed(1)} ms`,
    );
    expect(new Set(follower.ids).size).toBe(51);
    await follower.stop();
    await Promise.all([writer.process.kill(), reader.process.kill()]);
  });

  test('killing the instance that a subscriber is on, in mid-stream: it goes on at the other, without gap or repeat', async () => {
    const doomed = await startInstance(database);
    const after = await startOf(a);
    const follower = follow([doomed, a], after);
    const writing = keepProposing([
      new Agent(() => [a.agent], 'kill-reader-1'),
      new Agent(() => [a.agent], 'kill-reader-2'),
    ]);
    await reach(follower.seen, 20);
    await doomed.process.kill();
    await reach(follower.seen, follower.seen.length + 20);
    const acknowledged = await writing.stop();
    await follower.until(acknowledged);
    expect(follower.ids).toEqual(await requestedBehind(after, a));
    expect(follower.connections).toBe(2);
    await follower.stop();
  });

  test('killing the instance that is written to: all it acknowledged is seen at the other, once', async () => {
    const doomed = await startInstance(database);
    const after = await startOf(b);
    const follower = follow([b], after);
    let servers = [doomed.agent];
    const agents = [1, 2, 3].map((n) => new Agent(() => servers, `kill-writer-${n}`));
    const writing = keepProposing(agents);
    await reach(writing.acknowledged, 20);
    await doomed.process.kill();
    // A request whose answer was lost is sent again with its key: it does not become a second action.
    servers = [a.agent];
    await reach(writing.acknowledged, writing.acknowledged.length + 20);
    const acknowledged = await writing.stop();
    await follower.until(acknowledged);
    expect(new Set(acknowledged).size).toBe(acknowledged.length);
    const logged = await requestedBehind(after, b);
    expect(follower.ids).toEqual(logged);
    expect(new Set(logged)).toEqual(new Set(acknowledged));
    await follower.stop();
  });

  test('all connections ended by the database, again and again: callers get a masked error, nothing is lost', async () => {
    const after = await startOf(a);
    const follower = follow([b], after);
    const agents = [1, 2, 3].map((n) => new Agent(() => [a.agent, b.agent], `terminate-${n}`));
    const writing = keepProposing(agents);
    for (let round = 0; round < 5; round += 1) {
      await reach(writing.acknowledged, writing.acknowledged.length + 5);
      const { rowCount } = await operator.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
      );
      expect(rowCount).toBeGreaterThan(2);
    }
    await reach(writing.acknowledged, writing.acknowledged.length + 20);
    const acknowledged = await writing.stop();
    await follower.until(acknowledged);
    expect(follower.ids).toEqual(await requestedBehind(after, a));
    for (const { code, message } of agents.flatMap((agent) => agent.failures)) {
      expect(code).toBe('INTERNAL');
      expect(message).toMatch(/^Something failed that should not have\. Tell the operator this id: [0-9a-f-]{36}$/);
    }
    for (const instance of [a, b]) {
      expect(instance.process.child.exitCode).toBeNull();
      await expect.poll(async () => (await fetch(`${instance.url}/health/ready`)).status).toBe(200);
    }
    await follower.stop();
  });

  test('hints that never come: the poll finds everything', async () => {
    const after = await startOf(a);
    const follower = follow([b], after);
    let lost = 0;
    let blackhole = true;
    const losing = (async () => {
      while (blackhole) {
        const { rowCount } = await operator.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and application_name = 'countersign hints'`,
        );
        lost += rowCount ?? 0;
      }
    })();
    const agent = new Agent(() => [a.agent], 'blackhole');
    const acknowledged: string[] = [];
    for (let n = 0; n < 10; n += 1) {
      acknowledged.push(await agent.propose());
      await follower.until(acknowledged);
    }
    blackhole = false;
    await losing;
    expect(lost).toBeGreaterThan(2);
    expect(follower.ids).toEqual(acknowledged);
    expect(follower.connections).toBe(1);
    await follower.stop();
  });

  describe('with a network between that forgets connections', () => {
    let proxy: TcpProxy;
    let beyond: Instance;
    beforeAll(async () => {
      const { hostname, port } = new URL(database);
      proxy = await startProxy({ host: hostname, port: Number(port) });
      const url = new URL(database);
      url.port = String(proxy.port);
      beyond = await startInstance(url.href, { COUNTERSIGN_DATABASE_TIMEOUT_SECONDS: '1' });
    }, 60_000);
    afterAll(async () => {
      await beyond.process.kill();
      await proxy.close();
    });

    test('half-open connections are noticed: the instance recovers by itself and has lost nothing', async () => {
      const after = await startOf(a);
      const follower = follow([beyond], after);
      const near = keepProposing([new Agent(() => [a.agent], 'near')]);
      const far = keepProposing([1, 2, 3].map((n) => new Agent(() => [beyond.agent], `far-${n}`)));
      await reach(follower.seen, 20);
      expect(proxy.freeze()).toBeGreaterThan(2);
      const frozenAt = performance.now();
      const [seen, acknowledged] = [follower.seen.length, far.acknowledged.length];
      await reach(far.acknowledged, acknowledged + 10);
      await reach(follower.seen, seen + 20);
      console.log(
        `recovered from half-open connections ${((performance.now() - frozenAt) / 1000).toFixed(1)} s after, with a timeout of 1 s`,
      );
      await follower.until([...(await near.stop()), ...(await far.stop())]);
      expect(follower.ids).toEqual(await requestedBehind(after, a));
      await expect.poll(async () => (await fetch(`${beyond.url}/health/ready`)).status).toBe(200);
      await follower.stop();
    });
  });
});

describe('a database that restarts', () => {
  test('is waited for: instances stay up, subscribers lose nothing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-restart-'));
    // PostgreSQL may run as another user, who has to pass through.
    await chmod(folder, 0o755);
    const postgres = await startPostgres(join(folder, 'postgres'));
    try {
      const database = `${postgres.url}/postgres`;
      const [a, b] = await Promise.all([startInstance(database), startInstance(database)]);
      const after = await startOf(a);
      const follower = follow([b], after);
      const agents = [1, 2, 3].map((n) => new Agent(() => [a.agent, b.agent], `restart-${n}`));
      const writing = keepProposing(agents);
      await reach(follower.seen, 20);
      await postgres.stop();
      await expect.poll(async () => (await fetch(`${a.url}/health/ready`)).status).toBe(503);
      expect((await fetch(`${a.url}/health/live`)).status).toBe(200);
      await postgres.start();
      const restartedAt = performance.now();
      await reach(follower.seen, follower.seen.length + 20);
      console.log(`live again ${((performance.now() - restartedAt) / 1000).toFixed(1)} s after the database`);
      const acknowledged = await writing.stop();
      await follower.until(acknowledged);
      expect(follower.ids).toEqual(await requestedBehind(after, a));
      for (const { process } of [a, b]) expect(process.child.exitCode).toBeNull();
      await follower.stop();
    } finally {
      await compiled.killAll();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
