export { GOAL_STATUSES, GOAL_TYPES, type Goal, type GoalStatus, type GoalType } from './domain/goal.js';
export { type GoalProgress, goalProgress, statusAfter } from './domain/progress.js';
export { GoalLiveResolver } from './graphql/live-resolver.js';
export { GoalResolver } from './graphql/resolver.js';
export type { GoalMeter, MeasuredGoal } from './ports.js';
export { GoalQueries, type GoalStanding } from './queries.js';
export { type CreateGoalCommand, GoalService } from './service.js';
