export { ModelResolver } from './graphql/resolver.js';
export { ModelQueries } from './queries.js';
export { type AskOutcome, ModelService, type ModelSettings, type Question } from './service.js';
