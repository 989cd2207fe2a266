import {
  AccessResolver,
  ApiKeyService,
  CloneService,
  IdentityResolver,
  IdentityService,
  Standings,
  TenantService,
  type Tokens,
  UserService,
} from '../features/identity/index.js';
import { keyDirectory, standingReader } from '../features/identity/store/standing.js';
import {
  apiKeyStore,
  cloneStore,
  identityLock,
  tenantDirectory,
  userStore,
} from '../features/identity/store/stores.js';
import type { Clock } from '../kernel/clock.js';
import type { Database } from '../platform/db/database.js';
import { eventWriter } from '../platform/realtime/event-log.js';

/** Tenants of a database, whether a server runs on it or not. */
export const tenantsOf = (database: Database, clock: Clock): TenantService =>
  new TenantService({ tenants: tenantDirectory(database), clock });

/** Finds a tenant by its short name. */
export const tenantFinder = (database: Database) => (slug: string) => tenantDirectory(database).find(slug);

export interface AccessParts {
  readonly database: Database;
  readonly tokens: Tokens;
  readonly clock: Clock;
}

/** Who there is, and what each may do. */
export function composeAccess({ database, tokens, clock }: AccessParts) {
  const standings = new Standings(standingReader(database));
  const identity = new IdentityService({
    tokens,
    tenants: tenantDirectory(database),
    keys: keyDirectory(database),
    standings,
    clock,
  });
  const access = { transactor: database, lock: identityLock, users: userStore, events: eventWriter, clock };
  const users = new UserService({ ...access, onChanged: (tenantId) => standings.distrust(tenantId) });
  const apiKeys = new ApiKeyService({ ...access, keys: apiKeyStore, clones: cloneStore }, users);
  return {
    standings,
    identity,
    resolvers: [
      new IdentityResolver(new CloneService({ ...access, clones: cloneStore })),
      new AccessResolver(users, apiKeys),
    ],
  };
}
