export type { ItemFailure, JobBody, JobContext, JobOutcome, Workload } from './body.js';
export { workThrough } from './body.js';
export { DEFAULT_HOURS, JOB_NAMES, type JobName, type JobRun, MAX_FAILURES_KEPT } from './domain/job.js';
export { JobLiveResolver } from './graphql/live-resolver.js';
export { JobResolver } from './graphql/resolver.js';
export { JobQueries, type JobState } from './queries.js';
export { type JobBodies, JobRunner } from './runner.js';
