export { GOAL_TYPES } from './domain/goal.js';
export { GoalGapResolver } from './graphql/gap-resolver.js';
export { GoalHistoryResolver } from './graphql/history-resolver.js';
export { GoalLiveResolver } from './graphql/live-resolver.js';
export { GoalResolver } from './graphql/resolver.js';
export type { GoalMeter, MeasuredGoal } from './ports.js';
export { goalProgressJob } from './progress-job.js';
export { GoalQueries, type GoalStanding } from './queries.js';
export { GoalService } from './service.js';
