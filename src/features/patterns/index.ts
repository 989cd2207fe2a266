export { CompetitorList } from './competitors.js';
export type { Insight, InsightStatus } from './domain/insight.js';
export {
  CATEGORY_OF,
  type Category,
  type Evidence,
  PATTERN_TYPES,
  type PatternType,
  type Severity,
} from './domain/pattern.js';
export { currentSignals, type Signal } from './domain/signals.js';
export { CompetitorResolver } from './graphql/competitor-resolver.js';
export { PatternTypeEnum } from './graphql/enums.js';
export { InsightLiveResolver } from './graphql/live-resolver.js';
export { InsightResolver } from './graphql/resolver.js';
export { EvidenceType } from './graphql/types.js';
export { patternModel } from './model.js';
export { InsightQueries } from './queries.js';
export { ModelReading } from './reading.js';
export { PatternScan } from './scan.js';
export { InsightService } from './service.js';
