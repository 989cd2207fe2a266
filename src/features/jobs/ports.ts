import type { Id } from '../../kernel/ids.js';
import type { Page, PageArgs } from '../../kernel/page.js';
import type { Tx } from '../../kernel/transaction.js';
import type { JobName, JobRun, Progress, Schedule } from './domain/job.js';

/** A tenant's job whose turn it is. */
export interface DueJob {
  readonly tenantId: Id;
  readonly job: JobName;
}

/** A job, and when it is due at the latest. */
export interface LatestDue {
  readonly job: JobName;
  readonly at: Date;
}

/** What a schedule becomes. */
export type ScheduleChange = Pick<Schedule, 'nextDue' | 'epoch' | 'runId' | 'leaseUntil'>;

/** Looks over all tenants; the server's own. */
export interface JobBoard {
  /**
   * What is due, or was lost by its instance: the longest overdue first. A tenant's job that was never seen before
   * becomes due at the time given; so does one that is due later than that, when an interval was shortened.
   */
  due(latest: readonly LatestDue[], now: Date, limit: number): Promise<readonly DueJob[]>;
}

export interface JobStore {
  /** Gives the schedule of a job; makes it, due at `firstDue`, when there is none. */
  schedule(tx: Tx, job: JobName, firstDue: Date): Promise<Schedule>;
  schedules(tx: Tx): Promise<readonly Schedule[]>;
  /** Changes a schedule if it is still as `seen`; tells whether it was. Of any number who try, one changes it. */
  move(tx: Tx, seen: Schedule, change: ScheduleChange): Promise<boolean>;
  /** Extends the lease of a run that still is its job's run; tells whether it is. */
  extend(tx: Tx, run: Pick<JobRun, 'job' | 'id'>, leaseUntil: Date): Promise<boolean>;
  /** Ends the lease of a run that still is its job's run; tells whether it was. @param nextDue null: as it stands */
  release(tx: Tx, run: Pick<JobRun, 'job' | 'id'>, nextDue: Date | null): Promise<boolean>;
  insert(tx: Tx, run: JobRun): Promise<void>;
  /** Removes all but the newest runs of a job. */
  prune(tx: Tx, job: JobName, keep: number): Promise<void>;
  find(tx: Tx, id: Id): Promise<JobRun | undefined>;
  progress(tx: Tx, id: Id, progress: Progress): Promise<void>;
  finish(tx: Tx, run: JobRun): Promise<void>;
  /** The newest run of each job that has ended. */
  lastRuns(tx: Tx): Promise<readonly JobRun[]>;
  /** Newest first. */
  list(tx: Tx, job: JobName | undefined, page: PageArgs): Promise<Page<JobRun>>;
  count(tx: Tx, job: JobName | undefined): Promise<number>;
}
