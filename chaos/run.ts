import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startPostgres } from '../test/support/postgres.js';
import { type CompiledServer, compileServer } from '../test/support/process.js';
import { startProxy } from '../test/support/proxy.js';
import { clumsyAgent, guardingAgent } from './agents.js';
import { gather } from './evidence.js';
import { injectFaults, type Machinery } from './faults.js';
import { Instance, type Tokens } from './fleet.js';
import { type Follower, follow } from './follower.js';
import { type Finding, judge } from './invariants.js';
import { Ledger } from './ledger.js';
import { createOperator, type Operator } from './operator.js';
import { approver } from './people.js';
import { seeded } from './random.js';
import { type Receivers, startReceivers } from './receivers.js';
import { furnish } from './tenant.js';
import { unsettle } from './unrest.js';
import type { World } from './world.js';

export interface ChaosOptions {
  readonly seed: number;
  /** How long faults are injected, in minutes. */
  readonly minutes: number;
  readonly instances: number;
}

/** What a run did and found. */
export interface ChaosReport {
  readonly ledger: Ledger;
  readonly findings: readonly Finding[];
}

/** How long what is under way may take to come to its end once there are no more faults, in milliseconds. */
const QUIET_MS = 90_000;

/** Several servers on one database, agents and people at work, one fault after the other; then everything is counted. */
export async function runChaos({ seed, minutes, instances: count }: ChaosOptions): Promise<ChaosReport> {
  const releases: (() => Promise<unknown>)[] = [];
  try {
    const chance = seeded(seed);
    const ledger = new Ledger();
    const receivers = await startReceivers(ledger, seeded(seed + 1));
    releases.push(() => receivers.close());
    const machinery = await startMachinery(count, receivers, releases);
    const { instances, operator } = machinery;
    const tokens = await startAll(instances);
    await furnish(operator, receivers, { url: instances[0]?.url ?? '', token: tokens.admin });

    const [stopping, ended] = [new AbortController(), new AbortController()];
    const urls = instances.map(({ url }) => url);
    const world: World = {
      chance,
      ledger,
      receivers,
      tokens,
      urls,
      ground: { isStrict: false, dealId: undefined },
      stopping: stopping.signal,
      ended: ended.signal,
    };
    const followers = await Promise.all(
      urls.map((url) => follow(url, tokens.approver, (error) => ledger.surprises.push(`following: ${error}`))),
    );
    releases.push(() => Promise.all(followers.map((follower) => follower.close())));

    const agents = urls.flatMap((url, at) => [
      guardingAgent(world, `guarding-${at}-a`, url),
      guardingAgent(world, `guarding-${at}-b`, url),
      clumsyAgent(world, `clumsy-${at}-a`, urls),
      clumsyAgent(world, `clumsy-${at}-b`, urls),
    ]);
    const people = [approver(world), approver(world), unsettle(world)];
    const timer = setTimeout(() => stopping.abort(), minutes * 60_000);
    await injectFaults(world, machinery);
    clearTimeout(timer);

    await Promise.all(instances.map((instance) => instance.kill()));
    await startAll(instances);
    await Promise.race([Promise.all(agents), pause(QUIET_MS, undefined, { ref: false })]);
    ended.abort();
    await Promise.all([...agents, ...people]);
    await settle(operator, followers);
    ledger.seen.push(...followers.map(({ seen }) => [...seen]));
    return { ledger, findings: judge(await gather({ world, operator })) };
  } finally {
    for (const release of releases.reverse()) await release();
  }
}

async function startMachinery(
  count: number,
  { smtpPort }: Receivers,
  releases: (() => Promise<unknown>)[],
): Promise<Machinery> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-chaos-'));
  releases.push(() => rm(folder, { recursive: true, force: true }));
  // PostgreSQL may run as another user, who has to pass through.
  await chmod(folder, 0o755);
  const compiled: CompiledServer = compileServer();
  releases.push(() => compiled.remove());
  const postgres = await startPostgres(join(folder, 'postgres'));
  releases.push(() => postgres.stop());
  const direct = new URL(`${postgres.url}/postgres`);
  const proxy = await startProxy({ host: direct.hostname, port: Number(direct.port) });
  releases.push(() => proxy.close());
  const beyond = new URL(direct);
  beyond.port = String(proxy.port);
  const settings = {
    COUNTERSIGN_JWT_SECRET: 'shared by all instances of a run, and long enough',
    COUNTERSIGN_APPROVAL_HOURS: '0.005',
    COUNTERSIGN_DATABASE_TIMEOUT_SECONDS: '2',
    COUNTERSIGN_RETRY_SECONDS: '0.5',
    COUNTERSIGN_ALLOW_PRIVATE_TARGETS: 'true',
    COUNTERSIGN_SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
    COUNTERSIGN_MAIL_FROM: 'countersign@example.com',
    COUNTERSIGN_SHUTDOWN_SECONDS: '10',
    LOG_LEVEL: 'fatal',
  };
  // Every second server reaches its database through the proxy.
  const instances = await Promise.all(
    Array.from({ length: count }, (_, at) =>
      Instance.create(compiled, { ...settings, DATABASE_URL: (at % 2 === 1 ? beyond : direct).href }),
    ),
  );
  releases.push(() => Promise.all(instances.map((instance) => instance.end())));
  return { instances, postgres, proxy, operator: createOperator(direct.href) };
}

async function startAll(instances: readonly Instance[]): Promise<Tokens> {
  const [tokens] = await Promise.all(instances.map((instance) => instance.start()));
  if (!tokens) throw new Error('expected at least one instance');
  return tokens;
}

/** Until claims whose holders are gone have ended, subscribers have caught up, and the log is sealed. */
async function settle(operator: Operator, followers: readonly Follower[]): Promise<void> {
  const until = performance.now() + QUIET_MS;
  for (let last = ''; performance.now() < until; ) {
    const [row] = await operator.query<{ running: number; events: number; sealed: number }>(
      `select (select count(*)::int from action where status = 'executing' and lease_until < now() + interval '30 seconds') as running,
         (select count(*)::int from event) as events, (select coalesce(sum(count), 0)::int from seal) as sealed`,
    );
    const now = JSON.stringify([row, followers.map(({ seen }) => seen.length)]);
    if (row?.running === 0 && now === last) return;
    last = now;
    await pause(6_000);
  }
}
