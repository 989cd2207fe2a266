import type { Id } from '../../../kernel/ids.js';

/** What every record of a customer carries besides its own fields. */
export interface Recorded {
  readonly tenantId: Id;
  readonly id: Id;
  /** The record's id in the system it came from; unique within the tenant and the kind. */
  readonly externalId: string | null;
  readonly createdAt: Date;
  /** When a field last got another value; recording the same again does not count. */
  readonly updatedAt: Date;
}

export interface AccountFields {
  readonly name: string;
  /** A host name in lower case, compared exactly. */
  readonly domain: string | null;
  readonly sector: string | null;
  readonly employees: number | null;
  /** In whole units of the tenant's one currency, with up to two decimals. */
  readonly annualRevenue: number | null;
  readonly location: string | null;
  /** Name of the parent company as the source writes it; not a reference. */
  readonly parentName: string | null;
  /** Since when it asks not to be written to; null: it does not. */
  readonly optedOutAt: Date | null;
  /** Whether nobody but agents has said that the domain is the account's. */
  readonly byAgents: boolean;
}

/** A company that is or may become a customer. */
export interface Account extends Recorded, AccountFields {}

export interface ContactFields {
  readonly accountId: Id;
  readonly name: string;
  /** In lower case. */
  readonly email: string | null;
  readonly title: string | null;
  /** Whether nobody but agents has said that the address is the contact's. */
  readonly byAgents: boolean;
}

/** A person at an account. */
export interface Contact extends Recorded, ContactFields {}

/** Stages of a deal that is still open, in their usual order. */
export const OPEN_STAGES = ['prospecting', 'qualification', 'discovery', 'evaluation', 'negotiation'] as const;
/** Stages of a deal that has ended. */
export const CLOSED_STAGES = ['closed_won', 'closed_lost'] as const;
/** Closed list; the compiler proves it equal to the guardrails' where the two meet, in graphql/. */
export type DealStage = (typeof OPEN_STAGES)[number] | (typeof CLOSED_STAGES)[number];

export const isOpen = (stage: DealStage): boolean => OPEN_STAGES.some((open) => open === stage);

export interface DealFields {
  /** Null for a deal whose account the source does not tell. */
  readonly accountId: Id | null;
  readonly cloneId: Id | null;
  readonly name: string;
  readonly product: string | null;
  readonly owner: string | null;
  readonly ownerManager: string | null;
  readonly ownerRegion: string | null;
  readonly stage: DealStage;
  /** In whole units of the tenant's one currency, with up to two decimals. */
  readonly value: number | null;
  /** True when `value` is a stand-in, such as a list price, and nobody has agreed to it. */
  readonly valueIsEstimate: boolean;
  readonly openedAt: Date | null;
  /** Null while the deal is open. */
  readonly closedAt: Date | null;
}

/** A possible or finished sale. */
export interface Deal extends Recorded, DealFields {}

export const CHANNELS = ['email', 'chat', 'meeting', 'crm'] as const;
export type InteractionChannel = (typeof CHANNELS)[number];

export const DIRECTIONS = ['inbound', 'outbound'] as const;
export type InteractionDirection = (typeof DIRECTIONS)[number];

export const INTERACTION_STATUSES = ['completed', 'scheduled', 'cancelled'] as const;
export type InteractionStatus = (typeof INTERACTION_STATUSES)[number];

export interface InteractionFields {
  readonly accountId: Id | null;
  readonly contactId: Id | null;
  readonly cloneId: Id | null;
  /** The person as the source writes the name, whether or not a contact is linked. */
  readonly contactName: string | null;
  readonly channel: InteractionChannel;
  /** Null when nobody knows. */
  readonly direction: InteractionDirection | null;
  readonly status: InteractionStatus;
  readonly occurredAt: Date;
  readonly subject: string | null;
  readonly content: string;
}

/** One message, call, meeting or note. */
export interface Interaction extends Recorded, InteractionFields {}

/** The fields of each kind of record. */
export interface CustomerFields {
  readonly account: AccountFields;
  readonly contact: ContactFields;
  readonly deal: DealFields;
  readonly interaction: InteractionFields;
}
export type RecordKind = keyof CustomerFields;
/** In the order in which they are applied: what is referred to comes before what refers to it. */
export const RECORD_KINDS = ['account', 'contact', 'deal', 'interaction'] as const satisfies readonly RecordKind[];
/** A record of one kind. */
export type RecordOf<Kind extends RecordKind> = Recorded & CustomerFields[Kind];

/** A deal entered a stage. `from` is null for the stage in which it was first recorded. */
export interface StageChange {
  readonly tenantId: Id;
  readonly id: Id;
  readonly dealId: Id;
  readonly fromStage: DealStage | null;
  readonly stage: DealStage;
  /** When it entered the stage, as well as that is known. */
  readonly at: Date;
}

/**
 * When a deal that is recorded for the first time entered its stage. Of its earlier stages nothing is known, and
 * nothing is made up.
 */
export const enteredFirstStage = ({ stage, openedAt, closedAt }: DealFields, now: Date): Date =>
  (isOpen(stage) ? openedAt : closedAt) ?? now;
