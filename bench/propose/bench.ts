import pg from 'pg';
import { askCell } from '../cell.js';
import { HISTORY } from '../history.js';
import type { Postgres } from '../postgres.js';
import type { Measured } from '../report.js';
import { type Contestant, measureInTurn, spreadOf } from '../rounds.js';
import type { Times } from '../suite.js';
import { IN_FLIGHT, type ProposeAnswer, type ProposeInput } from './in-flight.js';
import { hasPgbench, pgbench } from './pgbench.js';

/** Bench 2: what an agent's proposal costs until it is on disk. */
export async function measureProposing(
  times: Times,
  postgres: Postgres,
  told: (text: string) => void,
): Promise<Measured> {
  const latencies: ProposeAnswer['latency'][] = [];
  const program = (name: string, title: string, goal?: number): Contestant => ({
    name,
    title,
    ...(goal !== undefined && { goal }),
    measure: () =>
      onFreshDatabase(name, postgres, times, async (input) => {
        const answer = await askCell<ProposeAnswer>(`propose/${name}`, input);
        if (name === 'countersign') latencies.push(answer.latency);
        return answer;
      }),
  });
  const generator = (rows: number, goal: number): Contestant => ({
    name: `pgbench-${rows}`,
    title: rows === 1 ? 'pgbench, one statement each' : `pgbench, ${rows} a statement: the limit`,
    goal,
    measure: () => onFreshDatabase(`pgbench-${rows}`, postgres, times, (input) => pgbench(rows, input)),
  });
  const contestants = [
    program('countersign', 'Countersign'),
    program('mikro-orm', 'MikroORM, one transaction each', 25),
    program('pg-cte', 'pg, one prepared statement each'),
    ...(hasPgbench ? [generator(1, 3), generator(50, 0.4)] : []),
  ];
  const rates = await measureInTurn(contestants, times.rounds, told);
  const median = (part: 'p50' | 'p99') => spreadOf(latencies.map((latency) => latency[part])).median.toFixed(1);
  return {
    title: 'Proposing, in process, durable',
    unit: 'proposals',
    ours: 'countersign',
    contestants,
    rates,
    notes: [
      Object.entries(postgres.settings)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
      `${IN_FLIGHT} proposals in flight; each leaves the same three rows (action, approval, event), counted afterwards; a fresh copy of a database with ${HISTORY.toLocaleString('en')} proposals for every cell`,
      'ours also looks the account up, checks the guardrails, makes digests, honours the idempotency key and writes through row-level security; the others only insert ready-made rows',
      `ours acknowledged after ${median('p50')} ms (p50) and ${median('p99')} ms (p99), closed loop`,
      ...(hasPgbench ? [] : ['pgbench not found on this machine: the ratios to it are missing']),
      'pg-boss is not a dependency yet: not measured',
    ],
  };
}

interface Acknowledged {
  readonly perSecond: number;
  readonly acknowledged: number;
}

async function onFreshDatabase(
  name: string,
  postgres: Postgres,
  { warmUpSeconds, seconds }: Times,
  run: (input: ProposeInput) => Promise<Acknowledged>,
): Promise<number> {
  const databaseUrl = await postgres.freshDatabase();
  const { perSecond, acknowledged } = await run({ databaseUrl, sample: postgres.sample, warmUpSeconds, seconds });
  await requireStored(databaseUrl, acknowledged, name);
  await postgres.drop(databaseUrl);
  return perSecond;
}

/** Every acknowledged proposal is there in full, besides those that were there before. */
async function requireStored(databaseUrl: string, acknowledged: number, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query(
    `select (select count(*)::int from action) a, (select count(*)::int from approval) r,
       (select count(*)::int from event where type = 'approval.requested') e`,
  );
  await client.end();
  const { a, r, e } = rows[0];
  const expected = HISTORY + acknowledged;
  if (a !== expected || r !== expected || e !== expected) {
    throw new Error(`${name}: expected ${expected} proposals, stored ${a} actions, ${r} approvals, ${e} events`);
  }
}
