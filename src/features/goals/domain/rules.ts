import { DomainError, type ValidationIssue } from '../../../kernel/errors.js';
import type { Goal } from './goal.js';

/** Above any figure a sales goal can mean, and far below where doubles stop telling whole numbers apart. */
export const MAX_AMOUNT = 1e12;
/** Calendar years, in UTC. */
export const MAX_PERIOD_YEARS = 5;

/**
 * The rules for a goal about to be created, all of them checked before any is reported.
 *
 * @throws VALIDATION_FAILED with one issue per broken rule; paths start at the argument `input`.
 */
export function validateNewGoal(goal: Pick<Goal, 'target' | 'current' | 'periodStart' | 'periodEnd'>): void {
  refuseIfAny([...targetIssues(goal.target), ...currentIssues(goal.current), ...periodIssues(goal)]);
}

/**
 * The rule for a new progress figure.
 *
 * @throws VALIDATION_FAILED with the path `input.current`.
 */
export function validateCurrent(current: number): void {
  refuseIfAny(currentIssues(current));
}

function refuseIfAny(issues: readonly ValidationIssue[]): void {
  if (issues.length === 0) return;
  const message = issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join(' ');
  throw new DomainError('VALIDATION_FAILED', message, { issues });
}

// Each comparison is written so that NaN, and the NaN time of an invalid date, fails it.

function targetIssues(target: number): ValidationIssue[] {
  if (target > 0 && target <= MAX_AMOUNT) return [];
  return [broken('target', `expected a number above 0 and at most ${MAX_AMOUNT}, got ${target}.`)];
}

function currentIssues(current: number): ValidationIssue[] {
  if (current >= 0 && current <= MAX_AMOUNT) return [];
  return [broken('current', `expected a number from 0 to ${MAX_AMOUNT}, got ${current}.`)];
}

function periodIssues({ periodStart, periodEnd }: Pick<Goal, 'periodStart' | 'periodEnd'>): ValidationIssue[] {
  const unreadable = [...dateIssues('periodStart', periodStart), ...dateIssues('periodEnd', periodEnd)];
  if (unreadable.length > 0) return unreadable;
  const [start, end] = [periodStart.toISOString(), periodEnd.toISOString()];
  if (periodEnd.getTime() <= periodStart.getTime()) {
    return [broken('periodEnd', `expected an instant after the period's start ${start}, got ${end}.`)];
  }
  const latest = new Date(periodStart);
  latest.setUTCFullYear(latest.getUTCFullYear() + MAX_PERIOD_YEARS);
  if (periodEnd.getTime() > latest.getTime()) {
    const expected = `at most ${MAX_PERIOD_YEARS} years after the period's start ${start}`;
    return [broken('periodEnd', `expected an instant ${expected}, got ${end}. Split a longer goal into several.`)];
  }
  return [];
}

function dateIssues(field: 'periodStart' | 'periodEnd', date: Date): ValidationIssue[] {
  return Number.isNaN(date.getTime()) ? [broken(field, 'expected an instant, got an invalid date.')] : [];
}

const broken = (field: string, message: string): ValidationIssue => ({ path: ['input', field], message });
