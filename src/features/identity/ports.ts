import type { Id } from '../../kernel/ids.js';
import type { Page, PageArgs } from '../../kernel/page.js';
import type { Tx } from '../../kernel/transaction.js';
import type { ApiKey } from './domain/api-key.js';
import type { User } from './domain/principal.js';

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
  /** Creates a tenant; false when its short name is taken. */
  create(tenant: Tenant): Promise<boolean>;
  /** Creates the tenant with its clones unless any tenant exists already. */
  createIfEmpty(tenant: Tenant, clones: readonly Clone[]): Promise<void>;
}

/** What is needed to check a key's secret, and to know whose it is. */
export interface KeyRecord {
  readonly tenant: Tenant;
  readonly id: Id;
  /** SHA-256 of the secret. */
  readonly secretHash: Uint8Array;
  readonly agent: string;
  /** The clone it is bound to; null: to none. */
  readonly cloneId: Id | null;
  readonly expiresAt: Date | null;
}

/** Finds keys before a tenant is known. */
export interface KeyDirectory {
  find(publicId: string): Promise<KeyRecord | undefined>;
}

/** What a user's record takes away or adds, as callers are judged by it. */
export type UserStanding = Pick<User, 'roles' | 'owner' | 'suspendedAt'>;

/** Who calls by what: a principal, and the key if it calls with one. */
export interface Caller {
  readonly tenantId: Id;
  /** The principal's name in its comparable form, see `nameKey`. */
  readonly nameKey: string;
  readonly keyId: Id | null;
}

/** How callers of one tenant stand, all as of one moment. */
export interface TenantStandings {
  /** Grows with every change of the tenant's users and keys. */
  readonly version: bigint;
  /** By comparable name; who has no record is missing. */
  readonly users: ReadonlyMap<string, UserStanding>;
  /** Those of the keys asked for that are there and were not revoked. */
  readonly liveKeys: ReadonlySet<Id>;
}

/** Reads as the server, for callers whose proof has been checked already. */
export interface StandingReader {
  /** A tenant that is missing in the answer exists no more. */
  versions(tenantIds: readonly Id[]): Promise<ReadonlyMap<Id, bigint>>;
  /** Undefined when the tenant exists no more. */
  read(tenantId: Id, callers: readonly Caller[]): Promise<TenantStandings | undefined>;
}

/** Lets changes of one tenant's users, keys and clones go one after the other. */
export interface IdentityLock {
  /** Holds until the transaction ends. */
  take(tx: Tx): Promise<void>;
}

/** What counts when somebody’s authority is looked at again. */
export interface LaidDown {
  readonly roles: User['roles'];
  readonly suspended: boolean;
}

export interface UserStore {
  /** @param name in any case */
  find(tx: Tx, name: string): Promise<User | undefined>;
  /** Writes the whole record, a new one or over the old. */
  save(tx: Tx, user: User): Promise<void>;
  /** Name of one principal that belongs to `name`, if there is one. */
  belongingTo(tx: Tx, name: string): Promise<string | undefined>;
  /** Who answers for each of the names, in their order: the owner, or the principal itself. */
  rootsOf(tx: Tx, names: readonly string[]): Promise<readonly string[]>;
  /** Everybody who ever made an API key for the agent. */
  keyMakersOf(tx: Tx, agent: string): Promise<readonly string[]>;
  /** What is laid down about each of the names, in their order; undefined: nothing. */
  laidDown(tx: Tx, names: readonly string[]): Promise<readonly (LaidDown | undefined)[]>;
  list(tx: Tx, page: PageArgs): Promise<Page<User>>;
  count(tx: Tx): Promise<number>;
}

export interface ApiKeyStore {
  insert(tx: Tx, key: ApiKey, secretHash: Uint8Array): Promise<void>;
  find(tx: Tx, id: Id): Promise<ApiKey | undefined>;
  /** False when it was revoked before; then nothing was changed. */
  revoke(tx: Tx, id: Id, by: string, at: Date): Promise<boolean>;
  list(tx: Tx, page: PageArgs): Promise<Page<ApiKey>>;
  count(tx: Tx): Promise<number>;
}

export interface CloneStore {
  list(tx: Tx): Promise<readonly Clone[]>;
  find(tx: Tx, id: Id): Promise<Clone | undefined>;
  bySlug(tx: Tx, slug: string): Promise<Clone | undefined>;
  /** Writes the whole record, a new one or over the old. */
  save(tx: Tx, clone: Clone): Promise<void>;
}
