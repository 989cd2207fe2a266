import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Schedule } from '../../src/features/jobs/domain/job.js';
import { claim, isWorthTelling, MAX_ATTEMPTS, nextDueAfter } from '../../src/features/jobs/domain/schedule.js';

const at = (seconds: number) => new Date(Date.UTC(2026, 2, 1) + seconds * 1_000);
const HOUR = 3_600_000;

const schedule = (change: Partial<Schedule> = {}): Schedule => ({
  job: 'pattern_scan',
  nextDue: at(0),
  epoch: 3,
  runId: null,
  leaseUntil: null,
  ...change,
});
const question = { trigger: 'schedule', now: at(0), intervalMs: HOUR, attempt: 0 } as const;

describe('when a job may start', () => {
  test('by the schedule not a moment before it is due', () => {
    expect(claim(schedule({ nextDue: new Date(at(0).getTime() + 1) }), question)).toEqual({ kind: 'not_due' });
    expect(claim(schedule(), question)).toEqual({ kind: 'start', nextDue: at(3_600), attempt: 1, lostRunId: null });
  });

  test('by hand at any time, and its schedule stays as it is', () => {
    const later = at(1_000);
    const verdict = claim(schedule({ nextDue: later }), { ...question, trigger: 'hand' });
    expect(verdict).toEqual({ kind: 'start', nextDue: later, attempt: 1, lostRunId: null });
  });

  test('a run by hand that comes when the job is due counts as the one that was due', () => {
    const verdict = claim(schedule(), { ...question, trigger: 'hand' });
    expect(verdict).toMatchObject({ kind: 'start', nextDue: at(3_600) });
  });

  test.each(['schedule', 'hand'] as const)('while a run holds its lease nobody starts another, by %s', (trigger) => {
    const held = schedule({ runId: 'run', leaseUntil: at(1) });
    expect(claim(held, { ...question, trigger, attempt: 1 })).toEqual({ kind: 'busy', runId: 'run' });
  });

  test('a run is taken over at the instant its lease is over, though the job is not due', () => {
    const lost = schedule({ runId: 'run', leaseUntil: at(0), nextDue: at(9_999) });
    expect(claim(lost, { ...question, attempt: 1 })).toEqual({
      kind: 'start',
      nextDue: at(9_999),
      attempt: 2,
      lostRunId: 'run',
    });
  });

  test('what has been lost too often waits until it is due, or a person starts it', () => {
    const lost = schedule({ runId: 'run', leaseUntil: at(0), nextDue: at(9_999) });
    const last = { ...question, attempt: MAX_ATTEMPTS };
    expect(claim(lost, last)).toEqual({ kind: 'give_up', lostRunId: 'run' });
    expect(claim({ ...lost, nextDue: at(0) }, last)).toMatchObject({ kind: 'start', attempt: 1, lostRunId: 'run' });
    expect(claim(lost, { ...last, trigger: 'hand' })).toMatchObject({ kind: 'start', attempt: 1, lostRunId: 'run' });
  });
});

describe('when a job is due again', () => {
  test('a little late, it keeps its rhythm', () => {
    expect(nextDueAfter(at(0), at(7), HOUR)).toEqual(at(3_600));
  });

  test('missed for long, the interval counts from its return: one run, not one for each that was missed', () => {
    expect(nextDueAfter(at(0), at(86_400), HOUR)).toEqual(at(90_000));
    expect(nextDueAfter(at(0), at(1_801), HOUR)).toEqual(at(5_401));
  });

  test('always later than now, by half an interval at least and one at most', () => {
    const seconds = fc.integer({ min: 0, max: 10_000_000 });
    fc.assert(
      fc.property(seconds, seconds, fc.integer({ min: 1_000, max: 30 * 24 * HOUR }), (due, late, intervalMs) => {
        const now = at(due + late);
        const wait = nextDueAfter(at(due), now, intervalMs).getTime() - now.getTime();
        expect(wait).toBeGreaterThanOrEqual(intervalMs / 2);
        expect(wait).toBeLessThanOrEqual(intervalMs);
      }),
    );
  });

  test('however late each round comes, there is at most one run for each interval that has passed, and one more', () => {
    const delays = fc.array(fc.integer({ min: 0, max: 5 * HOUR }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(delays, (late) => {
        let due = at(0);
        let now = at(0);
        for (const delay of late) {
          now = new Date(Math.max(due.getTime(), now.getTime()) + delay);
          due = nextDueAfter(due, now, HOUR);
        }
        const passed = (now.getTime() - at(0).getTime()) / HOUR;
        expect(late.length).toBeLessThanOrEqual(passed + 1);
      }),
    );
  });
});

describe('what is worth telling of a run', () => {
  const told = { done: 0, total: 100, at: at(0) };

  test('a step of 5 %, a second after the last', () => {
    expect(isWorthTelling(told, { done: 5, total: 100 }, at(1))).toBe(true);
    expect(isWorthTelling(told, { done: 4, total: 100 }, at(60))).toBe(false);
    expect(isWorthTelling(told, { done: 99, total: 100 }, new Date(at(1).getTime() - 1))).toBe(false);
    expect(isWorthTelling(told, { done: 0, total: 0 }, at(60))).toBe(false);
  });

  test('of a run that does not know its end, one in ten seconds', () => {
    expect(isWorthTelling(told, { done: 1, total: null }, at(9))).toBe(false);
    expect(isWorthTelling(told, { done: 1, total: null }, at(10))).toBe(true);
    expect(isWorthTelling(told, { done: 0, total: null }, at(100))).toBe(false);
  });

  test('at most 20 times in a run, however many things it works through', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 3_000 }), (total, stepMs) => {
        let last: { done: number; total: number | null; at: Date } = { done: 0, total: null, at: at(0) };
        let times = 0;
        for (let done = 1; done <= total; done++) {
          const now = new Date(at(0).getTime() + done * stepMs);
          if (!isWorthTelling(last, { done, total }, now)) continue;
          expect(now.getTime() - last.at.getTime()).toBeGreaterThanOrEqual(1_000);
          last = { done, total, at: now };
          times++;
        }
        expect(times).toBeLessThanOrEqual(20);
      }),
    );
  });
});
