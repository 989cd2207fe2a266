export { CustomerViewResolver } from './graphql/resolver.js';
export { summaryModel } from './model.js';
export { CustomerViewQueries } from './queries.js';
export { Summaries } from './summaries.js';
