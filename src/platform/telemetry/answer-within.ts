import { setTimeout as wait } from 'node:timers/promises';

/**
 * Asks for something that may never answer. Whoever asks again meanwhile waits for the same answer, so that a database
 * that hangs costs one connection and not one for each probe.
 *
 * @param ms how long to wait, in milliseconds
 * @returns asks, and gives undefined when no answer came in time
 * @throws what `work` throws, if it does so in time
 */
export function answerWithin<T>(ms: number, work: () => Promise<T>): () => Promise<T | undefined> {
  let underWay: Promise<T> | undefined;
  return async () => {
    if (!underWay) {
      const asked = work().finally(() => {
        underWay = undefined;
      });
      underWay = asked;
      // It may fail after nobody waits any more.
      asked.catch(() => {});
    }
    const answered = new AbortController();
    const tooLate = wait(ms, undefined, { signal: answered.signal }).catch(() => undefined);
    try {
      return await Promise.race([underWay, tooLate]);
    } finally {
      answered.abort();
    }
  };
}
