import { ownSentences } from './own-words.js';
import { DAY_MS, type Evidence, type ObservedInteraction } from './pattern.js';

/** What took place, oldest first: without what was called off, and without what lies ahead. */
export const tookPlace = (interactions: readonly ObservedInteraction[], now: Date): ObservedInteraction[] =>
  interactions
    .filter(({ status, occurredAt }) => status !== 'cancelled' && occurredAt <= now)
    .sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime() || (a.id < b.id ? -1 : 1));

/**
 * Whether the customer took part: a message of theirs, a meeting, or an exchange of which nobody wrote down from whom
 * it came. Our own messages that nobody answered are no sign of life.
 */
export const isContact = ({ direction, channel }: ObservedInteraction): boolean =>
  direction === 'inbound' || channel === 'meeting' || (direction === null && channel !== 'crm');

/** The first thing said in an interaction; for one without words, the empty beginning of its text. */
export function opening({ id, subject, content, occurredAt }: ObservedInteraction): Evidence {
  for (const [field, text] of [['content', content] as const, ['subject', subject ?? ''] as const]) {
    const [first] = ownSentences(text);
    if (first) return { interactionId: id, field, quote: text.slice(first.start, first.end), ...first, at: occurredAt };
  }
  return { interactionId: id, field: 'content', quote: '', start: 0, end: 0, at: occurredAt };
}

export const daysBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / DAY_MS;

/** @param values not empty */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
