import { DEAL_STAGES } from '../../guardrails/domain/index.js';
import { isTimeZone } from './gates.js';
import type { Gates, Hours } from './policy.js';
import {
  meant,
  type Place,
  readFields,
  readList,
  readNumber,
  readText,
  readWord,
  refuseRepeated,
  show,
} from './reading.js';
import { hasWords } from './titles.js';

/** Reads gates off untrusted input; gates that close nothing are none. */
export function parseGates(place: Place, raw: unknown): Gates | undefined {
  const fields = readFields(place, raw, ['dealValueAbove', 'stages', 'contactTitles', 'hours']);
  const dealValueAbove = readNumber(place.at('dealValueAbove'), fields.dealValueAbove, { least: 0, most: 1e15 });
  const stages =
    fields.stages === undefined
      ? []
      : readList(place.at('stages'), fields.stages, { least: 0, most: DEAL_STAGES.length }, (where, stage) =>
          readWord(where, stage, DEAL_STAGES),
        );
  refuseRepeated(place.at('stages'), stages, (stage) => stage);
  const contactTitles =
    fields.contactTitles === undefined
      ? []
      : readList(place.at('contactTitles'), fields.contactTitles, { least: 0, most: 50 }, parseTitle);
  refuseRepeated(place.at('contactTitles'), contactTitles, (title) => title);
  const hours = fields.hours === undefined ? undefined : parseHours(place.at('hours'), fields.hours);
  const gates: Gates = {
    ...(dealValueAbove !== undefined && { dealValueAbove }),
    ...(stages.length > 0 && { stages: DEAL_STAGES.filter((stage) => stages.includes(stage)) }),
    ...(contactTitles.length > 0 && { contactTitles }),
    ...(hours && { hours }),
  };
  return Object.keys(gates).length > 0 ? gates : undefined;
}

function parseTitle(place: Place, raw: unknown): string | undefined {
  const title = readText(place, raw, 100);
  if (title === undefined || hasWords(title)) return title;
  return place.refuse(`expected a word with letters or digits; got ${show(title)}.`);
}

function parseHours(place: Place, raw: unknown): Hours | undefined {
  const fields = readFields(place, raw, ['timeZone', 'from', 'to', 'days']);
  const timeZone = parseTimeZone(place.at('timeZone'), fields.timeZone);
  const from = parseClock(place.at('from'), fields.from);
  const to = parseClock(place.at('to'), fields.to);
  const days = readList(place.at('days'), fields.days ?? null, { least: 1, most: 7 }, (where, day) =>
    readNumber(where, day, { least: 1, most: 7, isWhole: true }),
  );
  refuseRepeated(place.at('days'), days, String);
  // Stryker disable next-line ConditionalExpression,LogicalOperator: what is missing was refused before
  if (timeZone === undefined || from === undefined || to === undefined) return undefined;
  if (from >= to) {
    return place
      .at('to')
      .refuse(
        `expected an end after the start on the same day; got ${show(fields.from)} to ${show(fields.to)}. The end of the day is 24:00.`,
      );
  }
  return { timeZone, from, to, days: days.toSorted((a, b) => a - b) };
}

function parseTimeZone(place: Place, raw: unknown): string | undefined {
  // Offsets like +01:00, which have no letters, are no time zones: they know of no summer time.
  if (typeof raw === 'string' && /[A-Za-z]/.test(raw) && isTimeZone(raw)) return raw;
  const hint = typeof raw === 'string' ? meant(raw, Intl.supportedValuesOf('timeZone')) : '';
  return place.refuse(`expected the IANA name of a time zone, such as Europe/Berlin; got ${show(raw)}.${hint}`);
}

/** Minutes after midnight. */
function parseClock(place: Place, raw: unknown): number | undefined {
  const match = typeof raw === 'string' ? /^(\d\d):([0-5]\d)$/.exec(raw) : null;
  const time = match ? Number(match[1]) * 60 + Number(match[2]) : Number.NaN;
  if (time <= 1_440) return time;
  return place.refuse(`expected a time of day from 00:00 to 24:00; got ${show(raw)}.`);
}
