import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Goal, GoalStatus } from '../../src/features/goals/domain/goal.js';
import { goalProgress, statusAfter } from '../../src/features/goals/domain/progress.js';

type Numbers = Pick<Goal, 'type' | 'target' | 'current' | 'periodStart' | 'periodEnd' | 'status'>;

const DAY = 86_400_000;
const START = Date.parse('2026-03-01T00:00:00Z');
const NEW: Numbers = {
  type: 'revenue',
  target: 100,
  current: 0,
  periodStart: new Date(START),
  periodEnd: new Date(START + 30 * DAY),
  status: 'active',
};

/** A figure, a look at the clock, or a person who gives the goal up. */
const anyEvent = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('figure' as const),
      current: fc.constantFrom(0, 50, 99.99, 100, 100.01, 1e12),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('time' as const), days: fc.constantFrom(0, 1, 10, 29.999, 30, 31) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const) }) },
);

/** Which status may follow which, as agreed: only a person's word is final, for figures may be corrected. */
const STEPS: Readonly<Record<GoalStatus, readonly GoalStatus[]>> = {
  active: ['completed', 'missed', 'cancelled'],
  completed: ['active', 'missed', 'cancelled'],
  missed: ['completed', 'cancelled'],
  cancelled: [],
};

test('whatever happens in whatever order, a goal takes only agreed steps and says what its numbers say', () => {
  const steps = new Set<string>();
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
      let goal = NEW;
      let now = START;
      for (const event of events) {
        const before = goal.status;
        if (event.kind === 'time') now += event.days * DAY;
        // What the service does with a cancelled goal: it does not move any more.
        else if (goal.status === 'cancelled') continue;
        else if (event.kind === 'figure') goal = { ...goal, current: event.current };
        else goal = { ...goal, status: 'cancelled' };
        goal = { ...goal, status: statusAfter(goal, new Date(now)) };
        if (goal.status !== before) {
          expect(STEPS[before]).toContain(goal.status);
          steps.add(`${before} -> ${goal.status}`);
        }
        // By the numbers alone, restated.
        const isOver = now - START >= 30 * DAY;
        const byNumbers = goal.current >= 100 ? 'completed' : isOver ? 'missed' : 'active';
        expect(goal.status).toBe(goal.status === 'cancelled' ? 'cancelled' : byNumbers);
        const progress = goalProgress(goal, new Date(now));
        expect(progress.status).toBe(goal.status);
        expect(progress.progressPercent === 100).toBe(goal.current >= 100);
        if (progress.suggestions.length > 0) expect(goal.status).toBe('active');
        // The same question again has the same answer: nothing but the numbers and the time counts.
        expect(statusAfter(goal, new Date(now))).toBe(goal.status);
      }
    }),
    { numRuns: 5_000, seed: 20_260_304 },
  );
  const agreed = Object.entries(STEPS).flatMap(([from, to]) => to.map((next) => `${from} -> ${next}`));
  // Each agreed step was seen, or the walk would say little.
  expect([...steps].sort()).toEqual(agreed.sort());
});
