import { setTimeout as pause } from 'node:timers/promises';
import { CountersignError } from './error.js';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** Nobody answered, the server has failed itself, or it is shutting down and another one will answer. */
const MAY_PASS: ReadonlySet<string> = new Set(['UNREACHABLE', 'INTERNAL', 'UNAVAILABLE']);

/**
 * Tries again while the server cannot be reached, has failed itself or is shutting down, for as long as it takes. Only
 * for what may be sent twice.
 */
export async function patiently<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let losses = 0; ; losses += 1) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof CountersignError && MAY_PASS.has(error.code))) throw error;
      await pause(Math.min(FIRST_PAUSE_MS * 2 ** losses, LONGEST_PAUSE_MS), undefined, { signal });
    }
  }
}

/** A claim that is being renewed. */
export interface HeldLease {
  /** Aborted when the claim is lost. */
  readonly signal: AbortSignal;
  /** Stops renewing. */
  release(): void;
}

/**
 * Renews a claim at a third of its time, until it is released. When the time is over and it could not be renewed, the
 * signal is aborted: somebody else may have been told that nobody knows what became of the action.
 */
export function holdLease(renew: () => Promise<void>, leaseSeconds: number): HeldLease {
  const lost = new AbortController();
  const released = new AbortController();
  const keep = async (): Promise<void> => {
    let until = performance.now() + leaseSeconds * 1_000;
    while (!released.signal.aborted) {
      await pause((leaseSeconds * 1_000) / 3, undefined, { signal: released.signal });
      try {
        const asked = performance.now();
        await renew();
        until = asked + leaseSeconds * 1_000;
      } catch (error) {
        const isRefused = error instanceof CountersignError && error.code === 'CONFLICT';
        if (isRefused || performance.now() >= until)
          return lost.abort(new Error('the claim was lost', { cause: error }));
      }
    }
  };
  keep().catch((error: unknown) => {
    if (!released.signal.aborted) lost.abort(error);
  });
  return { signal: lost.signal, release: () => released.abort() };
}
