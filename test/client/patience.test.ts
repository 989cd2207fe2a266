import { expect, test } from 'vitest';
import { CountersignError } from '../../src/client/index.js';
import { patiently } from '../../src/client/lease.js';

const refusing = (code: CountersignError['code']) => {
  let asked = 0;
  return async (): Promise<number> => {
    asked += 1;
    if (asked === 1) throw new CountersignError(code, 'not now');
    return asked;
  };
};

test.each(['UNREACHABLE', 'INTERNAL', 'UNAVAILABLE'] as const)(
  'a server that is not there, has failed or is shutting down (%s) is asked again',
  async (code) => {
    expect(await patiently(refusing(code))).toBe(2);
  },
);

test.each(['FORBIDDEN', 'CONFLICT', 'HARD_STOP'] as const)('a refusal that stays one (%s) is told', async (code) => {
  await expect(patiently(refusing(code))).rejects.toMatchObject({ code });
});
