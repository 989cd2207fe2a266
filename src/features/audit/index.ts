export { AuditResolver } from './graphql.js';
