import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { Id } from '../../kernel/ids.js';
import type { Page, PageArgs } from '../../kernel/page.js';
import type { Transactor } from '../../kernel/transaction.js';
import { JOB_NAMES, type JobName, type JobRun } from './domain/job.js';
import type { JobStore } from './ports.js';
import type { JobBodies } from './runner.js';

/** A job of a tenant, as of the time of asking. */
export interface JobState {
  readonly name: JobName;
  readonly intervalMs: number;
  /** Whether the answering server can run it. */
  readonly isAvailable: boolean;
  /** Null: never seen by a scheduler so far. */
  readonly nextDue: Date | null;
  readonly running: JobRun | null;
  /** The newest that has ended. */
  readonly lastRun: JobRun | null;
}

export interface JobQueryParts {
  readonly transactor: Transactor;
  readonly store: JobStore;
  readonly clock: Clock;
  readonly bodies: JobBodies;
  /** Hours between two runs of each by the schedule. */
  readonly hours: Readonly<Record<JobName, number>>;
}

const HOUR_MS = 3_600_000;

/** Reads jobs and their runs. A run that went silent counts as lost from the end of its lease. */
export class JobQueries {
  constructor(private readonly parts: JobQueryParts) {}

  /** All jobs, in the order of `JOB_NAMES`. */
  jobs(actor: Actor): Promise<readonly JobState[]> {
    const { transactor, store, clock, bodies, hours } = this.parts;
    return transactor.run(actor.tenantId, async (tx) => {
      const now = clock.now();
      const schedules = await store.schedules(tx);
      const lastRuns = await store.lastRuns(tx);
      const states: JobState[] = [];
      for (const name of JOB_NAMES) {
        const schedule = schedules.find(({ job }) => job === name);
        const isHeld = schedule?.leaseUntil && schedule.leaseUntil.getTime() > now.getTime();
        const running = isHeld && schedule.runId !== null ? await store.find(tx, schedule.runId) : undefined;
        states.push({
          name,
          intervalMs: hours[name] * HOUR_MS,
          isAvailable: bodies[name] !== undefined,
          nextDue: schedule?.nextDue ?? null,
          running: running ?? null,
          lastRun: lastRuns.find(({ job }) => job === name) ?? null,
        });
      }
      return states;
    });
  }

  /** Undefined when it is not kept any more. */
  findRun(actor: Actor, id: Id): Promise<JobRun | undefined> {
    return this.parts.transactor.run(actor.tenantId, (tx) => this.parts.store.find(tx, id));
  }

  /** Newest first. @param job undefined: of all jobs */
  runs(actor: Actor, job: JobName | undefined, page: PageArgs): Promise<Page<JobRun>> {
    return this.parts.transactor.run(actor.tenantId, (tx) => this.parts.store.list(tx, job, page));
  }

  countRuns(actor: Actor, job: JobName | undefined): Promise<number> {
    return this.parts.transactor.run(actor.tenantId, (tx) => this.parts.store.count(tx, job));
  }
}
