import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GOAL_STATUSES, GOAL_TYPES } from '../../src/features/goals/domain/goal.js';
import { validateCurrent, validateNewGoal } from '../../src/features/goals/domain/rules.js';
import { DomainError, type ValidationIssue } from '../../src/kernel/errors.js';

const GOOD = {
  target: 100,
  current: 0,
  periodStart: new Date('2026-01-01T00:00:00Z'),
  periodEnd: new Date('2026-04-01T00:00:00Z'),
};

/** The broken rules that `work` reports; none when it accepts. */
function issues(work: () => void): readonly ValidationIssue[] {
  try {
    work();
    return [];
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    expect(error.code).toBe('VALIDATION_FAILED');
    return error.details.issues as ValidationIssue[];
  }
}
const paths = (work: () => void) => issues(work).map(({ path }) => path.join('.'));

describe('creating a goal', () => {
  it('accepts a good one', () => {
    expect(issues(() => validateNewGoal(GOOD))).toEqual([]);
  });

  it.each([0, -0, -1, -1e-9, Number.NaN, Infinity, -Infinity, 1e12 + 1, 1e300])('refuses the target %s', (target) => {
    expect(issues(() => validateNewGoal({ ...GOOD, target }))).toEqual([
      { path: ['input', 'target'], message: expect.stringContaining(`got ${target}.`) },
    ]);
  });

  it.each([1, 0.01, 1e12, Number.MIN_VALUE])('accepts the target %s', (target) => {
    expect(issues(() => validateNewGoal({ ...GOOD, target }))).toEqual([]);
  });

  it.each([-1, -Number.MIN_VALUE, Number.NaN, Infinity, -Infinity, 1e12 + 1])('refuses the current %s', (current) => {
    expect(paths(() => validateNewGoal({ ...GOOD, current }))).toEqual(['input.current']);
    expect(paths(() => validateCurrent(current))).toEqual(['input.current']);
  });

  it.each([0, 0.5, 100, 5000, 1e12])('accepts the current %s, also above the target', (current) => {
    expect(issues(() => validateNewGoal({ ...GOOD, current }))).toEqual([]);
    expect(issues(() => validateCurrent(current))).toEqual([]);
  });

  it.each([
    ['that ends when it starts', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'],
    ['that ends a millisecond before it starts', '2026-01-01T00:00:00.000Z', '2025-12-31T23:59:59.999Z'],
    ['that ends years before it starts', '2026-01-01T00:00:00.000Z', '1970-01-01T00:00:00.000Z'],
    ['a millisecond longer than five years', '2026-01-01T00:00:00.000Z', '2031-01-01T00:00:00.001Z'],
    ['of a thousand years', '2026-01-01T00:00:00.000Z', '3026-01-01T00:00:00.000Z'],
  ])('refuses a period %s', (_what, periodStart, periodEnd) => {
    const goal = { ...GOOD, periodStart: new Date(periodStart), periodEnd: new Date(periodEnd) };
    const found = issues(() => validateNewGoal(goal));
    expect(found).toEqual([{ path: ['input', 'periodEnd'], message: expect.stringContaining(`got ${periodEnd}.`) }]);
    expect(found[0]?.message).toContain(periodStart);
  });

  it.each([
    ['of a millisecond', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.001Z'],
    ['of exactly five years', '2026-01-01T00:00:00.000Z', '2031-01-01T00:00:00.000Z'],
    ['of five years from a leap day', '2028-02-29T00:00:00.000Z', '2033-03-01T00:00:00.000Z'],
  ])('accepts a period %s', (_what, periodStart, periodEnd) => {
    const goal = { ...GOOD, periodStart: new Date(periodStart), periodEnd: new Date(periodEnd) };
    expect(issues(() => validateNewGoal(goal))).toEqual([]);
  });

  it('names the date that is no date', () => {
    const none = new Date(Number.NaN);
    expect(paths(() => validateNewGoal({ ...GOOD, periodStart: none }))).toEqual(['input.periodStart']);
    expect(paths(() => validateNewGoal({ ...GOOD, periodEnd: none }))).toEqual(['input.periodEnd']);
    expect(paths(() => validateNewGoal({ ...GOOD, periodStart: none, periodEnd: none }))).toEqual([
      'input.periodStart',
      'input.periodEnd',
    ]);
  });

  it('reports every broken rule at once, in the message too', () => {
    const work = () => validateNewGoal({ ...GOOD, target: -5, current: -1, periodEnd: GOOD.periodStart });
    expect(paths(work)).toEqual(['input.target', 'input.current', 'input.periodEnd']);
    expect(work).toThrow(/input\.target: .* got -5\. input\.current: .* got -1\. input\.periodEnd: /);
  });

  it('accepts exactly what the rules, restated, accept', () => {
    const amount = fc.oneof(fc.double(), fc.double({ min: -10, max: 1e12 }), fc.constantFrom(0, 1e12, 1e12 + 1));
    const time = fc.date({ min: new Date('2020-01-01'), max: new Date('2036-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(amount, amount, time, time, (target, current, periodStart, periodEnd) => {
        const broken: string[] = [];
        if (Number.isNaN(target) || target <= 0 || target > 1e12) broken.push('input.target');
        if (Number.isNaN(current) || current < 0 || current > 1e12) broken.push('input.current');
        // The same day and time five years on, as text; 29 February becomes 1 March.
        const fiveOn = periodStart
          .toISOString()
          .replace(/^\d{4}/, (year) => String(Number(year) + 5))
          .replace('-02-29', '-03-01');
        const end = periodEnd.toISOString();
        if (end <= periodStart.toISOString() || end > fiveOn) broken.push('input.periodEnd');
        expect(paths(() => validateNewGoal({ target, current, periodStart, periodEnd }))).toEqual(broken);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the vocabulary of goals', () => {
  it('is closed', () => {
    expect(GOAL_TYPES).toEqual(['pipeline', 'activity', 'quality', 'revenue']);
    expect(GOAL_STATUSES).toEqual(['active', 'completed', 'missed', 'cancelled']);
  });
});
