import { DomainError, type ValidationIssue } from '../../../kernel/errors.js';

/** Half-open: an instant belongs to the period when `start <= instant < end`, so adjoining periods share nothing. */
export interface Period {
  readonly start: Date;
  readonly end: Date;
}

/** Calendar years, in UTC. */
export const MAX_PERIOD_YEARS = 10;
/** Length of the period that is looked at when nobody names one. */
export const DEFAULT_PERIOD_DAYS = 90;
/** Instants outside are typing errors, not sales; the years are in UTC, both included. */
export const FIRST_YEAR = 1970;
export const LAST_YEAR = 2199;

const MILLISECONDS_PER_DAY = 86_400_000;

/** The `DEFAULT_PERIOD_DAYS` days up to `now`. */
export const latestPeriod = (now: Date): Period => ({
  start: new Date(now.getTime() - DEFAULT_PERIOD_DAYS * MILLISECONDS_PER_DAY),
  end: now,
});

/** The period of the same length just before; undefined when it would begin before `FIRST_YEAR`. */
export function previousPeriod({ start, end }: Period): Period | undefined {
  const before = new Date(start.getTime() - (end.getTime() - start.getTime()));
  return before.getUTCFullYear() >= FIRST_YEAR ? { start: before, end: start } : undefined;
}

/** @throws VALIDATION_FAILED with one issue per broken rule; paths start at the argument `period`. */
export function validatePeriod(period: Period): void {
  const issues = [...instantIssues('start', period.start), ...instantIssues('end', period.end)];
  if (issues.length === 0) issues.push(...lengthIssues(period));
  if (issues.length === 0) return;
  const message = issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join(' ');
  throw new DomainError('VALIDATION_FAILED', message, { issues });
}

function instantIssues(field: keyof Period, instant: Date): ValidationIssue[] {
  const year = instant.getUTCFullYear();
  // Written so that NaN, the year of an invalid date, fails it.
  if (year >= FIRST_YEAR && year <= LAST_YEAR) return [];
  const got = Number.isNaN(year) ? 'an invalid date' : `the year ${year}`;
  return [broken(field, `expected an instant from ${FIRST_YEAR} to ${LAST_YEAR}, got ${got}.`)];
}

function lengthIssues({ start, end }: Period): ValidationIssue[] {
  if (end.getTime() <= start.getTime()) {
    const expected = `an instant after the period's start ${start.toISOString()}`;
    return [broken('end', `expected ${expected}, got ${end.toISOString()}.`)];
  }
  const latest = new Date(start);
  latest.setUTCFullYear(latest.getUTCFullYear() + MAX_PERIOD_YEARS);
  if (end.getTime() <= latest.getTime()) return [];
  const expected = `at most ${MAX_PERIOD_YEARS} years after the period's start ${start.toISOString()}`;
  return [broken('end', `expected an instant ${expected}, got ${end.toISOString()}. Ask for several periods.`)];
}

const broken = (field: keyof Period, message: string): ValidationIssue => ({ path: ['period', field], message });
