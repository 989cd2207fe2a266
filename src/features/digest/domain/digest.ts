import type { Id } from '../../../kernel/ids.js';
import { visible } from '../../../kernel/visible.js';

/** A day in UTC. */
export interface Day {
  /** As in `2026-06-14`. */
  readonly date: string;
  readonly start: Date;
  /** First instant behind the day. */
  readonly end: Date;
}

/** Something that happened on the day. */
export interface Happening {
  readonly accountId: Id | null;
  readonly kind: 'interactions' | 'actions' | 'insight';
  /** Of the insight; null for what was only counted. */
  readonly subjectId: Id | null;
  readonly text: string;
}

/** Something that waits for somebody, as of now. */
export interface Waiting {
  readonly accountId: Id | null;
  readonly actionId: Id;
  readonly actionType: string;
  /** A role whose holders may decide, or the name of the agent who has to run it. */
  readonly forWhom: string;
  readonly what: 'decision' | 'run';
  readonly since: Date;
  /** When it ends by itself; null: it does not. */
  readonly until: Date | null;
}

/** A goal that moved on the day. */
export interface GoalChange {
  readonly goalId: Id;
  readonly title: string;
  readonly target: number;
  /** When the day began, as far as its changes say. */
  readonly from: number | null;
  readonly to: number | null;
  readonly status: string;
}

/** What there is to say about one account. */
export interface AccountDigest {
  /** Null: what concerns no account. */
  readonly accountId: Id | null;
  readonly accountName: string | null;
  readonly happened: readonly Happening[];
  readonly waiting: readonly Waiting[];
}

/** Insights that nobody has dealt with, as of now. */
export interface OpenInsights {
  readonly total: number;
  /** Those of high or critical severity. */
  readonly severe: number;
}

export interface DailyDigest {
  readonly day: Day;
  readonly openInsights: OpenInsights;
  /** Those for which something waits first, then by name; what concerns no account last. */
  readonly accounts: readonly AccountDigest[];
  readonly goals: readonly GoalChange[];
}

/** What the store found. */
export interface DigestFacts {
  readonly happened: readonly Happening[];
  readonly waiting: readonly Waiting[];
  readonly goals: readonly GoalChange[];
  readonly openInsights: OpenInsights;
  readonly accountNames: ReadonlyMap<Id, string>;
}

const DAY_MS = 86_400_000;

/** The day, in UTC, that an instant lies in. */
export function dayOf(instant: Date): Day {
  const start = new Date(Math.floor(instant.getTime() / DAY_MS) * DAY_MS);
  return { date: start.toISOString().slice(0, 10), start, end: new Date(start.getTime() + DAY_MS) };
}

export const dayBefore = ({ start }: Day): Day => dayOf(new Date(start.getTime() - 1));

/** Groups by account what the store found. */
export function assemble(day: Day, facts: DigestFacts): DailyDigest {
  const { happened, waiting, goals, openInsights, accountNames } = facts;
  const ids = new Set([...happened, ...waiting].map(({ accountId }) => accountId));
  const accounts = [...ids].map((accountId): AccountDigest => {
    const isOf = (item: { readonly accountId: Id | null }) => item.accountId === accountId;
    return {
      accountId,
      accountName: accountId === null ? null : (accountNames.get(accountId) ?? null),
      happened: happened.filter(isOf),
      waiting: waiting.filter(isOf),
    };
  });
  const rank = ({ accountId, waiting: waits }: AccountDigest) => (accountId === null ? 2 : waits.length > 0 ? 0 : 1);
  const nameOf = ({ accountName }: AccountDigest) => accountName ?? '';
  accounts.sort((a, b) => rank(a) - rank(b) || (nameOf(a) < nameOf(b) ? -1 : 1));
  return { day, openInsights, accounts, goals };
}

/** As plain text, for an email. Line breaks in names would look like lines of the digest, so there are none. */
export function render({ day, openInsights, accounts, goals }: DailyDigest): string {
  const sections = accounts.map(({ accountId, accountName, happened, waiting }) =>
    [
      accountId === null ? 'Without an account' : oneLine(accountName ?? accountId),
      ...happened.map(({ text }) => `  - ${oneLine(text)}`),
      ...waiting.map((item) => `  ! ${oneLine(wordsFor(item))}`),
    ].join('\n'),
  );
  const goalLines = goals.map((goal) => `  - ${oneLine(wordsForGoal(goal))}`);
  const { total, severe } = openInsights;
  const insightLines =
    total === 0 ? [] : [`Insights that nobody has dealt with: ${total}, ${severe} of them high or critical.`];
  const nothing =
    sections.length + goalLines.length + insightLines.length === 0 ? ['Nothing happened, and nothing waits.'] : [];
  return [
    `Countersign, ${day.date} (UTC)`,
    ...insightLines,
    ...sections,
    ...(goalLines.length > 0 ? [['Goals', ...goalLines].join('\n')] : []),
    ...nothing,
  ]
    .join('\n\n')
    .concat('\n');
}

export const wordsFor = ({ what, actionType, forWhom, until }: Waiting): string =>
  `${actionType} waits for ${what === 'decision' ? `a decision by ${forWhom}` : `${forWhom} to run it`}` +
  `${until === null ? '' : `, until ${until.toISOString().slice(0, 16).replace('T', ' ')} UTC`}`;

function wordsForGoal({ title, target, from, to, status }: GoalChange): string {
  const moved = to === null ? '' : from === null || from === to ? ` at ${to}` : ` from ${from} to ${to}`;
  return `${title}:${moved} of ${target}, ${status}`;
}

/** Names are somebody's words: they neither start a line of their own nor turn the rest of theirs around. */
const oneLine = (text: string): string => visible(text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' '));
