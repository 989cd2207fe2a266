import type { Id } from '../../../kernel/ids.js';

/** Closed list of what the server does by itself, again and again, for each tenant. */
export const JOB_NAMES = [
  'pattern_scan',
  'proactive_outreach_check',
  'goal_progress_update',
  'daily_digest_generation',
  'context_summarization',
] as const;
export type JobName = (typeof JOB_NAMES)[number];

/** How often each runs unless somebody sets it otherwise, in hours. */
export const DEFAULT_HOURS: Readonly<Record<JobName, number>> = {
  pattern_scan: 6,
  proactive_outreach_check: 1,
  goal_progress_update: 24,
  daily_digest_generation: 24,
  context_summarization: 24,
};

/**
 * What has become of a run. `aborted`: its instance was stopped in an orderly way. `lost`: its instance went silent,
 * and its lease ran out.
 */
export type RunStatus = 'running' | 'completed' | 'failed' | 'aborted' | 'lost';

/** Who wanted a run: the clock, or a person. */
export type Trigger = 'schedule' | 'hand';

/** How far a run has come, in whatever it works through: goals, accounts, … */
export interface Progress {
  readonly done: number;
  /** Null: it does not know how many there are. */
  readonly total: number | null;
}

/** What failed by itself without stopping the run. */
export interface StoredFailure {
  /** Id of the goal, account, … */
  readonly subjectId: Id;
  readonly message: string;
}

/** One run of a job for one tenant. */
export interface JobRun extends Progress {
  readonly tenantId: Id;
  readonly id: Id;
  readonly job: JobName;
  readonly trigger: Trigger;
  /** Name of the person who started it by hand, or `system:jobs`. */
  readonly startedBy: string;
  /** Name of the server process that runs it. */
  readonly instance: string;
  /** 1; more when it takes over from runs that were lost. */
  readonly attempt: number;
  readonly status: RunStatus;
  readonly startedAt: Date;
  /** Null while it runs. */
  readonly finishedAt: Date | null;
  /** What it did, by the job's own words. Empty while it runs. */
  readonly counts: Readonly<Record<string, number>>;
  /** How many of the things it worked through failed. */
  readonly failed: number;
  /** The first of them, at most `MAX_FAILURES_KEPT`. */
  readonly failures: readonly StoredFailure[];
  /** Why the run as a whole failed; null unless it did. */
  readonly error: string | null;
}

/** Most failures of single things that a run keeps; the others are only counted. */
export const MAX_FAILURES_KEPT = 20;

/** When a tenant's job is next due, and who runs it now. */
export interface Schedule {
  readonly job: JobName;
  readonly nextDue: Date;
  /** Goes up with every run that starts. */
  readonly epoch: number;
  /** The run under way; null between runs. */
  readonly runId: Id | null;
  /** Until when the run's instance owns it; null between runs. */
  readonly leaseUntil: Date | null;
}
