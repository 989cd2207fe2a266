import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GOAL_STATUSES, GOAL_TYPES, type GoalStatus, type GoalType } from '../../src/features/goals/domain/goal.js';
import { goalProgress, statusAfter } from '../../src/features/goals/domain/progress.js';

const START = new Date('2026-01-01T00:00:00Z');
const END = new Date('2026-01-11T00:00:00Z'); // ten days: a tenth of the period is a day
const DAY = 24 * 60 * 60 * 1000;
const onDay = (days: number) => new Date(START.getTime() + days * DAY);

const goal = (over: { current?: number; target?: number; type?: GoalType; status?: GoalStatus } = {}) => ({
  type: 'revenue' as GoalType,
  target: 100,
  current: 0,
  status: 'active' as GoalStatus,
  periodStart: START,
  periodEnd: END,
  ...over,
});

describe('the status of a goal', () => {
  it.each([
    ['below target, before the period', 0, onDay(-3), 'active'],
    ['below target, at the start', 0, START, 'active'],
    ['below target, in the period', 99.999, onDay(5), 'active'],
    ['below target, in the last millisecond', 99, new Date(END.getTime() - 1), 'active'],
    ['below target, at the end', 99, END, 'missed'],
    ['below target, long after', 99, onDay(400), 'missed'],
    ['at target, before the period', 100, onDay(-3), 'completed'],
    ['at target, in the period', 100, onDay(5), 'completed'],
    ['at target, at the end', 100, END, 'completed'],
    ['above target, long after', 250, onDay(400), 'completed'],
  ] as const)('%s', (_when, current, now, expected) => {
    expect(statusAfter(goal({ current }), now)).toBe(expected);
    expect(goalProgress(goal({ current }), now).status).toBe(expected);
    expect(statusAfter(goal({ current, status: 'cancelled' }), now)).toBe('cancelled');
  });

  it('follows a correction of the figures, whatever status was stored', () => {
    expect(statusAfter(goal({ current: 99, status: 'completed' }), onDay(5))).toBe('active');
    expect(statusAfter(goal({ current: 100, status: 'missed' }), onDay(11))).toBe('completed');
  });
});

describe('the progress of a goal', () => {
  it.each([
    // current, day of the period, percent, expected, on track, days remaining
    [0, -30, 0, 0, true, 40],
    [0, 0, 0, 0, true, 10],
    [0, 1, 0, 10, false, 9],
    [9.999, 1, 9.999, 10, false, 9],
    [10, 1, 10, 10, true, 9],
    [49, 5, 49, 50, false, 5],
    [50, 5, 50, 50, true, 5],
    [50, 9.5, 50, 95, false, 1],
    [99, 10, 99, 100, false, 0],
    [100, 10, 100, 100, true, 0],
    [100, 2, 100, 20, true, 8],
    [300, 2, 100, 20, true, 8],
    [40, 365, 40, 100, false, 0],
  ])('with %d of 100 on day %d of 10: %d %%, expected %d %%, on track %s, %d days left', (...row) => {
    const [current, day, percent, expected, onTrack, daysRemaining] = row;
    const progress = goalProgress(goal({ current }), onDay(day));
    expect(progress).toMatchObject({ onTrack, daysRemaining });
    expect(progress.progressPercent).toBeCloseTo(percent, 9);
    expect(progress.expectedPercent).toBeCloseTo(expected, 9);
  });

  it('counts a begun day as a whole one, to the millisecond', () => {
    const left = (ms: number) => goalProgress(goal(), new Date(END.getTime() - ms)).daysRemaining;
    expect([left(DAY + 1), left(DAY), left(1), left(0), left(-1), left(-DAY)]).toEqual([2, 1, 1, 0, 0, 0]);
  });

  it('is behind one millisecond after an even pace says so', () => {
    const half = onDay(5).getTime();
    expect(goalProgress(goal({ current: 50 }), new Date(half)).onTrack).toBe(true);
    expect(goalProgress(goal({ current: 50 }), new Date(half + 1)).onTrack).toBe(false);
  });
});

describe('the suggestion for a goal that is behind', () => {
  it.each([
    ['revenue', 'closing advanced-stage opportunities first'],
    ['pipeline', 'more outreach to new accounts'],
    ['activity', 'follow-up meetings with engaged contacts'],
    ['quality', 'inish open qualifications'],
  ] as const)('of type %s is about %s', (type, words) => {
    const { suggestions } = goalProgress(goal({ type, current: 10 }), onDay(5));
    expect(suggestions).toEqual([expect.stringContaining(words)]);
  });

  it.each([
    ['on track', goal({ current: 50 }), onDay(5)],
    ['completed', goal({ current: 100 }), onDay(5)],
    ['missed', goal({ current: 10 }), END],
    ['cancelled, though behind', goal({ current: 10, status: 'cancelled' }), onDay(5)],
    ['not yet begun', goal(), onDay(-1)],
  ] as const)('is not made for one that is %s', (_state, given, now) => {
    expect(goalProgress(given, now).suggestions).toEqual([]);
  });
});

describe('for any goal at any time', () => {
  const amount = fc.oneof(fc.integer({ min: 0, max: 1e6 }), fc.double({ min: 0, max: 1e12, noNaN: true }));
  const minute = 60_000;
  const anyGoal = fc
    .record({
      type: fc.constantFrom(...GOAL_TYPES),
      target: fc.oneof(fc.integer({ min: 1, max: 1e6 }), fc.double({ min: Number.MIN_VALUE, max: 1e12, noNaN: true })),
      current: amount,
      status: fc.constantFrom(...GOAL_STATUSES),
      startMinute: fc.integer({ min: 0, max: 3e7 }),
      minutes: fc.integer({ min: 1, max: 2_600_000 }),
    })
    .map(({ startMinute, minutes, ...rest }) => ({
      ...rest,
      periodStart: new Date(startMinute * minute),
      periodEnd: new Date((startMinute + minutes) * minute),
    }));
  /** An instant before, in or after the goal's period, often exactly at one of its ends. */
  const goalAndNow = anyGoal.chain((given) => {
    const [start, end] = [given.periodStart.getTime(), given.periodEnd.getTime()];
    const length = end - start;
    const time = fc.oneof(fc.constantFrom(start, end), fc.integer({ min: start - length, max: end + length }));
    return time.map((ms) => ({ given, now: new Date(ms) }));
  });

  it('percentages stay within 0 and 100, and 100 means reached', () => {
    fc.assert(
      fc.property(goalAndNow, ({ given, now }) => {
        const { progressPercent, expectedPercent } = goalProgress(given, now);
        for (const percent of [progressPercent, expectedPercent]) {
          expect(percent).toBeGreaterThanOrEqual(0);
          expect(percent).toBeLessThanOrEqual(100);
        }
        expect(progressPercent === 100).toBe(given.current >= given.target);
      }),
    );
  });

  it('more progress never lowers the percentage and never takes a goal off track', () => {
    fc.assert(
      fc.property(goalAndNow, amount, ({ given, now }, other) => {
        const [less, more] = [Math.min(given.current, other), Math.max(given.current, other)];
        const [low, high] = [less, more].map((current) => goalProgress({ ...given, current }, now));
        expect(high?.progressPercent).toBeGreaterThanOrEqual(low?.progressPercent ?? Number.NaN);
        if (low?.onTrack) expect(high?.onTrack).toBe(true);
      }),
    );
  });

  it('days remaining are whole, never negative, and just enough to reach the end', () => {
    fc.assert(
      fc.property(goalAndNow, ({ given, now }) => {
        const { daysRemaining } = goalProgress(given, now);
        const left = given.periodEnd.getTime() - now.getTime();
        expect(Number.isInteger(daysRemaining)).toBe(true);
        if (left <= 0) expect(daysRemaining).toBe(0);
        else {
          expect(daysRemaining * DAY).toBeGreaterThanOrEqual(left);
          expect((daysRemaining - 1) * DAY).toBeLessThan(left);
        }
      }),
    );
  });

  it('on track is what exact whole-number arithmetic says it is', () => {
    const whole = fc.integer({ min: 0, max: 10_000 });
    fc.assert(
      fc.property(
        goalAndNow,
        whole,
        whole,
        fc.integer({ min: -10, max: 110 }),
        ({ given }, current, target, percent) => {
          fc.pre(target > 0);
          const start = BigInt(given.periodStart.getTime() / minute);
          const total = BigInt(given.periodEnd.getTime() / minute) - start;
          const at = start + (total * BigInt(percent)) / 100n;
          const elapsed = at < start ? 0n : at - start > total ? total : at - start;
          const now = new Date(Number(at) * minute);
          const expected = BigInt(current) * total >= elapsed * BigInt(target);
          expect(goalProgress({ ...given, current, target }, now).onTrack).toBe(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('exactly one status holds, by conditions that exclude one another', () => {
    fc.assert(
      fc.property(goalAndNow, ({ given, now }) => {
        const cancelled = given.status === 'cancelled';
        const reached = given.current >= given.target;
        const ended = now >= given.periodEnd;
        const holds: Record<GoalStatus, boolean> = {
          cancelled,
          completed: !cancelled && reached,
          missed: !cancelled && !reached && ended,
          active: !cancelled && !reached && !ended,
        };
        expect(GOAL_STATUSES.filter((status) => holds[status])).toEqual([statusAfter(given, now)]);
      }),
    );
  });

  it('a suggestion is made exactly for an active goal that is behind', () => {
    fc.assert(
      fc.property(goalAndNow, ({ given, now }) => {
        const { status, onTrack, suggestions } = goalProgress(given, now);
        expect(suggestions.length).toBe(status === 'active' && !onTrack ? 1 : 0);
      }),
    );
  });
});
