import { afterEach, describe, expect, test } from 'vitest';
import { readConfig, StartupError } from '../../src/config.js';
import { failpoint } from '../../src/kernel/failpoints.js';
import { FailpointFailure, setFailpoint } from '../../src/platform/failpoints.js';

let remove = () => {};
afterEach(() => remove());

describe('failpoints', () => {
  test('do nothing unless one is set, and only the one that is set does something', async () => {
    expect(failpoint('after-effect')).toBeUndefined();
    remove = setFailpoint({ name: 'after-effect', action: 'throw', passage: 1 });
    expect(failpoint('before-effect')).toBeUndefined();
    await expect(failpoint('after-effect')).rejects.toBeInstanceOf(FailpointFailure);
  });

  test('happen at the passage that was named, once', async () => {
    remove = setFailpoint({ name: 'before-claim', action: 'throw', passage: 2 });
    expect(failpoint('before-claim')).toBeUndefined();
    await expect(failpoint('before-claim')).rejects.toThrow('before-claim');
    expect(failpoint('before-claim')).toBeUndefined();
  });

  test('are gone when they are taken away', () => {
    setFailpoint({ name: 'before-claim', action: 'throw', passage: 1 })();
    expect(failpoint('before-claim')).toBeUndefined();
  });

  test('are read from the environment, and refused in production and by wrong names', () => {
    expect(readConfig({}).failpoint).toBeUndefined();
    expect(readConfig({ COUNTERSIGN_FAILPOINT: 'after-claim:kill' }).failpoint).toEqual({
      name: 'after-claim',
      action: 'kill',
      passage: 1,
    });
    expect(readConfig({ COUNTERSIGN_FAILPOINT: 'after-claim:hang:3' }).failpoint?.passage).toBe(3);
    for (const wrong of ['after-claim', 'nowhere:kill', 'after-claim:explode', 'after-claim:kill:0']) {
      expect(() => readConfig({ COUNTERSIGN_FAILPOINT: wrong })).toThrow(StartupError);
    }
    const production = {
      NODE_ENV: 'production',
      COUNTERSIGN_JWT_SECRET: 'a secret of the tests, long enough to be one',
    };
    expect(() => readConfig({ ...production, COUNTERSIGN_FAILPOINT: 'after-claim:kill' })).toThrow(
      /COUNTERSIGN_FAILPOINT.*production/,
    );
  });
});
