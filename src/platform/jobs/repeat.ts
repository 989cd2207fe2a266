import { AsyncTask, SimpleIntervalJob, ToadScheduler } from 'toad-scheduler';

/**
 * Does something again and again in this process, the first time at once, never twice at once.
 *
 * @param signal of `work`: aborted when it is to stop
 * @returns how to stop; resolves when the round under way has ended
 */
export function repeat(
  seconds: number,
  work: (signal: AbortSignal) => Promise<unknown>,
  onError: (error: unknown) => void,
): () => Promise<void> {
  const scheduler = new ToadScheduler();
  const stop = new AbortController();
  let running = Promise.resolve();
  const task = new AsyncTask('repeated', () => {
    running = work(stop.signal).then(() => {}, onError);
    return running;
  });
  scheduler.addSimpleIntervalJob(
    new SimpleIntervalJob({ seconds, runImmediately: true }, task, { preventOverrun: true }),
  );
  return (): Promise<void> => {
    scheduler.stop();
    stop.abort();
    return running;
  };
}
