import type { Id } from '../../../kernel/ids.js';
import type { Progress, Schedule, Trigger } from './job.js';

/** How often a run may be taken over before it is given up until it is next due: it may be what kills its instances. */
export const MAX_ATTEMPTS = 3;

/** What somebody who wants a job to run is told. */
export type Claim =
  /** Another run is under way. */
  | { readonly kind: 'busy'; readonly runId: Id }
  | { readonly kind: 'not_due' }
  /** The run before was lost, and was already the last attempt. */
  | { readonly kind: 'give_up'; readonly lostRunId: Id }
  | {
      readonly kind: 'start';
      readonly nextDue: Date;
      readonly attempt: number;
      /** The run that was lost and is taken over; null: none. */
      readonly lostRunId: Id | null;
    };

export interface ClaimQuestion {
  readonly trigger: Trigger;
  readonly now: Date;
  readonly intervalMs: number;
  /** Attempt of the run under way; 0 when there is none. */
  readonly attempt: number;
}

/**
 * Whether a job may start now. One run at a time, and by the schedule only when due; a run whose lease is over is
 * taken over at once, whoever asks.
 */
export function claim(schedule: Schedule, { trigger, now, intervalMs, attempt }: ClaimQuestion): Claim {
  const { runId, leaseUntil, nextDue } = schedule;
  const isDue = nextDue.getTime() <= now.getTime();
  // A run by hand that comes when the job is due counts as the one that was due.
  const next = isDue ? nextDueAfter(nextDue, now, intervalMs) : nextDue;
  if (runId !== null) {
    if (leaseUntil !== null && leaseUntil.getTime() > now.getTime()) return { kind: 'busy', runId };
    if (attempt < MAX_ATTEMPTS) return { kind: 'start', nextDue: next, attempt: attempt + 1, lostRunId: runId };
    if (trigger === 'schedule' && !isDue) return { kind: 'give_up', lostRunId: runId };
    return { kind: 'start', nextDue: next, attempt: 1, lostRunId: runId };
  }
  if (trigger === 'schedule' && !isDue) return { kind: 'not_due' };
  return { kind: 'start', nextDue: next, attempt: 1, lostRunId: null };
}

/**
 * When a job is due again that was due at `due` and starts at `now`. It keeps its rhythm when it started a little
 * late; when it was missed for longer, the interval counts from now, so that one late run is not followed at once by
 * the next.
 */
export function nextDueAfter(due: Date, now: Date, intervalMs: number): Date {
  const inRhythm = due.getTime() + intervalMs;
  const isSoon = inRhythm - now.getTime() < intervalMs / 2;
  return new Date(isSoon ? now.getTime() + intervalMs : inRhythm);
}

const SECOND_MS = 1_000;
/** Between two tellings of a run that does not know its end, in milliseconds. */
const BLIND_MS = 10_000;
const STEP = 0.05;

/**
 * Whether those who watch a run should be told how far it has come: at most once a second, and only when it has come
 * 5 % further. So the log holds at most 20 such events of a run; of a run that does not know its end, one in 10 s.
 */
export function isWorthTelling(told: Progress & { readonly at: Date }, { done, total }: Progress, now: Date): boolean {
  const since = now.getTime() - told.at.getTime();
  if (done === told.done || since < SECOND_MS) return false;
  if (total === null || total === 0) return since >= BLIND_MS;
  return done - told.done >= total * STEP;
}
