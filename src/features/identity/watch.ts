import type { Standings } from './standings.js';

/** How often open streams are looked at, in milliseconds. Half of what is promised: a change shows within a second. */
const BEAT_MS = 500;

/** Looks at open streams again and again, also while nothing happens in them. */
export interface Watch {
  /** Calls `check` at every beat. Gives how to end that. */
  watch(check: () => void): () => void;
  /** Safe to call twice. */
  stop(): Promise<void>;
}

export interface WatchOptions {
  /** Told once when standings can no longer be read; the watch keeps trying, and time still ends what has run out. */
  readonly onError: (error: unknown) => void;
  readonly beatMs?: number;
}

/** Starts the one watch of a process, whatever its number of streams. */
export function watchStandings(standings: Standings, { onError, beatMs = BEAT_MS }: WatchOptions): Watch {
  const checks = new Set<() => void>();
  let refreshing: Promise<void> | undefined;
  let isFailing = false;

  const checkAll = (): void => {
    for (const check of checks) check();
  };
  const refresh = async (): Promise<void> => {
    try {
      await standings.refresh();
      isFailing = false;
      checkAll();
    } catch (error) {
      if (!isFailing) onError(error);
      isFailing = true;
    }
  };
  const timer = setInterval(() => {
    // Time passes also while the database does not answer.
    checkAll();
    refreshing ??= refresh().finally(() => {
      refreshing = undefined;
    });
  }, beatMs);

  return {
    watch(check) {
      checks.add(check);
      return () => void checks.delete(check);
    },
    async stop() {
      clearInterval(timer);
      checks.clear();
      await refreshing;
    },
  };
}
