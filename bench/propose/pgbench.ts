import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACCOUNTS, accountId } from '../postgres.js';
import { IN_FLIGHT, type ProposeInput } from './in-flight.js';
import { CHANGING, type Part, type Sample } from './proposal.js';

/** Whether PostgreSQL's own load generator is installed on this machine; npm has none. */
export const hasPgbench = spawnSync('pgbench', ['--version']).status === 0;

const EXPRESSIONS: Readonly<Record<Part, string>> = {
  action: 'action',
  approval: 'approval',
  account: 'account',
  key: 'action::text',
  now: 'now()',
  later: `now() + interval '72 hours'`,
};

/** The three rows of each of `rows` proposals in one statement, made up by the server itself. */
function script(sample: Sample, rows: number): string {
  const insert = (table: keyof Sample): string => {
    const columns = Object.keys(sample[table]);
    const values = columns.map((column) => {
      const part = CHANGING[table][column];
      return part === undefined ? literal(sample[table][column]) : EXPRESSIONS[part];
    });
    return `insert into ${table} (${columns.join(', ')}) select ${values.join(', ')} from p`;
  };
  return `
\\set first random(0, ${ACCOUNTS - 1})
with
  accounts as (select '{${Array.from({ length: ACCOUNTS }, (_, index) => accountId(index)).join(',')}}'::uuid[] as all_of),
  p as materialized (
    select uuidv7() as action, uuidv7() as approval,
      (select all_of from accounts)[1 + (:first + n) % ${ACCOUNTS}] as account
    from generate_series(1, ${rows}) as n
  ),
  a as (${insert('action')}),
  r as (${insert('approval')})
${insert('event')};
`;
}

/** A colon before a letter or digit would be a variable to pgbench, even inside a text. */
function literal(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return `'${text.replaceAll("'", "''").replaceAll(/:(?=\w)/g, ': ')}'`;
}

export interface PgbenchAnswer {
  readonly perSecond: number;
  readonly acknowledged: number;
}

/** PostgreSQL's limit: proposals a second that no program had to make. */
export async function pgbench(rows: number, input: ProposeInput): Promise<PgbenchAnswer> {
  const { databaseUrl, sample, warmUpSeconds, seconds } = input;
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-'));
  try {
    const file = join(folder, 'propose.sql');
    await writeFile(file, script(sample, rows));
    // As many proposals wait as in every other cell, but never fewer than two statements.
    const clients = Math.max(2, Math.round(IN_FLIGHT / rows));
    const options = ['-n', '-M', 'prepared', '-c', String(clients), '-j', '2', '-P', '1', '-f', file];
    const { stdout, stderr } = await run('pgbench', [...options, '-T', String(warmUpSeconds + seconds), databaseUrl]);
    const transactions = Number(/actually processed: (\d+)/.exec(stdout)?.[1]);
    if (!/failed transactions: 0 /.test(stdout)) throw new Error(`pgbench: ${stdout}${stderr}`);
    const ticks = [...stderr.matchAll(/progress: ([\d.]+) s, ([\d.]+) tps/g)]
      .filter(([, at]) => Number(at) > warmUpSeconds + 0.5)
      .map(([, , tps]) => Number(tps));
    if (ticks.length === 0) throw new Error(`pgbench: no progress in ${stderr}`);
    const mean = ticks.reduce((sum, tps) => sum + tps, 0) / ticks.length;
    return { perSecond: mean * rows, acknowledged: transactions * rows };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const run = (command: string, parameters: readonly string[]): Promise<{ stdout: string; stderr: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, parameters, { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve({ stdout, stderr }) : reject(new Error(`${command} ended with ${code}: ${stderr}`)),
    );
  });
