import { registerEnumType } from 'type-graphql';
import type { JobName, RunStatus, Trigger } from '../domain/job.js';

// `satisfies` makes a value that was added to a domain list but forgotten here a compile error.

/** `JobName` of the schema. */
export const JobNameEnum = {
  PATTERN_SCAN: 'pattern_scan',
  PROACTIVE_OUTREACH_CHECK: 'proactive_outreach_check',
  GOAL_PROGRESS_UPDATE: 'goal_progress_update',
  DAILY_DIGEST_GENERATION: 'daily_digest_generation',
  CONTEXT_SUMMARIZATION: 'context_summarization',
} as const satisfies Record<Uppercase<JobName>, JobName>;
registerEnumType(JobNameEnum, {
  name: 'JobName',
  description: 'What the server does by itself, again and again.',
  valuesConfig: {
    PATTERN_SCAN: { description: 'Looks for buying signals, risks and changes at accounts with recent activity.' },
    PROACTIVE_OUTREACH_CHECK: { description: 'Proposes what signals, risks and goals that are behind ask for.' },
    GOAL_PROGRESS_UPDATE: { description: 'Measures goals from the stored data and writes down where each stands.' },
    DAILY_DIGEST_GENERATION: { description: 'Puts together what happened, by account.' },
    CONTEXT_SUMMARIZATION: { description: 'Summarises what is older of each account.' },
  },
});

/** `JobRunStatus` of the schema. */
export const JobRunStatusEnum = {
  RUNNING: 'running',
  COMPLETED: 'completed',
  FAILED: 'failed',
  ABORTED: 'aborted',
  LOST: 'lost',
} as const satisfies Record<Uppercase<RunStatus>, RunStatus>;
registerEnumType(JobRunStatusEnum, {
  name: 'JobRunStatus',
  description: 'What has become of a run.',
  valuesConfig: {
    RUNNING: { description: 'It is under way.' },
    COMPLETED: { description: 'It worked through everything. Single things may have failed, see `failures`.' },
    FAILED: { description: 'It could not go on, see `error`. It runs again when the job is next due.' },
    ABORTED: {
      description: 'Its server was stopped. What the schedule had started runs again at once, on any server.',
    },
    LOST: { description: 'Its server went silent for longer than the lease; another one takes over, twice at most.' },
  },
});

/** `JobTrigger` of the schema. */
export const JobTriggerEnum = {
  SCHEDULE: 'schedule',
  HAND: 'hand',
} as const satisfies Record<Uppercase<Trigger>, Trigger>;
registerEnumType(JobTriggerEnum, {
  name: 'JobTrigger',
  description: 'Who wanted a run.',
  valuesConfig: {
    SCHEDULE: { description: 'It was due.' },
    HAND: { description: 'A person called `runJob`.' },
  },
});

/** What happened to a run, by the events that the log holds of it. */
export const JobEventKindEnum = {
  STARTED: 'job.started',
  PROGRESSED: 'job.progressed',
  FINISHED: 'job.finished',
} as const;
export type JobEventKind = (typeof JobEventKindEnum)[keyof typeof JobEventKindEnum];
registerEnumType(JobEventKindEnum, {
  name: 'JobEventKind',
  description: 'What happened to a run.',
  valuesConfig: {
    STARTED: { description: 'It began.' },
    PROGRESSED: { description: 'It has come further: at most once a second, and for every 5 % at most once.' },
    FINISHED: { description: 'It ended, one way or another; `run.status` says which.' },
  },
});
