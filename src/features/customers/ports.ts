import type { Id } from '../../kernel/ids.js';
import type { Page, PageArgs } from '../../kernel/page.js';
import type { Tx } from '../../kernel/transaction.js';
import type { KnownParties } from './domain/participants.js';
import type {
  Account,
  Contact,
  Deal,
  DealStage,
  Interaction,
  InteractionChannel,
  RecordKind,
  RecordOf,
  StageChange,
} from './domain/records.js';

/** Names of records of one kind, as callers use them. */
export interface Names {
  readonly ids: readonly Id[];
  readonly externalIds: readonly string[];
}

/** What drafts refer to. */
export interface ReferenceNames {
  readonly accounts: Names;
  readonly contacts: Names;
  readonly clones: readonly Id[];
  /** Addresses of people who took part, in lower case. */
  readonly emails: readonly string[];
  /** Host names of accounts, in lower case, beside those of the addresses. */
  readonly domains: readonly string[];
}

type Keys = Pick<Account, 'id' | 'externalId'>;

/** The part of each record that references need. */
export interface FoundReferences {
  readonly accounts: readonly Keys[];
  readonly contacts: readonly (Keys & Pick<Contact, 'accountId'>)[];
  readonly clones: readonly Id[];
  readonly parties: KnownParties;
}

/** Writes records, any number with one statement. */
export interface RecordStore {
  /** The named records as they are now; no other transaction changes them until this one ends. */
  lock<Kind extends RecordKind>(tx: Tx, kind: Kind, names: Names): Promise<readonly RecordOf<Kind>[]>;
  resolve(tx: Tx, names: ReferenceNames): Promise<FoundReferences>;
  /**
   * Adds new records, but for those whose external id somebody else took in the meantime.
   *
   * @returns how many were added
   */
  insert<Kind extends RecordKind>(tx: Tx, kind: Kind, records: readonly RecordOf<Kind>[]): Promise<number>;
  /** Writes all fields of records locked before. */
  update<Kind extends RecordKind>(tx: Tx, kind: Kind, records: readonly RecordOf<Kind>[]): Promise<void>;
  addStageChanges(tx: Tx, changes: readonly StageChange[]): Promise<void>;
}

export interface AccountFilter {
  /** Part of the name in any case, or exactly the domain. */
  readonly search?: string;
  readonly sector?: string;
}

export interface DealFilter {
  readonly stages?: readonly DealStage[];
  /** Null: deals without an account. */
  readonly accountId?: Id | null;
}

export interface InteractionFilter {
  readonly accountId?: Id;
  readonly channel?: InteractionChannel;
}

/** One list: a page of it, and its length. */
export interface Listing<Item, Filter> {
  page(tx: Tx, filter: Filter, args: PageArgs): Promise<Page<Item>>;
  count(tx: Tx, filter: Filter): Promise<number>;
}

export interface CustomerReader {
  account(tx: Tx, id: Id): Promise<Account | undefined>;
  deal(tx: Tx, id: Id): Promise<Deal | undefined>;
  /** By name. */
  readonly accounts: Listing<Account, AccountFilter>;
  /** By name. */
  readonly contacts: Listing<Contact, { readonly accountId: Id }>;
  /** Newest first. */
  readonly deals: Listing<Deal, DealFilter>;
  /** Latest first. */
  readonly interactions: Listing<Interaction, InteractionFilter>;
  /** Sum of the known values of each account's open deals; accounts where none is known are left out. */
  openDealValues(tx: Tx, accountIds: readonly Id[]): Promise<ReadonlyMap<Id, number>>;
}
