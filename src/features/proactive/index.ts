export { type Candidate, planActions } from './domain/plan.js';
export { PlannerResolver } from './graphql/resolver.js';
export { DEFAULT_WINDOW_DAYS, type PlannedAction, Planner, type PlanOutcome } from './planner.js';
