import type { Id } from '../../kernel/ids.js';
import type { Tx } from '../../kernel/transaction.js';

export interface Tenant {
  readonly id: Id;
  /** Short name, as in tokens and on the command line. */
  readonly slug: string;
  readonly name: string;
}

/** An agent persona of a tenant: whose voice an action is in. */
export interface Clone {
  readonly tenantId: Id;
  readonly id: Id;
  readonly slug: string;
  readonly name: string;
  readonly description: string | null;
  readonly createdAt: Date;
}

export interface TenantDirectory {
  find(slug: string): Promise<Tenant | undefined>;
  /** Creates the tenant with its clones unless any tenant exists already. */
  createIfEmpty(tenant: Tenant, clones: readonly Clone[]): Promise<void>;
}

export interface CloneStore {
  list(tx: Tx): Promise<readonly Clone[]>;
}
