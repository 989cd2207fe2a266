import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { type Id, newId } from '../../kernel/ids.js';
import { forEach } from '../../kernel/sweep.js';
import type { EventWriter, Transactor, Tx } from '../../kernel/transaction.js';
import type { JobBody } from './body.js';
import { JOB_NAMES, type JobName, type JobRun, type Trigger } from './domain/job.js';
import { claim } from './domain/schedule.js';
import type { DueJob, JobBoard, JobStore } from './ports.js';
import { abortedRun, endedRun, lostRun, startedRun } from './record.js';
import { UnderWay } from './under-way.js';

/** The bodies of the jobs that this server can run. One that is not there is never due here. */
export type JobBodies = Readonly<Partial<Record<JobName, JobBody>>>;

export interface JobRunnerParts {
  readonly transactor: Transactor;
  readonly board: JobBoard;
  readonly store: JobStore;
  readonly events: EventWriter;
  readonly clock: Clock;
  readonly bodies: JobBodies;
  /** Hours between two runs of each by the schedule. */
  readonly hours: Readonly<Record<JobName, number>>;
  /** How long a run stays its instance's when nothing is heard of it, in milliseconds. */
  readonly leaseMs: number;
  /** Names this server process among those on the same database. */
  readonly instance: string;
  /** Told of what failed, in words, and why. */
  readonly onTrouble: (error: unknown, what: string) => void;
}

/** Who wants a run. */
interface Wish {
  readonly tenantId: Id;
  readonly job: JobName;
  readonly trigger: Trigger;
  readonly by: string;
}

const HOUR_MS = 3_600_000;
/** Most runs that the schedule starts at once on one instance; those started by hand come on top. */
export const MAX_SCHEDULED = 4;
/** Runs of a job that a tenant keeps; older ones go. */
const RUNS_KEPT = 1_000;
/** How long a stop waits for runs that do not heed the signal, in milliseconds. */
const GRACE_MS = 5_000;
/** Who starts what is due. */
export const SCHEDULER = 'system:jobs';

/**
 * Runs jobs, each for one tenant at a time. Whoever moves the schedule's row in the database owns the run, for as long
 * as it keeps extending the lease; so any number of instances may look for work at once.
 */
export class JobRunner {
  private readonly underWay = new Map<Id, UnderWay>();
  private isStopping = false;

  constructor(private readonly parts: JobRunnerParts) {}

  /**
   * Starts what is due, up to `MAX_SCHEDULED` runs at once, and takes over what other instances have lost. Does not
   * wait for the runs to end.
   *
   * @returns how many were started
   * @throws AggregateError when some could not be started, after the others were
   */
  async wake(): Promise<number> {
    const { board, clock, bodies, hours } = this.parts;
    const now = clock.now();
    const room = MAX_SCHEDULED - this.underWay.size;
    if (room <= 0 || this.isStopping) return 0;
    const jobs = JOB_NAMES.filter((job) => bodies[job] !== undefined);
    const latest = jobs.map((job) => ({ job, at: new Date(now.getTime() + hours[job] * HOUR_MS) }));
    const due = await board.due(latest, now, room);
    return forEach(due, (one) => this.startDue(one), 'jobs could not be started');
  }

  /**
   * Starts a run by hand; gives the one under way when there is one. Answers as soon as it has started.
   *
   * @throws NOT_AVAILABLE when this server cannot run the job
   */
  async start(actor: Actor, job: JobName): Promise<{ readonly run: JobRun; readonly isNew: boolean }> {
    if (this.parts.bodies[job] === undefined || this.isStopping) throw notAvailable(job, this.isStopping);
    const wish: Wish = { tenantId: actor.tenantId, job, trigger: 'hand', by: actor.name };
    for (;;) {
      const taken = await this.take(wish);
      if (taken === 'raced') continue;
      if (taken.kind === 'started') return { run: this.begin(taken.run), isNew: true };
      if (taken.run) return { run: taken.run, isNew: false };
      throw new Error(`a run of ${job} by hand was neither started nor under way`);
    }
  }

  /**
   * Extends the leases of the runs under way here and writes down how far they have come. Call it about every second.
   *
   * @throws AggregateError when some could not be written down, after the others were
   */
  async beat(): Promise<void> {
    const tell = async (run: UnderWay): Promise<boolean> => {
      await this.tell(run);
      return true;
    };
    await forEach([...this.underWay.values()], tell, 'runs could not be written down');
  }

  /** Resolves when no run is under way here any more. */
  async idle(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all([...this.underWay.values()].map(({ ended }) => ended));
  }

  /** Starts nothing more, aborts what is under way and gives it back, so that another instance can run it at once. */
  async stop(): Promise<void> {
    this.isStopping = true;
    for (const run of this.underWay.values()) run.abort(new Error('the server stops'));
    const patience = Promise.withResolvers<void>();
    const timer = setTimeout(patience.resolve, GRACE_MS);
    await Promise.race([this.idle(), patience.promise]);
    clearTimeout(timer);
    // What does not heed the signal is left to its lease.
    this.underWay.clear();
  }

  private async startDue({ tenantId, job }: DueJob): Promise<boolean> {
    const taken = await this.take({ tenantId, job, trigger: 'schedule', by: SCHEDULER });
    if (taken === 'raced' || taken.kind === 'not_started') return false;
    this.begin(taken.run);
    return true;
  }

  /** Tries once to become the owner of a job's next run. `raced`: somebody moved the schedule in between. */
  private take(
    wish: Wish,
  ): Promise<'raced' | { kind: 'started'; run: JobRun } | { kind: 'not_started'; run: JobRun | undefined }> {
    const { transactor, store, events, clock, hours, leaseMs, instance } = this.parts;
    return transactor.run(wish.tenantId, async (tx) => {
      const now = clock.now();
      const intervalMs = hours[wish.job] * HOUR_MS;
      const schedule = await store.schedule(tx, wish.job, new Date(now.getTime() + intervalMs));
      const before = schedule.runId === null ? undefined : await store.find(tx, schedule.runId);
      const verdict = claim(schedule, { trigger: wish.trigger, now, intervalMs, attempt: before?.attempt ?? 0 });
      if (verdict.kind === 'busy') return before ? { kind: 'not_started', run: before } : 'raced';
      if (verdict.kind === 'not_due') return { kind: 'not_started', run: undefined };
      const id = newId(now);
      const isStart = verdict.kind === 'start';
      const change = {
        nextDue: isStart ? verdict.nextDue : schedule.nextDue,
        epoch: schedule.epoch + 1,
        runId: isStart ? id : null,
        leaseUntil: isStart ? new Date(now.getTime() + leaseMs) : null,
      };
      if (!(await store.move(tx, schedule, change))) return 'raced';
      if (before && verdict.lostRunId !== null) await this.record(tx, lostRun(before, now));
      if (!isStart) return { kind: 'not_started', run: undefined };
      const { tenantId, job } = wish;
      // What was lost is done again for whoever wanted it.
      const { trigger, by } = before && verdict.attempt > 1 ? { trigger: before.trigger, by: before.startedBy } : wish;
      const run = startedRun({ tenantId, id, job, trigger, startedBy: by, instance, attempt: verdict.attempt }, now);
      await store.insert(tx, run);
      await store.prune(tx, job, RUNS_KEPT);
      await events.append(tx, [
        {
          type: 'job.started',
          subjectId: id,
          data: { job, trigger: run.trigger, instance, attempt: run.attempt, status: run.status },
          actor: run.startedBy,
          at: now,
        },
      ]);
      return { kind: 'started', run };
    });
  }

  /** Lets the body work, in the background, and sees to the end. */
  private begin(run: JobRun): JobRun {
    const body = this.parts.bodies[run.job];
    if (!body) throw new Error(`there is no body for ${run.job}`);
    const underWay = new UnderWay(run);
    this.underWay.set(run.id, underWay);
    underWay.begin(body, async (result) => {
      try {
        await this.end(underWay, result);
      } catch (error) {
        this.parts.onTrouble(error, `the end of ${run.job} could not be written down; its lease will run out`);
      } finally {
        this.underWay.delete(run.id);
      }
    });
    return run;
  }

  private async end(underWay: UnderWay, result: Parameters<typeof endedRun>[1]): Promise<void> {
    const { transactor, store, clock, onTrouble } = this.parts;
    const { run } = underWay;
    await transactor.run(run.tenantId, async (tx) => {
      const now = clock.now();
      const isAborted = underWay.isAborted && 'error' in result;
      // Given back: what the schedule wanted is due again at once, on any instance.
      const nextDue = isAborted && run.trigger === 'schedule' ? now : null;
      if (!(await store.release(tx, run, nextDue))) return;
      const last = { ...run, ...underWay.progress };
      await this.record(tx, isAborted ? abortedRun(last, now) : endedRun(last, result, now, onTrouble));
    });
  }

  private async tell(underWay: UnderWay): Promise<void> {
    const { transactor, store, events, clock, leaseMs } = this.parts;
    const { run, progress } = underWay;
    await transactor.run(run.tenantId, async (tx) => {
      const now = clock.now();
      if (!(await store.extend(tx, run, new Date(now.getTime() + leaseMs)))) {
        underWay.abort(new Error('another instance has taken the run over'));
        return;
      }
      await store.progress(tx, run.id, progress);
      if (!underWay.isWorthTelling(now)) return;
      const { done, total } = progress;
      await events.append(tx, [
        {
          type: 'job.progressed',
          subjectId: run.id,
          data: { job: run.job, done, total },
          actor: SCHEDULER,
          at: now,
        },
      ]);
      underWay.told = { done, total, at: now };
    });
  }

  /** Writes down how a run ended. */
  private async record(tx: Tx, run: JobRun): Promise<void> {
    await this.parts.store.finish(tx, run);
    const { id, job, status, counts, failed, done, total } = run;
    await this.parts.events.append(tx, [
      {
        type: 'job.finished',
        subjectId: id,
        data: { job, status, counts, failed, done, total },
        actor: SCHEDULER,
        at: run.finishedAt ?? this.parts.clock.now(),
      },
    ]);
  }
}

const notAvailable = (job: JobName, isStopping: boolean): DomainError =>
  new DomainError(
    'NOT_AVAILABLE',
    isStopping
      ? 'This server is stopping; ask again, another one answers.'
      : `This server cannot run ${job}: the part that does it is not there, or is switched off. \`jobs\` tells which can be run.`,
    { job },
  );
