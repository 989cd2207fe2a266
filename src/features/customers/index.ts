export { AccountResolver } from './graphql/account-resolver.js';
export { InteractionChannelEnum, InteractionDirectionEnum } from './graphql/enums.js';
export { toAccount } from './graphql/nodes.js';
export { CustomerRecordResolver } from './graphql/record-resolver.js';
export { CustomersResolver } from './graphql/resolver.js';
export { AccountType } from './graphql/types.js';
export { CustomerQueries } from './queries.js';
export { RecordService } from './record.js';
