/** How dates without a four-digit year in front are ordered. ISO dates are recognised whatever this says. */
export const DATE_ORDERS = ['MDY', 'DMY'] as const;
export type DateOrder = (typeof DATE_ORDERS)[number];

export type ReadDate =
  | {
      readonly ok: true;
      /** `YYYY-MM-DD`, in UTC. */
      readonly date: string;
      /** ISO instant in UTC; midnight when no time was written. */
      readonly instant: string;
    }
  | { readonly ok: false; readonly reason: string };

/** Years outside are typing errors, not sales. */
export const FIRST_YEAR = 1970;
export const LAST_YEAR = 2100;
/** Two-digit years from here on belong to the 1900s. */
const PIVOT_YEAR = 70;

const YEAR_FIRST = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:(?:T|\s+)(.+))?$/i;
const YEAR_LAST = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?:,?\s+(.+))?$/;
const TIME = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(am|pm)?\s*(z|[+-]\d{2}:?\d{2})?$/i;

/**
 * Reads a date, with or without a time of day. Refuses days that do not exist instead of rolling them over. A time
 * without an offset is taken as UTC, since an export does not say where it was written.
 */
export function readDate(text: string, order: DateOrder): ReadDate {
  const parts = readParts(text, order);
  if (parts === null) {
    return bad(`expected a date such as ${order === 'MDY' ? '1/31/26' : '31/1/26'} or 2026-01-31`);
  }
  const { year, month, day } = parts;
  if (year < FIRST_YEAR || year > LAST_YEAR) return bad(`expected a year from ${FIRST_YEAR} to ${LAST_YEAR}`);
  if (month < 1 || month > 12) return bad(`there is no month ${month} (${orderHint(parts, order)})`);
  const midnight = Date.UTC(year, month - 1, day);
  if (new Date(midnight).getUTCDate() !== day) {
    return bad(`there is no day ${day} in month ${month} of ${year}`);
  }
  const offset = parts.time === null ? 0 : readTime(parts.time);
  if (offset === null)
    return bad('expected the time as 14:05, 14:05:30 or 2:05 PM, if need be with an offset as +02:00');
  const instant = new Date(midnight + offset).toISOString();
  return { ok: true, date: instant.slice(0, 10), instant };
}

interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly time: string | null;
  readonly yearFirst: boolean;
}

function readParts(text: string, order: DateOrder): Parts | null {
  const iso = YEAR_FIRST.exec(text);
  if (iso !== null) {
    const [, year, , month, day, time] = iso;
    return { year: Number(year), month: Number(month), day: Number(day), time: time ?? null, yearFirst: true };
  }
  const written = YEAR_LAST.exec(text);
  if (written === null) return null;
  const [, first, , second, year = '', time] = written;
  const [month, day] = order === 'MDY' ? [first, second] : [second, first];
  const rest = { month: Number(month), day: Number(day), time: time ?? null, yearFirst: false };
  return { year: year.length === 4 ? Number(year) : fullYear(Number(year)), ...rest };
}

const fullYear = (year: number): number => (year >= PIVOT_YEAR ? 1900 + year : 2000 + year);

function orderHint({ yearFirst }: Parts, order: DateOrder): string {
  if (yearFirst) return 'read as year, month, day';
  return `read as ${order}; set "dateOrder": "${order === 'MDY' ? 'DMY' : 'MDY'}" in the mapping if that is wrong`;
}

/** Milliseconds from midnight UTC; null when the text is no time of day. */
function readTime(text: string): number | null {
  const time = TIME.exec(text);
  if (time === null) return null;
  const [, hourText, minuteText, secondText = '0', fraction = '0', half, zone] = time;
  const [minute, second] = [Number(minuteText), Number(secondText)];
  const hour = readHour(Number(hourText), half?.toLowerCase());
  const shift = readZone(zone);
  if (hour === null || minute > 59 || second > 59 || shift === null) return null;
  const milliseconds = Math.trunc(Number(`0.${fraction}`) * 1000);
  return ((hour * 60 + minute - shift) * 60 + second) * 1000 + milliseconds;
}

function readHour(hour: number, half: string | undefined): number | null {
  if (half === undefined) return hour <= 23 ? hour : null;
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half === 'pm' ? 12 : 0);
}

/** Minutes east of UTC; null when no clock on earth has that offset. */
function readZone(zone: string | undefined): number | null {
  if (zone === undefined || zone.toLowerCase() === 'z') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  if (hours > 14 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

const bad = (reason: string): ReadDate => ({ ok: false, reason });
