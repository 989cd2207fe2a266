export { AccountResolver } from './graphql/account-resolver.js';
export { CustomerRecordResolver } from './graphql/record-resolver.js';
export { CustomersResolver } from './graphql/resolver.js';
export { CustomerQueries } from './queries.js';
export { RecordService } from './record.js';
