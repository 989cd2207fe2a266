import { describe, expect, test } from 'vitest';
import { takeTurns } from '../../src/kernel/turns.js';

/** Work that ends when it is told to. */
function work(name: string, started: string[]) {
  let end = (_outcome: 'well' | 'badly'): void => {};
  const run = () =>
    new Promise<string>((resolve, reject) => {
      started.push(name);
      end = (outcome) => (outcome === 'well' ? resolve(name) : reject(new Error(name)));
    });
  return { run, end: (outcome: 'well' | 'badly') => end(outcome) };
}

describe('taking turns', () => {
  test('runs so many at once and no more, first come, first served, also after a failure', async () => {
    const started: string[] = [];
    const inTurn = takeTurns(2);
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => work(name, started)) as [
      ReturnType<typeof work>,
      ReturnType<typeof work>,
      ReturnType<typeof work>,
      ReturnType<typeof work>,
    ];
    const results = [a, b, c, d].map(({ run }) => inTurn(run));
    expect(started).toEqual(['a', 'b']);
    b.end('badly');
    await expect(results[1]).rejects.toThrow('b');
    expect(started).toEqual(['a', 'b', 'c']);
    // Whoever comes now stands behind those who wait.
    const late = inTurn(async () => started.push('late'));
    a.end('well');
    expect(await results[0]).toBe('a');
    expect(started).toEqual(['a', 'b', 'c', 'd']);
    c.end('well');
    d.end('well');
    expect(await Promise.all([results[2], results[3]])).toEqual(['c', 'd']);
    await late;
    expect(started).toEqual(['a', 'b', 'c', 'd', 'late']);
  });
});
