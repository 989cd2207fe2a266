import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ForecastGoal,
  forecast,
  MIN_STEPS,
  type Standpoint,
  sameSource,
} from '../../src/features/goals/domain/forecast.js';

const DAY = 86_400_000;
const START = new Date('2026-03-01T00:00:00Z');
const onDay = (day: number): Date => new Date(START.getTime() + day * DAY);

const goal = (change: Partial<ForecastGoal> = {}): ForecastGoal => ({
  type: 'revenue',
  target: 100,
  current: 0,
  source: 'told',
  status: 'active',
  periodStart: START,
  periodEnd: onDay(100),
  ...change,
});
const line = (days: number, perDay: number, from = 0): Standpoint[] =>
  Array.from({ length: days + 1 }, (_, day) => ({ at: onDay(day), current: from + day * perDay }));

describe('a forecast', () => {
  test('of an even pace goes straight on, without any doubt', () => {
    const found = forecast(goal({ current: 20 }), line(20, 1), onDay(20));
    expect(found).toMatchObject({ status: 'ready', steps: 20, pacePerDay: 1, expectedMetAt: onDay(100) });
    for (const end of [found.expectedEnd, found.low, found.high]) expect(end).toBeCloseTo(100, 9);
  });

  test('says what it would take, also before there is any history', () => {
    expect(forecast(goal({ current: 20 }), [], onDay(20))).toEqual({
      status: 'not_enough_history',
      steps: 0,
      pacePerDay: null,
      expectedEnd: null,
      low: null,
      high: null,
      expectedMetAt: null,
      neededPerDay: 1,
    });
    expect(forecast(goal(), [], onDay(-10)).neededPerDay).toBe(1);
    expect(forecast(goal({ current: 100 }), [], onDay(20)).neededPerDay).toBeNull();
  });

  test('needs steps enough, over time enough', () => {
    const steps = line(MIN_STEPS, 1);
    expect(forecast(goal(), steps, onDay(5)).status).toBe('ready');
    expect(forecast(goal(), steps.slice(0, -1), onDay(5)).status).toBe('not_enough_history');
    // Six times within an hour is one step; a week of a two-year goal is no history.
    const hasty = steps.map(({ current }, index) => ({ current, at: new Date(START.getTime() + index * 600_000) }));
    expect(forecast(goal(), hasty, onDay(5))).toMatchObject({ status: 'not_enough_history', steps: 1 });
    expect(forecast(goal({ periodEnd: onDay(730) }), line(7, 1), onDay(7)).status).toBe('not_enough_history');
  });

  test('of a goal that is over or cancelled there is none', () => {
    expect(forecast(goal(), line(100, 0.5), onDay(100))).toMatchObject({ status: 'over', neededPerDay: null });
    expect(forecast(goal({ status: 'cancelled' }), line(10, 1), onDay(10))).toMatchObject({ status: 'over' });
  });

  test('gives no date where the pace does not lead to the target', () => {
    expect(forecast(goal({ current: 40 }), line(20, 0, 40), onDay(20)).expectedMetAt).toBeNull();
    expect(forecast(goal({ current: 30 }), line(20, -0.5, 40), onDay(20)).expectedMetAt).toBeNull();
    expect(forecast(goal({ target: 1e9, current: 20 }), line(20, 1), onDay(20)).expectedMetAt).toBeNull();
    expect(forecast(goal({ current: 200 }), line(20, 10), onDay(20)).expectedMetAt).toBeNull();
  });

  test('what is measured and adds up was 0 at the start of its period; a told value and a share were not', () => {
    const late = line(30, 1).slice(24);
    const measured = forecast(goal({ source: 'measured', current: 30 }), late, onDay(30));
    expect(measured.steps).toBe(7);
    expect(measured.expectedEnd).toBeCloseTo(100, 9);
    expect(forecast(goal({ source: 'told', current: 30 }), late, onDay(30)).steps).toBe(6);
    expect(forecast(goal({ source: 'measured', type: 'quality', current: 30 }), late, onDay(30)).steps).toBe(6);
  });

  test('a share stays between 0 and 100, and nothing falls below 0', () => {
    const steep = forecast(goal({ type: 'quality', current: 80 }), line(20, 4), onDay(20));
    expect([steep.expectedEnd, steep.high]).toEqual([100, 100]);
    const falling = forecast(goal({ current: 0 }), line(20, -1, 20), onDay(20));
    expect([falling.expectedEnd, falling.low]).toEqual([0, 0]);
  });

  test('goes by the newest figures of one kind', () => {
    const history = (['told', 'measured', 'told', 'measured', 'measured'] as const).map((source, day) => ({
      source,
      at: onDay(day),
      current: day,
    }));
    expect(sameSource(goal({ source: 'measured' }), history).map(({ current }) => current)).toEqual([3, 4]);
    expect(sameSource(goal({ source: 'told' }), history)).toEqual([]);
  });
});

const gains = fc.array(fc.double({ min: 0, max: 50, noNaN: true }), { minLength: 8, maxLength: 60 });
const walkOf = (steps: readonly number[]): Standpoint[] => {
  const walk = [{ at: START, current: 0 }];
  for (const gain of steps) walk.push({ at: onDay(walk.length), current: (walk.at(-1)?.current ?? 0) + gain });
  return walk;
};
const ready = (found: ReturnType<typeof forecast>) => {
  const { pacePerDay, expectedEnd, low, high } = found;
  if (pacePerDay === null || expectedEnd === null || low === null || high === null) throw new Error(found.status);
  return { ...found, pacePerDay, expectedEnd, low, high };
};

describe('any forecast', () => {
  const of = (steps: readonly number[], change: Partial<ForecastGoal> = {}) => {
    const walk = walkOf(steps);
    const current = walk.at(-1)?.current ?? 0;
    return ready(forecast(goal({ current, ...change }), walk, onDay(steps.length)));
  };

  test('lies within its interval, which lies at or above 0', () => {
    fc.assert(
      fc.property(gains, (steps) => {
        const { low, expectedEnd, high } = of(steps);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(expectedEnd);
        expect(expectedEnd).toBeLessThanOrEqual(high);
      }),
    );
  });

  test('goes through the last standpoint at its pace', () => {
    fc.assert(
      fc.property(gains, (steps) => {
        const { expectedEnd, pacePerDay } = of(steps);
        const current = steps.reduce((sum, gain) => sum + gain, 0);
        expect(pacePerDay).toBeCloseTo(current / steps.length, 6);
        expect(expectedEnd).toBeCloseTo(current + pacePerDay * (100 - steps.length), 4);
      }),
    );
  });

  test('scales with the unit of its goal', () => {
    fc.assert(
      fc.property(gains, fc.integer({ min: 2, max: 1_000 }), (steps, factor) => {
        const [one, many] = [
          of(steps),
          of(
            steps.map((gain) => gain * factor),
            { target: 100 * factor },
          ),
        ];
        for (const figure of ['expectedEnd', 'low', 'high', 'pacePerDay'] as const)
          expect(many[figure] / factor).toBeCloseTo(one[figure], 4);
      }),
    );
  });

  test('is less certain the further off the end is', () => {
    fc.assert(
      fc.property(gains, fc.integer({ min: 1, max: 50 }), (steps, further) => {
        // Upwards, because the lower end stops at 0.
        const reach = (periodEnd: Date) => {
          const { high, expectedEnd } = of(steps, { periodEnd });
          return high - expectedEnd;
        };
        expect(reach(onDay(100 + further))).toBeGreaterThanOrEqual(reach(onDay(100)) - 1e-9);
      }),
    );
  });

  test('goes by the last standpoint of each day, whatever stood before it on that day', () => {
    const share = fc.double({ min: 0, max: 0.85, noNaN: true });
    fc.assert(
      fc.property(gains, share, fc.integer({ min: 0, max: 1_000 }), (steps, earlier, current) => {
        const late = (point: Standpoint) => ({ ...point, at: new Date(point.at.getTime() + 0.9 * DAY) });
        const walk = walkOf(steps).map(late);
        const now = onDay(steps.length + 1);
        const busy = walk.flatMap((point, day) =>
          day === 0 ? [point] : [{ at: new Date(onDay(day).getTime() + earlier * DAY), current }, point],
        );
        expect(forecast(goal(), busy, now)).toEqual(forecast(goal(), walk, now));
      }),
    );
  });

  test('meets its target on the day it says', () => {
    fc.assert(
      fc.property(gains, (steps) => {
        const { expectedMetAt, pacePerDay } = of(steps, { target: 10_000 });
        if (expectedMetAt === null) return;
        const current = steps.reduce((sum, gain) => sum + gain, 0);
        const days = (expectedMetAt.getTime() - onDay(steps.length).getTime()) / DAY;
        expect(current + pacePerDay * days).toBeCloseTo(10_000, 2);
      }),
    );
  });
});

describe('the interval', () => {
  /** Evenly drawn numbers, the same at every run (a linear congruential generator). */
  const drawing = (seed: number) => {
    let state = seed;
    return () => {
      state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
      return state / 4_294_967_296;
    };
  };

  test.each([
    ['many small gains', (draw: () => number) => draw() * 2],
    ['few large gains', (draw: () => number) => (draw() < 0.2 ? draw() * 20 : 0)],
  ])('holds about four outcomes of five: %s', (_name, gainOf) => {
    const draw = drawing(7);
    const rounds = 2_000;
    let held = 0;
    for (let round = 0; round < rounds; round++) {
      const gainsOf = (days: number) => Array.from({ length: days }, () => gainOf(draw));
      const walk = walkOf(gainsOf(40));
      const current = walk.at(-1)?.current ?? 0;
      const end = gainsOf(60).reduce((sum, gain) => sum + gain, current);
      const { low, high } = ready(forecast(goal({ current }), walk, onDay(40)));
      if (low <= end && end <= high) held++;
    }
    expect(held / rounds).toBeGreaterThan(0.75);
    expect(held / rounds).toBeLessThan(0.85);
  });
});
