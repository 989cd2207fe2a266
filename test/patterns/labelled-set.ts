import { readFileSync } from 'node:fs';
import { detectPatterns } from '../../src/features/patterns/domain/detect.js';
import {
  type AccountSituation,
  DAY_MS,
  INITIAL_THRESHOLDS,
  type ObservedInteraction,
  PATTERN_TYPES,
  type PatternType,
} from '../../src/features/patterns/domain/pattern.js';

export const NOW = new Date('2026-06-15T09:00:00Z');

/** One line of the labelled set. */
export interface Example {
  readonly voice: string;
  readonly expected: readonly PatternType[];
  readonly text: string;
}

const isType = (word: string): word is PatternType => PATTERN_TYPES.some((type) => type === word);

export function readExamples(name: 'tuning' | 'held-out' | 'blind'): Example[] {
  const lines = readFileSync(new URL(`./labelled/${name}.txt`, import.meta.url), 'utf8').split('\n');
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [voice = '', labels = '', ...text] = line.split(' | ');
      const words = labels.trim().split(' ');
      const unknown = words.filter((word) => word !== '-' && !isType(word));
      if (unknown.length > 0 || text.length === 0) throw new Error(`not an example: ${line}`);
      return { voice: voice.trim(), expected: words.filter(isType), text: text.join(' | ').replaceAll('\\n', '\n') };
    });
}

export const interaction = (given: Partial<ObservedInteraction> = {}): ObservedInteraction => ({
  id: '00000000-0000-7000-8000-000000000001',
  occurredAt: new Date(NOW.getTime() - DAY_MS),
  channel: 'email',
  direction: 'inbound',
  status: 'completed',
  contactId: null,
  contactName: null,
  subject: null,
  content: '',
  ...given,
});

export const situation = (
  interactions: readonly ObservedInteraction[],
  given: Partial<AccountSituation> = {},
): AccountSituation => ({
  accountId: '00000000-0000-7000-8000-00000000000a',
  accountName: 'Betatech',
  interactions,
  contacts: [],
  deals: [{ stage: 'discovery', product: 'GTX Pro' }],
  competitors: ['NorthPeak', 'PrimusTech', 'BlueHawk', 'Aurelia'],
  ...given,
});

const VOICES: Readonly<Record<string, Partial<ObservedInteraction>>> = {
  theirs: { channel: 'email', direction: 'inbound' },
  ours: { channel: 'email', direction: 'outbound' },
  note: { channel: 'meeting', direction: null },
};

/** What the letters of a timeline stand for; behind each, how many days ago. */
const STEPS: Readonly<Record<string, Partial<ObservedInteraction>>> = {
  i: { direction: 'inbound' },
  o: { direction: 'outbound' },
  u: { direction: null },
  m: { channel: 'meeting', direction: null },
  s: { channel: 'meeting', direction: null, status: 'scheduled' },
  c: { channel: 'meeting', direction: null, status: 'cancelled' },
};

/** Examples of when there was contact, not of what was said. */
export const isTimed = (voice: string): boolean => voice === 'times' || voice === 'won';

function interactionsOf({ voice, text }: Example): ObservedInteraction[] {
  if (!isTimed(voice)) return [interaction({ ...VOICES[voice], content: text })];
  return text.split(' ').map((step, index) =>
    interaction({
      ...STEPS[step[0] ?? ''],
      id: `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`,
      occurredAt: new Date(NOW.getTime() - Number(step.slice(1)) * DAY_MS),
      content: `Step ${index}.`,
    }),
  );
}

export const detectIn = (example: Example): PatternType[] => {
  const deals = example.voice === 'won' ? { deals: [{ stage: 'closed_won', product: 'GTX Pro' }] } : {};
  return detectPatterns(situation(interactionsOf(example), deals), NOW, INITIAL_THRESHOLDS).map(({ type }) => type);
};

export interface Score {
  readonly type: string;
  readonly right: number;
  readonly wrong: number;
  readonly missed: number;
}

export const precisionOf = ({ right, wrong }: Score): number => (right + wrong === 0 ? 1 : right / (right + wrong));
export const recallOf = ({ right, missed }: Score): number => (right + missed === 0 ? 1 : right / (right + missed));

/** How detection did on some examples, by type. */
export function score(examples: readonly Example[]): Score[] {
  const judged = examples.map((example) => ({ expected: example.expected, found: detectIn(example) }));
  return PATTERN_TYPES.filter((type) => type !== 'shared_topic').map((type) => {
    const count = (expected: boolean, found: boolean) =>
      judged.filter((one) => one.expected.includes(type) === expected && one.found.includes(type) === found).length;
    return { type, right: count(true, true), wrong: count(false, true), missed: count(true, false) };
  });
}

export const total = (scores: readonly Score[]): Score =>
  scores.reduce(
    (sum, { right, wrong, missed }) => ({
      type: 'all',
      right: sum.right + right,
      wrong: sum.wrong + wrong,
      missed: sum.missed + missed,
    }),
    { type: 'all', right: 0, wrong: 0, missed: 0 },
  );

/** The figures as a table for people. */
export function tableOf(title: string, scores: readonly Score[]): string {
  const cell = (value: string | number, width: number) => String(value).padStart(width);
  const row = (one: Score) =>
    `${one.type.padEnd(24)}${cell(one.right, 6)}${cell(one.wrong, 6)}${cell(one.missed, 7)}` +
    `${cell(precisionOf(one).toFixed(2), 10)}${cell(recallOf(one).toFixed(2), 8)}`;
  const head = `${title.padEnd(24)}${cell('right', 6)}${cell('wrong', 6)}${cell('missed', 7)}${cell('precision', 10)}${cell('recall', 8)}`;
  return [head, ...[...scores, total(scores)].map(row)].join('\n');
}
