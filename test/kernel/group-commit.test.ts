import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { groupCommit } from '../../src/kernel/group-commit.js';

/** A commit that notes its batches and waits to be let go. */
function gated() {
  const batches: (readonly string[])[] = [];
  const releases: ((how?: Error) => void)[] = [];
  const commit = (items: readonly string[]) =>
    new Promise<readonly (string | Error)[]>((resolve, reject) => {
      batches.push(items);
      releases.push((how) => (how ? reject(how) : resolve(items.map((item) => item.toUpperCase()))));
    });
  return { batches, releases, commit };
}

/** Lets the event loop turn until so many batches have started. */
async function started(batches: readonly unknown[], count: number): Promise<void> {
  while (batches.length < count) await turn();
}

test('callers of one turn are shared out evenly among the batches that may run', async () => {
  const { batches, releases, commit } = gated();
  const submit = groupCommit(commit, { maxBatch: 10, concurrency: 2 });
  const answers = Promise.all(['a', 'b', 'c', 'd', 'e'].map(submit));
  await started(batches, 2);
  expect(batches).toEqual([
    ['a', 'b', 'c'],
    ['d', 'e'],
  ]);
  for (const release of releases) release();
  expect(await answers).toEqual(['A', 'B', 'C', 'D', 'E']);
});

test('while the batches run, everybody who comes gathers for the next', async () => {
  const { batches, releases, commit } = gated();
  const submit = groupCommit(commit, { maxBatch: 10, concurrency: 1 });
  const first = submit('a');
  await started(batches, 1);
  const rest = ['b', 'c', 'd'].map(submit);
  await turn();
  expect(batches).toEqual([['a']]);
  releases[0]?.();
  expect(await first).toBe('A');
  await started(batches, 2);
  expect(batches).toEqual([['a'], ['b', 'c', 'd']]);
  releases[1]?.();
  expect(await Promise.all(rest)).toEqual(['B', 'C', 'D']);
});

test('a caller who was just answered gets into the same batch as those who waited', async () => {
  const { batches, releases, commit } = gated();
  const submit = groupCommit(commit, { maxBatch: 10, concurrency: 1 });
  const again = submit('a').then(() => submit('a2'));
  await started(batches, 1);
  const waiting = submit('b');
  releases[0]?.();
  await started(batches, 2);
  expect(batches[1]?.toSorted()).toEqual(['a2', 'b']);
  releases[1]?.();
  await Promise.all([again, waiting]);
});

test('no batch is larger than allowed', async () => {
  const { batches, releases, commit } = gated();
  const submit = groupCommit(commit, { maxBatch: 2, concurrency: 1 });
  const answers = Promise.all(['a', 'b', 'c'].map(submit));
  await started(batches, 1);
  releases[0]?.();
  await started(batches, 2);
  expect(batches).toEqual([['a', 'b'], ['c']]);
  releases[1]?.();
  expect(await answers).toEqual(['A', 'B', 'C']);
});

test('a refused item fails alone', async () => {
  const submit = groupCommit(
    async (items: readonly string[]) => items.map((item) => (item === 'bad' ? new Error('no') : item)),
    { maxBatch: 10, concurrency: 1 },
  );
  const answers = await Promise.allSettled(['a', 'bad', 'c'].map(submit));
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('when a batch fails, its items are tried one by one, and only the one at fault fails', async () => {
  const tried: string[][] = [];
  const submit = groupCommit(
    async (items: readonly string[]) => {
      tried.push([...items]);
      if (items.includes('bad')) throw new Error('the transaction was rolled back');
      return items;
    },
    { maxBatch: 10, concurrency: 1 },
  );
  const answers = await Promise.allSettled(['a', 'bad', 'c'].map(submit));
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(tried).toEqual([['a', 'bad', 'c'], ['a'], ['bad'], ['c']]);
});
