export type { ItemFailure, JobBody, JobContext, JobOutcome } from './body.js';
export { workThrough } from './body.js';
export { DEFAULT_HOURS, type JobName, MAX_FAILURES_KEPT } from './domain/job.js';
export { JobLiveResolver } from './graphql/live-resolver.js';
export { JobResolver } from './graphql/resolver.js';
export { JobQueries } from './queries.js';
export { type JobBodies, JobRunner } from './runner.js';
