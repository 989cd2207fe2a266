import type { Facts } from './facts.js';
import type { Gates, Hours } from './policy.js';
import { titleNames } from './titles.js';

/** Why the gates keep an action from running alone, to stand after "because"; undefined: all are open. */
export function closedGate(gates: Gates | undefined, facts: Facts, now: Date): string | undefined {
  if (!gates) return undefined;
  const { dealValueAbove, stages, contactTitles, hours } = gates;
  if (dealValueAbove !== undefined && facts.dealValue !== undefined) {
    if (facts.dealValue === null) {
      return `the deal has no value, and above ${dealValueAbove} the policy asks a person`;
    }
    // Written so that what is no number counts as above.
    if (!(facts.dealValue <= dealValueAbove)) {
      return `the deal’s value is ${facts.dealValue}, and above ${dealValueAbove} the policy asks a person`;
    }
  }
  if (stages?.some((stage) => stage === facts.dealStage)) {
    return `the deal is in stage ${facts.dealStage}, which the policy gates`;
  }
  const named = contactTitles?.find((wanted) => facts.contactTitles.some((title) => titleNames(title, wanted)));
  if (named !== undefined) return `a contact’s title has “${named}”, for which the policy asks a person`;
  if (hours && !isWithin(hours, now)) {
    const { from, to, timeZone } = hours;
    return `it is outside the policy’s hours, ${clockTime(from)} to ${clockTime(to)} in ${timeZone} on ${daysOf(hours)}`;
  }
  return undefined;
}

const WEEKDAYS: readonly (string | undefined)[] = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Minutes after midnight as people write them, e.g. `08:30`; the end of the day is `24:00`. */
export const clockTime = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');

export const daysOf = ({ days }: Pick<Hours, 'days'>): string => days.map((day) => WEEKDAYS[day - 1] ?? '?').join(', ');

/** Whether `now` lies in the hours, by the clock of their time zone. A zone that nobody knows has no hours. */
export function isWithin({ timeZone, from, to, days }: Hours, now: Date): boolean {
  const format = formatOf(timeZone);
  if (!format) return false;
  const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]));
  const day = WEEKDAYS.indexOf(parts.get('weekday')) + 1;
  const minute = Number(parts.get('hour')) * 60 + Number(parts.get('minute'));
  return days.includes(day) && minute >= from && minute < to;
}

/** By time zone; making one is slow. Zones are few: validated policies name only those that exist. */
const formats = new Map<string, Intl.DateTimeFormat | undefined>();

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  // Stryker disable next-line ConditionalExpression: only time is saved
  if (!formats.has(timeZone)) formats.set(timeZone, makeFormat(timeZone));
  return formats.get(timeZone);
}

function makeFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    // Stryker disable next-line BlockStatement: undefined comes of it either way
  } catch {
    // A RangeError: of all that is asked for here only the zone can be unknown.
    return undefined;
  }
}

/** Whether the time zone is one that this server knows. */
export const isTimeZone = (timeZone: string): boolean => makeFormat(timeZone) !== undefined;
