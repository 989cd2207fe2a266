export { MetricsGoalMeter } from './goal-meter.js';
export { MetricsResolver } from './graphql/resolver.js';
export type { FigureReader, Scope } from './ports.js';
export { type Metrics, type MetricsQuestion, MetricsService } from './service.js';
