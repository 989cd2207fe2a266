import type { ChaosOptions, ChaosReport } from './run.js';

/** Violations of one invariant that are printed in full. */
const SHOWN = 10;

/** What people read after a run, and keep. */
export function describe({ seed, minutes, instances }: ChaosOptions, { ledger, findings }: ChaosReport): string {
  const { proposed, decided, claims, reports, effects, repeats, faults, seen } = ledger;
  const work = [
    `${proposed.size} actions acknowledged, ${decided.size} decisions, ${claims.size} claims by pieces, ${reports.length} reports`,
    `${effects.length} effects (${countBy(effects.map(({ receiver }) => receiver))}), ${repeats} repeats known by their key`,
    `${seen.map(({ length }) => length).join(', ')} changes seen by subscribers`,
  ];
  const injected = [...faults].sort().map(([name, count]) => [name, String(count)]);
  const checked = findings.map(({ invariant, cases, violations }) => [
    invariant,
    String(cases),
    violations.length === 0 ? 'holds' : `VIOLATED ${violations.length}`,
  ]);
  const wrong = findings.flatMap(({ invariant, violations }) =>
    violations.slice(0, SHOWN).map((violation) => `${invariant}: ${violation}`),
  );
  return [
    `Seed ${seed}, ${minutes} minutes, ${instances} instances.`,
    '',
    ...work.map((line) => `- ${line}`),
    '',
    table(['fault', 'times'], injected),
    '',
    table(['invariant', 'cases', 'outcome'], checked),
    ...(wrong.length > 0 ? ['', ...wrong] : []),
  ].join('\n');
}

const countBy = (words: readonly string[]): string =>
  [...Map.groupBy(words, (word) => word)].map(([word, all]) => `${word} ${all.length}`).join(', ');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
