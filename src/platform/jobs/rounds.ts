import { AsyncTask, SimpleIntervalJob, ToadScheduler } from 'toad-scheduler';
import type { RoundOutcome } from '../telemetry/metrics.js';

/** Work that every instance does again and again, small and for all tenants; unlike jobs, which one instance runs for one tenant. */
export interface Round {
  /** Stable: it is a label of the metrics. */
  readonly name: string;
  readonly everySeconds: number;
  /**
   * Does it once. An AggregateError means that some of its items failed and all others were done.
   *
   * @param signal aborted when it should come to an end
   */
  readonly run: (signal: AbortSignal) => Promise<unknown>;
}

/** How a round stands. Times are milliseconds since 1970. */
export interface RoundState {
  readonly name: string;
  readonly everySeconds: number;
  /** When its last round came to its end, whether all of it went well or not; undefined: none has yet. */
  readonly lastDone: number | undefined;
  /** When all of a round last went well. */
  readonly lastSuccess: number | undefined;
  /** Since when it has been known to this process. */
  readonly since: number;
}

export interface Rounds {
  /** Runs it now and then at its interval, never twice at once. Gives how to end that; it waits for the round. */
  start(round: Round): () => Promise<void>;
  readonly states: () => readonly RoundState[];
}

export interface RoundsOptions {
  /** Told of a round that failed, in whole or in part. */
  readonly onError: (error: unknown, round: string) => void;
  readonly onRan?: (run: { round: string; outcome: RoundOutcome; seconds: number }) => void;
  /** Puts something around each round, such as a trace. */
  readonly around?: <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;
}

interface Standing {
  readonly name: string;
  readonly everySeconds: number;
  readonly since: number;
  lastDone: number | undefined;
  lastSuccess: number | undefined;
}

/** The background rounds of one process, and how each stands. */
export function createRounds({ onError, onRan, around = (_name, work) => work() }: RoundsOptions): Rounds {
  const standings = new Set<Standing>();

  const runOnce = async ({ name, run }: Round, standing: Standing, signal: AbortSignal): Promise<void> => {
    const begun = performance.now();
    let outcome: RoundOutcome = 'done';
    try {
      await around(name, () => run(signal));
      standing.lastSuccess = Date.now();
    } catch (error) {
      outcome = error instanceof AggregateError ? 'partial' : 'failed';
      onError(error, name);
    }
    if (outcome !== 'failed') standing.lastDone = Date.now();
    onRan?.({ round: name, outcome, seconds: (performance.now() - begun) / 1000 });
  };

  return {
    start(round) {
      const { name, everySeconds } = round;
      const standing: Standing = {
        name,
        everySeconds,
        since: Date.now(),
        lastDone: undefined,
        lastSuccess: undefined,
      };
      standings.add(standing);
      const scheduler = new ToadScheduler();
      const stop = new AbortController();
      let running = Promise.resolve();
      const task = new AsyncTask(name, () => {
        running = runOnce(round, standing, stop.signal);
        return running;
      });
      const interval = { seconds: everySeconds, runImmediately: true };
      scheduler.addSimpleIntervalJob(new SimpleIntervalJob(interval, task, { preventOverrun: true }));
      return async () => {
        scheduler.stop();
        stop.abort();
        standings.delete(standing);
        await running;
      };
    },
    states: () => [...standings],
  };
}
