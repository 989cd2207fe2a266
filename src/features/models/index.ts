export type { Purpose } from './domain/budget.js';
export { ModelResolver } from './graphql/resolver.js';
export type { ModelEndpoint } from './ports.js';
export { ModelQueries } from './queries.js';
export {
  type Asked,
  type AskOutcome,
  Consultation,
  ModelService,
  type ModelSettings,
  type Question,
} from './service.js';
