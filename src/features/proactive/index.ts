export { PlannerResolver } from './graphql/resolver.js';
export { planModel } from './model.js';
export { DEFAULT_REQUESTS, DEFAULT_WINDOW_DAYS, Planner } from './planner.js';
