import { expect, test } from 'vitest';
import { forEach } from '../../src/kernel/sweep.js';

test('work is done for each in turn, and counted where it did something', async () => {
  const seen: number[] = [];
  const count = await forEach([1, 2, 3], async (n) => seen.push(n) !== 2, 'numbers');
  expect(seen).toEqual([1, 2, 3]);
  expect(count).toBe(2);
});

test('one that fails keeps no other from its turn, and is told at the end', async () => {
  const seen: number[] = [];
  const failing = forEach(
    [1, 2, 3, 4],
    async (n) => {
      seen.push(n);
      if (n % 2 === 1) throw new Error(`${n} is odd`);
      return true;
    },
    'numbers were odd',
  );
  await expect(failing).rejects.toMatchObject({
    message: '2 numbers were odd',
    errors: [new Error('1 is odd'), new Error('3 is odd')],
  });
  expect(seen).toEqual([1, 2, 3, 4]);
});
