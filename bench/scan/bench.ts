import { askCell } from '../cell.js';
import type { Postgres } from '../postgres.js';
import { fill, type Size } from './fill.js';
import type { JobFigures, ScanFigures } from './server.js';

/** The same, ten times as large: what grows with the size shows beside what does not. */
const SIZES: readonly Size[] = [
  { accounts: 10_000, interactions: 100_000 },
  { accounts: 100_000, interactions: 1_000_000 },
];
const QUICK_SIZES: readonly Size[] = [
  { accounts: 200, interactions: 3_000 },
  { accounts: 1_000, interactions: 10_000 },
];
/** Customers whose view is asked for, one in ten of them a large account. */
const VIEWS = 200;

/** Runs the jobs over filled databases, each in a fresh process, and gives a section for the report. */
export async function measureScanning(
  quick: boolean,
  postgres: Postgres,
  told: (text: string) => void,
): Promise<string> {
  const sections: string[] = [];
  for (const size of quick ? QUICK_SIZES : SIZES) {
    const url = await postgres.freshDatabase();
    const before = Date.now();
    await fill(url, size);
    told(`${nameOf(size)}: filled in ${Math.round((Date.now() - before) / 1_000)} s`);
    const figures = await askCell<ScanFigures>('scan/server', { databaseUrl: url, accountIds: viewed(size) });
    await postgres.drop(url);
    const section = sectionOf(size, figures);
    told(section);
    sections.push(section);
  }
  return [
    '## Scanning for patterns, through the job runner',
    '',
    '- PostgreSQL and the server share the cores; memory is the server’s, sampled every 50 ms in a fresh process for each size',
    '- one account in a hundred has 200 interactions; one interaction in fifty carries a signal; half of the accounts have an open deal',
    '',
    ...sections,
  ].join('\n');
}

const nameOf = ({ accounts, interactions }: Size): string =>
  `${amount(accounts)} accounts, ${amount(interactions)} interactions`;
const amount = (value: number): string => value.toLocaleString('en');

const viewed = ({ accounts }: Size): readonly string[] =>
  Array.from({ length: Math.min(VIEWS, accounts) }, (_, index) => {
    const number = (index % 10 === 0 ? 100 * (index / 10 + 1) : 7 * index + 1) % accounts || accounts;
    return `01900000-0000-7000-8002-${String(number).padStart(12, '0')}`;
  });

function sectionOf(size: Size, { idleMiB, jobs, viewMs }: ScanFigures): string {
  const at = (share: number): string => (viewMs[Math.floor(share * (viewMs.length - 1))] ?? Number.NaN).toFixed(1);
  return [
    `### ${nameOf(size)}`,
    '',
    '| | duration | accounts/s | largest resident set | largest heap | result |',
    '| --- | ---: | ---: | ---: | ---: | --- |',
    ...jobs.map(rowOf),
    '',
    `Before the first job the process held ${idleMiB} MiB. A customer’s view took ${at(0.5)} ms (p50), ${at(0.99)} ms (p99), one after the other over HTTP.`,
    '',
  ].join('\n');
}

function rowOf({ title, seconds, rssMiB, heapMiB, counts, failed }: JobFigures): string {
  const { accounts } = counts;
  const rate = accounts === undefined ? '' : amount(Math.round(accounts / seconds));
  const result = Object.entries(counts).map(([name, count]) => `${name.replaceAll('_', ' ')} ${amount(count)}`);
  return `| ${title} | ${seconds.toFixed(1)} s | ${rate} | ${rssMiB} MiB | ${heapMiB} MiB | ${[...result, `failed ${failed}`].join(', ')} |`;
}
