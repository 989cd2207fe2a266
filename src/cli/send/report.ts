import { REMARK_KINDS, type RemarkKind } from '../import/index.js';
import { type RefusalList, SHOWN } from './refusal-list.js';
import type { Counts, Tally } from './tally.js';

const COLUMNS: readonly (readonly [title: string, of: keyof Counts])[] = [
  ['read', 'read'],
  ['created', 'created'],
  ['updated', 'updated'],
  ['unchanged', 'unchanged'],
  ['no account', 'withoutAccount'],
  ['refused', 'refused'],
];

/** What an import prints at its end: counts by kind, remarks by kind, and each refusal. */
export function report(tally: Tally, refusals: RefusalList): string {
  const remarks = [...tally.remarks].map(([kind, count]) => remarkLine(kind, count));
  return [
    ...table(tally),
    ...(remarks.length > 0 ? ['', 'Kept, but not exactly as written:', ...remarks] : []),
    ...(refusals.count > 0 ? ['', ...refusalLines(refusals)] : []),
    '',
  ].join('\n');
}

function table(tally: Tally): string[] {
  const cells = [
    ['', ...COLUMNS.map(([title]) => title)],
    ...tally.rows().map(({ label, counts }) => [label, ...COLUMNS.map(([, of]) => grouped(counts[of]))]),
  ];
  const widths = COLUMNS.map((_, index) => Math.max(...cells.map((row) => row[index + 1]?.length ?? 0)));
  const labelWidth = Math.max(...cells.map(([label = '']) => label.length));
  return cells.map(([label = '', ...figures]) =>
    [label.padEnd(labelWidth), ...figures.map((figure, index) => figure.padStart(widths[index] ?? 0))].join('  '),
  );
}

const remarkLine = (kind: RemarkKind, count: number): string => `${grouped(count).padStart(7)}  ${REMARK_KINDS[kind]}`;

function refusalLines({ count, shown, path }: RefusalList): string[] {
  if (count <= SHOWN) return [`Refused (${count}):`, ...shown];
  return [`Refused (the first ${SHOWN} of ${grouped(count)}; all of them are in ${path}):`, ...shown];
}

const grouped = (count: number): string => count.toLocaleString('en-US');
