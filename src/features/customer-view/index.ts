export { CustomerViewResolver } from './graphql/resolver.js';
export { CustomerViewQueries } from './queries.js';
