import { daysBetween, isContact, median, opening, tookPlace } from './contacts-in-time.js';
import { DAY_MS, type Evidence, type ObservedInteraction, type PatternType } from './pattern.js';

/** Something that shows in when people were in contact. */
export interface TimedFinding {
  readonly type: Extract<
    PatternType,
    'silence' | 'dormancy' | 'slowing_replies' | 'engagement_rise' | 'engagement_drop'
  >;
  readonly confidence: number;
  readonly summary: string;
  /** Newest first; not empty. */
  readonly evidence: readonly Evidence[];
}

/** From this many days without contact on, an account is silent. */
export const SILENCE_DAYS = 14;
/** From this many days on, silence is a more severe risk. */
export const LONG_SILENCE_DAYS = 30;
/**
 * Beyond so many days, and with nothing left to win, silence is no news: the account is dormant, which concerns people
 * and interrupts nobody. With an open deal it stays a risk, however long it lasts.
 */
export const DORMANT_DAYS = 180;

/** What is usual is measured over this many stretches of `STRETCH_DAYS` before the latest. */
const USUAL_STRETCHES = 4;
const STRETCH_DAYS = 14;
const RISE_LEAST = 3;
const DROP_FROM = 2;
const EVIDENCE = 5;

/** What the times of an account's interactions show. @param hasOpenDeal whether there is something left to win */
export function findInTimes(
  interactions: readonly ObservedInteraction[],
  now: Date,
  hasOpenDeal: boolean,
): TimedFinding[] {
  const past = tookPlace(interactions, now);
  const contacts = past.filter(isContact);
  const ahead = interactions.some(
    ({ status, occurredAt }) =>
      status === 'scheduled' && occurredAt > now && daysBetween(now, occurredAt) <= SILENCE_DAYS,
  );
  const silence = ahead ? undefined : findSilence(contacts, now, hasOpenDeal);
  const found = [silence, findSlowing(past, now), silence ? undefined : findChange(contacts, now)];
  return found.filter((finding) => finding !== undefined);
}

/** The customer has not been heard of for two weeks, and nothing is planned for the next two. */
function findSilence(
  contacts: readonly ObservedInteraction[],
  now: Date,
  hasOpenDeal: boolean,
): TimedFinding | undefined {
  const last = contacts.at(-1);
  if (!last) return undefined;
  const days = Math.floor(daysBetween(last.occurredAt, now));
  if (days < SILENCE_DAYS) return undefined;
  const gaps = gapsBetween(contacts);
  const usual = gaps.length < 2 ? undefined : median(gaps);
  // Surer, the longer it lasts, and the more it departs from their own rhythm.
  const longer = Math.min(0.15, (days - SILENCE_DAYS) / 200);
  const unlike = usual === undefined || usual <= 0 ? 0 : Math.min(0.1, (days / usual - 1) / 50);
  const rhythm = usual === undefined ? '' : `; before, there was contact every ${inDays(usual)}`;
  return {
    type: days > DORMANT_DAYS && !hasOpenDeal ? 'dormancy' : 'silence',
    confidence: 0.72 + longer + Math.max(0, unlike),
    summary: `No contact for ${days} days${rhythm}.`,
    evidence: [opening(last)],
  };
}

/** The last answers took at least twice as long as those before them. */
function findSlowing(past: readonly ObservedInteraction[], now: Date): TimedFinding | undefined {
  const replies = repliesIn(past);
  if (replies.length < 5) return undefined;
  const recent = replies.slice(-3);
  const [newest] = recent.slice(-1);
  if (!newest || daysBetween(newest.reply.occurredAt, now) > 60) return undefined;
  const before = median(replies.slice(0, -3).map(({ ms }) => ms));
  const now3 = median(recent.map(({ ms }) => ms));
  const ratio = now3 / Math.max(before, DAY_MS / 24);
  if (now3 < DAY_MS || ratio < 2) return undefined;
  return {
    type: 'slowing_replies',
    confidence: Math.min(0.95, 0.65 + 0.1 * Math.log2(ratio)),
    summary: `Replies now take ${inDays(now3 / DAY_MS)}; before, they took ${inDays(before / DAY_MS)}.`,
    evidence: recent.map(({ reply }) => opening(reply)).reverse(),
  };
}

/** Written answers with how long they took: from our first message that waited for one. */
function repliesIn(past: readonly ObservedInteraction[]): { reply: ObservedInteraction; ms: number }[] {
  const replies: { reply: ObservedInteraction; ms: number }[] = [];
  let waitingSince: Date | undefined;
  for (const interaction of past) {
    if (interaction.channel !== 'email' && interaction.channel !== 'chat') continue;
    if (interaction.direction === 'outbound') waitingSince ??= interaction.occurredAt;
    if (interaction.direction !== 'inbound' || !waitingSince) continue;
    replies.push({ reply: interaction, ms: interaction.occurredAt.getTime() - waitingSince.getTime() });
    waitingSince = undefined;
  }
  return replies;
}

/** The last two weeks against what was usual in the eight before. */
function findChange(contacts: readonly ObservedInteraction[], now: Date): TimedFinding | undefined {
  const daysAgo = (interaction: ObservedInteraction) => daysBetween(interaction.occurredAt, now);
  const latest = contacts.filter((contact) => daysAgo(contact) <= STRETCH_DAYS);
  const earlier = contacts.filter((contact) => {
    const days = daysAgo(contact);
    return days > STRETCH_DAYS && days <= STRETCH_DAYS * (USUAL_STRETCHES + 1);
  });
  const oldest = contacts[0];
  // Without a past of at least half that length there is nothing usual to compare with.
  if (!oldest || daysAgo(oldest) < (STRETCH_DAYS * (USUAL_STRETCHES + 1)) / 2) return undefined;
  const usual = earlier.length / USUAL_STRETCHES;
  const summary = `${latest.length} contacts in the last ${STRETCH_DAYS} days; usual were ${round(usual)}.`;
  const confidenceOf = (ratio: number) => Math.min(0.95, 0.65 + 0.1 * Math.log2(ratio));
  if (latest.length >= RISE_LEAST && latest.length >= 2 * usual) {
    const ratio = latest.length / Math.max(usual, 0.5);
    return { type: 'engagement_rise', confidence: confidenceOf(ratio), summary, evidence: newest(latest) };
  }
  if (usual >= DROP_FROM && latest.length <= usual / 2) {
    const ratio = usual / Math.max(latest.length, 0.5);
    const evidence = newest(latest.length > 0 ? latest : earlier);
    return { type: 'engagement_drop', confidence: confidenceOf(ratio), summary, evidence };
  }
  return undefined;
}

const newest = (contacts: readonly ObservedInteraction[]): Evidence[] =>
  contacts.slice(-EVIDENCE).map(opening).reverse();

const gapsBetween = (contacts: readonly ObservedInteraction[]): number[] =>
  contacts
    .slice(1)
    .map((contact, index) => daysBetween(contacts[index]?.occurredAt ?? contact.occurredAt, contact.occurredAt));

const round = (value: number): number => Math.round(value * 10) / 10;

const inDays = (days: number): string => {
  if (days < 1) return `${Math.max(1, Math.round(days * 24))} hours`;
  return `${round(days)} ${round(days) === 1 ? 'day' : 'days'}`;
};
