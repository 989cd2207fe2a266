import { setTimeout as pause } from 'node:timers/promises';
import { FAILPOINT_ACTIONS, FAILPOINTS, type Failpoint, type FailpointAction } from '../src/kernel/failpoints.js';
import type { PostgresServer } from '../test/support/postgres.js';
import type { TcpProxy } from '../test/support/proxy.js';
import { LEASE_SECONDS } from './agents.js';
import type { Instance } from './fleet.js';
import type { Operator } from './operator.js';
import type { Chance } from './random.js';
import type { World } from './world.js';

/** What faults are done to. */
export interface Machinery {
  readonly instances: readonly Instance[];
  readonly postgres: PostgresServer;
  readonly proxy: TcpProxy;
  readonly operator: Operator;
}

type Fault = (world: World, machinery: Machinery) => Promise<void>;

/** How long a server with a failpoint may take to start and to pass it, in milliseconds. */
const PATIENCE_MS = 40_000;
/** How long connections stay half open, and how long a server hangs, in milliseconds. */
const HELD_MS = 5_000;

const OTHERWISE = FAILPOINT_ACTIONS.filter((action) => action !== 'kill');

/** A named place, and what is to happen there. */
interface Visit {
  readonly place: Failpoint;
  readonly action: FailpointAction;
}

/** Every named place twice: a server dies there, and later hangs or fails. */
function round(chance: Chance): Visit[] {
  const places = [...FAILPOINTS].sort(() => chance.below(3) - 1);
  return [
    ...places.map((place): Visit => ({ place, action: 'kill' })),
    ...places.map((place): Visit => ({ place, action: chance.pick(OTHERWISE) })),
  ];
}

/** Leads a server to a named place. Where it died there it stays dead: whoever comes next starts it. */
async function strike({ ledger, stopping }: World, instance: Instance, { place, action }: Visit): Promise<boolean> {
  await instance.kill();
  const patience = AbortSignal.any([stopping, AbortSignal.timeout(PATIENCE_MS)]);
  const isStruck = await instance.startFor(`${place}:${action}:1`, patience);
  if (isStruck || !stopping.aborted) ledger.strike(place, isStruck ? action : 'not passed');
  if (isStruck && action !== 'kill') await pause(action === 'hang' ? HELD_MS : 1_000);
  return isStruck;
}

const OTHERS: readonly Fault[] = [
  async ({ chance, ledger }, { instances }) => {
    ledger.fault('server killed anywhere');
    const instance = chance.pick(instances);
    await instance.kill();
    await instance.start();
  },
  async ({ chance, ledger }, { instances }) => {
    ledger.fault('server told to stop');
    const instance = chance.pick(instances);
    ledger.stops.push(await instance.stop());
    await instance.start();
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
    await pause(HELD_MS);
  },
  async ({ ledger }, { operator }) => {
    ledger.fault('all connections dropped by the database');
    await operator.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
  },
];

/** Named places that one server is led to before something else happens to the rest. */
const PLACES_AT_ONCE = 3;

/** One fault after the other until the time is over: named places and other ones by turns, by the seed. */
export async function injectFaults(world: World, machinery: Machinery): Promise<void> {
  const { chance, stopping } = world;
  const visits: Visit[] = [];
  while (!stopping.aborted) {
    const instance = chance.pick(machinery.instances);
    for (let count = 0; count < PLACES_AT_ONCE && !stopping.aborted; count += 1) {
      if (visits.length === 0) visits.push(...round(chance));
      const visit = visits.shift();
      // A place that nothing passed in time has its turn again.
      if (visit && !(await strike(world, instance, visit))) visits.push(visit);
    }
    if (!instance.isUp) await instance.start();
    await pause(300 + chance.below(700));
    if (!stopping.aborted) await chance.pick(OTHERS)(world, machinery);
  }
}
