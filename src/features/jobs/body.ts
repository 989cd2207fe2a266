import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Id } from '../../kernel/ids.js';
import { MAX_FAILURES_KEPT } from './domain/job.js';

/** What a run gives to what it runs. */
export interface JobContext {
  /** The tenant it runs for; each tenant has runs of its own. */
  readonly tenantId: Id;
  /** When the run began; the same for all of it. */
  readonly now: Date;
  /** Aborted when the server stops, or another instance has taken the run over: end soon, by throwing or not. */
  readonly signal: AbortSignal;
  /** Tells how far it has come. Costs nothing; call it as often as you like. @param total null: not known */
  progress(done: number, total: number | null): void;
}

/** A thing that failed by itself, and why. */
export interface ItemFailure {
  /** Id of the goal, account, … */
  readonly subjectId: Id;
  /** A `DomainError`'s message is shown to people; of anything else they see an id, and the operator the error. */
  readonly error: unknown;
}

/** What a run has done. */
export interface JobOutcome {
  /** By the job's own words, in lower snake case, e.g. `{ goals: 12, changed: 3 }`. */
  readonly counts: Readonly<Record<string, number>>;
  /** How many things failed by themselves. Left out: none. */
  readonly failed?: number;
  /** The first of them; `MAX_FAILURES_KEPT` are kept. */
  readonly failures?: readonly ItemFailure[];
}

/** The work of a job for one tenant. What it throws fails the run; it runs again when it is next due. */
export type JobBody = (context: JobContext) => Promise<JobOutcome>;

export interface Workload<Item> {
  readonly items: Iterable<Item> | AsyncIterable<Item>;
  /** Null: not known. */
  readonly total: number | null;
  /** Whom to name when an item fails. */
  readonly subjectOf: (item: Item) => Id;
  readonly work: (item: Item) => Promise<void>;
}

/**
 * Works through items one after the other; one that fails does not stop the rest. Tells how far it has come, and gives
 * way to others between two items. Items are taken as they come, so that any number fits into memory.
 *
 * @throws the signal's reason, between two items; whatever giving the next item throws
 */
export async function workThrough<Item>(
  { signal, progress }: Pick<JobContext, 'signal' | 'progress'>,
  { items, total, subjectOf, work }: Workload<Item>,
): Promise<{ readonly done: number; readonly failed: number; readonly failures: readonly ItemFailure[] }> {
  const failures: ItemFailure[] = [];
  let [done, failed] = [0, 0];
  for await (const item of items) {
    // The embedded database answers without a turn of the event loop: a long job would keep every request waiting.
    await nextTurn();
    signal.throwIfAborted();
    try {
      await work(item);
    } catch (error) {
      signal.throwIfAborted();
      failed += 1;
      if (failures.length < MAX_FAILURES_KEPT) failures.push({ subjectId: subjectOf(item), error });
    }
    done += 1;
    progress(done, total);
  }
  return { done, failed, failures };
}
