import type { GraphQLSchema } from 'graphql';
import { AuditChainResolver, AuditResolver, SealingService, VerificationService } from '../features/audit/index.js';
import { logHorizon, sealReader, sealWriter } from '../features/audit/store/seals.js';
import {
  AccountResolver,
  CustomerQueries,
  CustomerRecordResolver,
  CustomersResolver,
  RecordService,
} from '../features/customers/index.js';
import { customerReader, recordStore } from '../features/customers/store/stores.js';
import type { DigestPost } from '../features/digest/index.js';
import { createTokens } from '../features/identity/index.js';
import type { ModelSettings } from '../features/models/index.js';
import { systemClock } from '../kernel/clock.js';
import type { ReportUnexpected } from '../kernel/errors.js';
import { openDatabase } from '../platform/db/database.js';
import { schemaOf } from '../platform/graphql/schema.js';
import { eventWriter } from '../platform/realtime/event-log.js';
import { logPages } from '../platform/realtime/log-pages.js';
import { type AccessParts, composeAccess } from './access.js';
import { composeActions, NO_OUTSIDE, type OutsideSettings } from './actions.js';
import { ENTITIES } from './entities.js';
import { composeIntelligence, type JobSettings, QUIET_JOBS } from './intelligence.js';
import { composeModels } from './models.js';

// What a server that starts has to name of the stores: how far sealing has come, and which jobs run actions.
export { firstUnsealed } from '../features/audit/store/seals.js';
export { EXECUTE_ACTION } from '../features/execution/store/queue.js';

/** What the features are built from. */
export interface FeatureParts extends AccessParts {
  readonly approvalHours: number;
  /** How jobs run. Left out: as by default. */
  readonly jobs?: JobSettings;
  /** Where daily digests go by email. Left out: nowhere. */
  readonly post?: DigestPost | undefined;
  /** How connectors reach the outside. Left out: not at all. */
  readonly outside?: OutsideSettings;
  /** Told of what failed unexpectedly where an answer goes on without it. Left out: nobody is told. */
  readonly reportUnexpected?: ReportUnexpected;
  /** The language model. Left out: none is asked. */
  readonly model?: ModelSettings | undefined;
}

/** Builds the services over their stores, and the resolvers over the services. Starts nothing. */
export function composeFeatures(parts: FeatureParts) {
  const { database, clock, approvalHours, outside = NO_OUTSIDE, jobs = QUIET_JOBS, post, model } = parts;
  const { reportUnexpected = () => {} } = parts;
  const customers = new CustomerQueries({ transactor: database, reader: customerReader });
  const records = new RecordService({ transactor: database, records: recordStore, events: eventWriter, clock });
  const access = composeAccess(parts);
  const actions = composeActions({ database, clock, approvalHours, records, outside, reportUnexpected });
  const { onTrouble } = jobs;
  const { models, resolvers: ofModels } = composeModels({ database, clock, model, onTrouble });
  const intelligence = composeIntelligence({ database, clock, customers, actions, jobs, post, models });
  const sealing = new SealingService({ seals: sealWriter(database), clock });
  const verification = new VerificationService({ transactor: database, seals: sealReader, horizon: logHorizon });
  return {
    ...access,
    ...actions,
    ...intelligence,
    models,
    sealing,
    resolvers: [
      ...access.resolvers,
      ...actions.resolvers,
      ...intelligence.resolvers,
      ...ofModels,
      new CustomersResolver(customers),
      new AccountResolver(customers),
      new CustomerRecordResolver(records, customers),
      new AuditResolver(database, logPages),
      new AuditChainResolver(verification),
    ],
  };
}

/** The schema that a server serves, without starting one. */
export async function describeApi(): Promise<GraphQLSchema> {
  const database = await openDatabase({ location: { folder: undefined }, entities: ENTITIES });
  const tokens = createTokens('signs nothing', systemClock);
  const { resolvers } = composeFeatures({ database, tokens, clock: systemClock, approvalHours: 1 });
  const schema = await schemaOf(resolvers);
  await database.close();
  return schema;
}
