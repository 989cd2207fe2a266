import { FAILPOINTS } from '../src/kernel/failpoints.js';
import type { Finding } from './invariants.js';
import { ELSEWHERE, PROMISES } from './promises.js';
import type { ChaosOptions, ChaosReport } from './run.js';

/** Violations of one invariant that are printed in full. */
const SHOWN = 10;

/** What people read after a run, and keep. */
export function describe({ seed, minutes, instances }: ChaosOptions, { ledger, findings }: ChaosReport): string {
  const { proposed, decided, claims, reports, effects, repeats, faults, seen, edits, struck } = ledger;
  const work = [
    `${proposed.size} actions acknowledged, ${decided.size} decisions, ${edits.size} edited, ${claims.size} claims by pieces, ${reports.length} reports`,
    `${effects.length} effects (${countBy(effects.map(({ receiver }) => receiver))}), ${repeats} repeats known by their key`,
    `${seen.map(({ length }) => length).join(', ')} changes seen by subscribers`,
  ];
  const injected = [...faults].sort().map(([name, count]) => [name, String(count)]);
  const places = FAILPOINTS.map((place) => {
    const counts = struck.get(place);
    return [place, ...(['kill', 'hang', 'throw', 'not passed'] as const).map((what) => String(counts?.get(what) ?? 0))];
  });
  const threats = Object.entries(PROMISES).flatMap(([key, threat]) => {
    const held = findings.filter(({ promise }) => promise === key);
    return held.map((finding, at) => [at === 0 ? threat : '', ...row(finding)]);
  });
  const ofRig = findings.filter(({ promise }) => promise === undefined).map((finding) => ['', ...row(finding)]);
  const wrong = findings.flatMap(({ invariant, violations }) =>
    violations.slice(0, SHOWN).map((violation) => `${invariant}: ${violation}`),
  );
  return [
    `Seed ${seed}, ${minutes} minutes, ${instances} instances.`,
    '',
    ...work.map((line) => `- ${line}`),
    '',
    table(['named place', 'killed there', 'hung', 'failed', 'set and not passed in time'], places),
    '',
    table(['fault', 'times'], injected),
    '',
    table(['when', 'what holds', 'cases', 'outcome'], [...threats, ...ofRig]),
    '',
    table(['not tried here', 'tried by'], Object.entries(ELSEWHERE)),
    ...(wrong.length > 0 ? ['', ...wrong] : []),
  ].join('\n');
}

const row = ({ invariant, cases, violations }: Finding): string[] => [
  invariant,
  String(cases),
  violations.length > 0 ? `VIOLATED ${violations.length}` : cases === 0 ? 'never came up' : 'holds',
];

const countBy = (words: readonly string[]): string =>
  [...Map.groupBy(words, (word) => word)].map(([word, all]) => `${word} ${all.length}`).join(', ');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
