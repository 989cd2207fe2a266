export { CONFIDENCE, type Forecast, type ForecastStatus, forecast, type Standpoint } from './domain/forecast.js';
export {
  accountsThatCloseTheGap,
  type GapAccount,
  type GapCandidate,
  MAX_GAP_ACCOUNTS,
  type OpenDeal,
} from './domain/gap.js';
export { GOAL_STATUSES, GOAL_TYPES, type Goal, type GoalStatus, type GoalType } from './domain/goal.js';
export { type GoalProgress, goalProgress, statusAfter } from './domain/progress.js';
export { GoalGapResolver } from './graphql/gap-resolver.js';
export { GoalHistoryResolver } from './graphql/history-resolver.js';
export { GoalLiveResolver } from './graphql/live-resolver.js';
export { GoalResolver } from './graphql/resolver.js';
export type { GapReader, GoalMeter, MeasuredGoal } from './ports.js';
export { goalProgressJob } from './progress-job.js';
export { GoalQueries, type GoalStanding } from './queries.js';
export { type CreateGoalCommand, GoalService } from './service.js';
