import { describe, expect, test } from 'vitest';
import { MAX_FAILURES_KEPT, workThrough } from '../../src/features/jobs/index.js';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
const context = (signal = new AbortController().signal) => {
  const told: [number, number | null][] = [];
  return { signal, told, progress: (done: number, total: number | null) => void told.push([done, total]) };
};

describe('working through many things', () => {
  test('one that fails does not stop the rest, and is named with its reason', async () => {
    const { told, ...run } = context();
    const seen: number[] = [];
    const reason = new Error('poisoned');
    const result = await workThrough(run, {
      items: numbers(5),
      total: 5,
      subjectOf: (item) => `id-${item}`,
      work: async (item) => {
        seen.push(item);
        if (item === 2) throw reason;
      },
    });
    expect(seen).toEqual([0, 1, 2, 3, 4]);
    expect(result).toEqual({ done: 5, failed: 1, failures: [{ subjectId: 'id-2', error: reason }] });
    expect(told).toEqual([1, 2, 3, 4, 5].map((done) => [done, 5]));
  });

  test('of many that fail, all are counted and the first are kept', async () => {
    const result = await workThrough(context(), {
      items: numbers(100),
      total: null,
      subjectOf: String,
      work: () => Promise.reject(new Error('no')),
    });
    expect(result).toMatchObject({ done: 100, failed: 100 });
    expect(result.failures.map(({ subjectId }) => subjectId)).toEqual(numbers(MAX_FAILURES_KEPT).map(String));
  });

  test('aborted, it stops before the next one, with the reason', async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    const running = workThrough(context(stop.signal), {
      items: numbers(5),
      total: 5,
      subjectOf: String,
      work: async (item) => {
        seen.push(item);
        if (item === 1) stop.abort(new Error('enough'));
      },
    });
    await expect(running).rejects.toThrow('enough');
    expect(seen).toEqual([0, 1]);
  });

  test('an abort that makes the work under way fail is an abort, not a failure of that one', async () => {
    const stop = new AbortController();
    const running = workThrough(context(stop.signal), {
      items: numbers(2),
      total: 2,
      subjectOf: String,
      work: async () => {
        stop.abort(new Error('enough'));
        throw new Error('query cancelled');
      },
    });
    await expect(running).rejects.toThrow('enough');
  });

  test('takes items as they come, and no further than it has worked', async () => {
    let given = 0;
    async function* endless() {
      for (;;) yield ++given;
    }
    const stop = new AbortController();
    const running = workThrough(context(stop.signal), {
      items: endless(),
      total: null,
      subjectOf: String,
      work: async (item) => {
        expect(given).toBe(item);
        if (item === 1_000) stop.abort(new Error('enough'));
      },
    });
    await expect(running).rejects.toThrow('enough');
    expect(given).toBe(1_001);
  });
});
