import type { DealStage } from '../../features/guardrails/index.js';

export type { DealStage };

/** Where a draft was read. `file` is the name inside the export folder; `line` is physical and starts at 1. */
export interface Origin {
  readonly file: string;
  readonly line: number;
}

export interface AccountDraft {
  readonly kind: 'account';
  readonly origin: Origin;
  /** The export's own id; the name, where the accounts file has no id column. */
  readonly externalId: string;
  readonly name: string;
  /** A bare lower-case host name without `www.`. */
  readonly domain: string | null;
  /** In the source's spelling, unless the mapping says otherwise. */
  readonly sector: string | null;
  readonly employees: number | null;
  /** In whole units of the currency, not in thousands or millions. */
  readonly annualRevenue: number | null;
  readonly location: string | null;
  /** As written in the export; not checked against the other accounts. */
  readonly parentName: string | null;
}

/** A person named in an interaction. There is one per account and name. */
export interface ContactDraft {
  readonly kind: 'contact';
  /** The first accepted row that names the person. */
  readonly origin: Origin;
  /** SHA-256 in hexadecimal of the account's external id and the name without regard to case and spacing. */
  readonly externalId: string;
  readonly accountExternalId: string;
  readonly name: string;
  readonly email: string | null;
  readonly title: string | null;
}

export interface DealDraft {
  readonly kind: 'deal';
  readonly origin: Origin;
  readonly externalId: string;
  /** Null where the export leaves the account empty: such a deal is kept. */
  readonly accountExternalId: string | null;
  readonly name: string;
  /** In the catalogue's spelling where the catalogue has it, in the row's own otherwise. */
  readonly product: string | null;
  readonly owner: string | null;
  readonly ownerManager: string | null;
  readonly ownerRegion: string | null;
  readonly stage: DealStage;
  /** In whole units of the mapping's currency. */
  readonly value: number | null;
  /** True when an open deal came without a value and the product's list price stands in for it. */
  readonly valueIsEstimate: boolean;
  /** ISO date, `YYYY-MM-DD`. */
  readonly openedAt: string | null;
  /** ISO date, `YYYY-MM-DD`; always null while the deal is open. */
  readonly closedAt: string | null;
}

export const CHANNELS = ['email', 'chat', 'meeting', 'crm'] as const;
export type Channel = (typeof CHANNELS)[number];

export const DIRECTIONS = ['inbound', 'outbound'] as const;
export type Direction = (typeof DIRECTIONS)[number];

export const INTERACTION_STATUSES = ['completed', 'scheduled', 'cancelled'] as const;
export type InteractionStatus = (typeof INTERACTION_STATUSES)[number];

export interface InteractionDraft {
  readonly kind: 'interaction';
  readonly origin: Origin;
  /** The export's own id, or SHA-256 in hexadecimal of what identifies the row and how many alike came before. */
  readonly externalId: string;
  readonly accountExternalId: string | null;
  readonly contactName: string | null;
  readonly channel: Channel;
  /** Null when the export does not say. */
  readonly direction: Direction | null;
  readonly status: InteractionStatus;
  /** ISO instant in UTC; midnight where the export gives a date only. */
  readonly occurredAt: string;
  readonly subject: string | null;
  /** Line ends are `\n`, whatever the file uses. Empty where the row has no text. */
  readonly content: string;
}

export type Draft = AccountDraft | ContactDraft | DealDraft | InteractionDraft;

/** A row that gives no draft. Reading goes on behind it. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly file: string;
  /** The physical line, from 1, on which the row begins. */
  readonly line: number;
  /** The column in the file's own spelling; null when the row as a whole cannot be read. */
  readonly column: string | null;
  /** What stood there, cut to `MAX_SHOWN` characters; null when nothing did. */
  readonly value: string | null;
  /** One sentence: what was expected and what came. */
  readonly reason: string;
}

/** What happened to rows that were kept, though not exactly as written. Nothing is changed without one. */
export const REMARK_KINDS = {
  kept_without_account: 'deals and interactions kept without an account, because the row names none',
  product_respelt: "products written in the catalogue's spelling",
  product_unknown: 'products that are not in the catalogue, kept as written',
  value_estimated: "open deals without a value, given the product's list price as an estimate",
  opening_date_dropped: 'deals that closed before they opened, kept without the opening date',
  cell_dropped: 'cells left out because they cannot be used; the rest of the row is kept',
} as const;
export type RemarkKind = keyof typeof REMARK_KINDS;

export interface Remark {
  readonly kind: RemarkKind;
  readonly file: string;
  readonly line: number;
  readonly column: string | null;
  readonly value: string | null;
  readonly reason: string;
}

/** Longest piece of a source cell that a refusal or remark repeats, in characters. */
export const MAX_SHOWN = 80;

/** A source text as refusals show it: one line, at most `MAX_SHOWN` characters, null when empty. */
export function shown(text: string): string | null {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line === '') return null;
  return line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN - 1)}…` : line;
}
