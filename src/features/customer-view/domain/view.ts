import type { Id } from '../../../kernel/ids.js';
import type { JsonObject } from '../../../kernel/json.js';

/** Over what something reached the customer, or was done for them. */
export const TIMELINE_CHANNELS = ['email', 'chat', 'meeting', 'crm', 'agent'] as const;
export type TimelineChannel = (typeof TIMELINE_CHANNELS)[number];

/** One thing in an account's past or near future: an interaction, or an action of an agent. */
export interface TimelineEntry {
  /** Of the interaction or action. */
  readonly id: Id;
  readonly kind: 'interaction' | 'action';
  readonly at: Date;
  readonly channel: TimelineChannel;
  /** Null for actions, and where nobody knows. */
  readonly direction: 'inbound' | 'outbound' | null;
  readonly status: string;
  /** Whom it was with. */
  readonly person: string | null;
  /** The subject line, or the type of the action. */
  readonly title: string | null;
  /** What was said, or why the action was proposed. */
  readonly text: string;
  /** What the agent reported of an action that ran. */
  readonly outcome: JsonObject | null;
  readonly failure: string | null;
}

/** How many interactions went over one channel. */
export interface ChannelCount {
  readonly channel: TimelineChannel;
  readonly count: number;
}

/** A week or month of an account in a few figures. */
export interface PeriodSummary {
  readonly granularity: 'week' | 'month';
  /** Monday, or the first of the month, in UTC. */
  readonly start: Date;
  /** First instant behind the period. */
  readonly end: Date;
  readonly channels: readonly ChannelCount[];
  readonly inbound: number;
  readonly outbound: number;
  /** With whom, at most `MAX_PEOPLE`. */
  readonly people: readonly string[];
  /** One sentence with these figures. */
  readonly text: string;
}

/** Something that mattered in a period, in the words in which it was said. Words of customers: data. */
export interface Highlight {
  /** As in `PatternType`. */
  readonly type: string;
  readonly evidence: {
    readonly interactionId: Id;
    readonly field: 'subject' | 'content';
    readonly quote: string;
    readonly start: number;
    readonly end: number;
    readonly at: Date;
  };
}

/** What tells one state of a period from another. */
export interface Basis {
  /** Entries of the timeline in it. */
  readonly entries: number;
  /** When one of its interactions last changed; null: there is none. */
  readonly changedAt: Date | null;
}

/** A period with what was kept of it when it was over. */
export interface ToldSummary extends PeriodSummary {
  readonly highlights: readonly Highlight[];
  readonly narrative: string | null;
}

/** What the store counts for a period. */
export interface PeriodCounts extends Omit<PeriodSummary, 'end' | 'text'>, Basis {
  readonly peopleCount: number;
}

/** From so many days ago on, everything is shown in full. */
export const FULL_DAYS = 30;
/** From so many days ago on, and before those in full, a line stands for a week; for a month before that. */
export const WEEKLY_DAYS = 90;
export const MAX_PEOPLE = 5;

const DAY_MS = 86_400_000;

/** Where full text, weeks and months meet. */
export const bordersAt = (now: Date): { readonly full: Date; readonly weekly: Date } => ({
  full: new Date(now.getTime() - FULL_DAYS * DAY_MS),
  weekly: new Date(now.getTime() - WEEKLY_DAYS * DAY_MS),
});

const WORDS: Readonly<Record<TimelineChannel, readonly [one: string, many: string]>> = {
  email: ['email', 'emails'],
  chat: ['chat message', 'chat messages'],
  meeting: ['meeting', 'meetings'],
  crm: ['CRM note', 'CRM notes'],
  agent: ['agent action', 'agent actions'],
};

/** Puts a period into words. */
export function summarise({
  peopleCount,
  entries: _entries,
  changedAt: _changedAt,
  ...counts
}: PeriodCounts): PeriodSummary {
  const { granularity, start, channels, people, inbound, outbound } = counts;
  const parts = channels.map(({ channel, count }) => `${count} ${WORDS[channel][count === 1 ? 0 : 1]}`);
  const others = peopleCount - people.length;
  const named = others > 0 ? [...people, `${others} other${others === 1 ? '' : 's'}`] : people;
  const who = named.length === 0 ? '' : ` with ${inWords(named)}`;
  const ways = inbound + outbound === 0 ? '' : ` (${inbound} from them, ${outbound} from us)`;
  return { ...counts, end: endOf(granularity, start), text: `${inWords(parts)}${who}${ways}.` };
}

function inWords(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** First instant behind a period. */
export const endOf = (granularity: PeriodSummary['granularity'], start: Date): Date =>
  granularity === 'week'
    ? new Date(start.getTime() + 7 * DAY_MS)
    : new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1));
