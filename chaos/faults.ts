import { setTimeout as pause } from 'node:timers/promises';
import { FAILPOINT_ACTIONS, FAILPOINTS } from '../src/kernel/failpoints.js';
import type { PostgresServer } from '../test/support/postgres.js';
import type { TcpProxy } from '../test/support/proxy.js';
import { LEASE_SECONDS } from './agents.js';
import type { Instance } from './fleet.js';
import type { Operator } from './operator.js';
import { ask, type World } from './world.js';

/** What faults are done to. */
export interface Machinery {
  readonly instances: readonly Instance[];
  readonly postgres: PostgresServer;
  readonly proxy: TcpProxy;
  readonly operator: Operator;
}

type Fault = (world: World, machinery: Machinery) => Promise<void>;

/** How long a server with a failpoint may take to pass it, in milliseconds. */
const PATIENCE_MS = 5_000;
/** What a tenant is paused for, in milliseconds. */
const PAUSE_MS = 1_500;

const restart = async (instance: Instance): Promise<void> => {
  await instance.kill();
  await instance.start();
};

/** A server dies, hangs or fails at one of the named places, and is started again. */
const strikeAtFailpoint: Fault = async ({ chance, ledger }, { instances }) => {
  const [place, action] = [chance.pick(FAILPOINTS), chance.pick(FAILPOINT_ACTIONS)];
  const instance = chance.pick(instances);
  await instance.kill();
  await instance.start(`${place}:${action}:${1 + chance.below(2)}`);
  await Promise.race([instance.died(), pause(PATIENCE_MS)]);
  const struck = action === 'kill' && !instance.isUp;
  ledger.fault(struck ? `killed ${place}` : action === 'kill' ? `never came ${place}` : `set to ${action} ${place}`);
  await restart(instance);
};

const FAULTS: readonly Fault[] = [
  strikeAtFailpoint,
  strikeAtFailpoint,
  strikeAtFailpoint,
  strikeAtFailpoint,
  async ({ chance, ledger }, { instances }) => {
    ledger.fault('server killed');
    await restart(chance.pick(instances));
  },
  async ({ chance, ledger }, { instances }) => {
    ledger.fault('server frozen for longer than a claim');
    const instance = chance.pick(instances);
    instance.freeze();
    await pause(LEASE_SECONDS * 1_000 + 2_000);
    instance.thaw();
  },
  async ({ ledger }, { postgres }) => {
    ledger.fault('database restarted');
    await postgres.stop();
    await postgres.start();
  },
  async ({ ledger }, { proxy }) => {
    ledger.fault('connections left half open');
    proxy.freeze();
    await pause(PATIENCE_MS);
  },
  async ({ ledger }, { operator }) => {
    ledger.fault('all connections dropped by the database');
    await operator.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
  },
  async ({ chance, ledger, tokens, urls }) => {
    const say = (mutation: string) => ask(chance.pick(urls), tokens.admin, mutation);
    if ((await say('mutation { pauseAutonomy(input: { reason: "Chaos" }) { paused } }'))?.data)
      ledger.fault('autonomy paused and resumed');
    await pause(PAUSE_MS);
    while (!(await say('mutation { resumeAutonomy(input: {}) { paused } }'))?.data) await pause(100);
  },
];

/** One fault after the other, by the seed, until the time is over. */
export async function injectFaults(world: World, machinery: Machinery): Promise<void> {
  while (!world.stopping.aborted) {
    await pause(500 + world.chance.below(1_000));
    await world.chance.pick(FAULTS)(world, machinery);
  }
}
