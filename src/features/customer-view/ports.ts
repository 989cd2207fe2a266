import type { Id } from '../../kernel/ids.js';
import type { Page, PageArgs } from '../../kernel/page.js';
import type { Tx } from '../../kernel/transaction.js';
import type { Signal } from '../patterns/index.js';
import type { PeriodName, StoredSummary } from './domain/summary.js';
import type { Basis, Highlight, PeriodCounts, TimelineEntry } from './domain/view.js';

export interface TimelineRange {
  readonly accountId: Id;
  /** First instant; undefined: from the beginning. */
  readonly from: Date | undefined;
}

/** Reads one account's past, each with one statement whatever its length. */
export interface CustomerViewReader {
  /** Interactions and actions, oldest first. */
  timeline(tx: Tx, range: TimelineRange, page: PageArgs): Promise<Page<TimelineEntry>>;
  timelineLength(tx: Tx, range: TimelineRange): Promise<number>;
  /** Weeks and months before `full`, oldest first; without those in which nothing was. */
  periods(
    tx: Tx,
    accountId: Id,
    borders: { readonly full: Date; readonly weekly: Date },
  ): Promise<readonly PeriodCounts[]>;
}

/** What was said last about each thing. */
export interface SignalReader {
  signals(tx: Tx, accountId: Id, now: Date): Promise<readonly Signal[]>;
}

/** What is kept of weeks and months that are over. */
export interface SummaryStore {
  /** Accounts with interactions before then: by id, behind `after`, in pages. */
  accounts(tx: Tx, before: Date, after: Id | undefined, limit: number): Promise<readonly Id[]>;
  of(tx: Tx, accountId: Id): Promise<readonly StoredSummary[]>;
  /** Puts summaries in the place of those there were of the same periods. */
  keep(tx: Tx, accountId: Id, summaries: readonly StoredSummary[], madeAt: Date): Promise<void>;
  /** Adds what a language model tells, unless the period has changed meanwhile. */
  tell(tx: Tx, accountId: Id, period: PeriodName & Basis, narrative: string): Promise<void>;
  drop(tx: Tx, accountId: Id, periods: readonly PeriodName[]): Promise<void>;
}

/** A record of a period, cut to what a summary needs. */
export interface Excerpt {
  readonly at: Date;
  readonly channel: string;
  readonly direction: 'inbound' | 'outbound' | null;
  readonly subject: string | null;
  readonly text: string;
}

/** What a summary is made of. */
export interface PeriodMaterial {
  readonly accountName: string;
  readonly highlights: readonly Highlight[];
  /** Newest first. */
  readonly excerpts: readonly Excerpt[];
}

export interface PastReader {
  during(tx: Tx, accountId: Id, range: { readonly from: Date; readonly to: Date }): Promise<PeriodMaterial>;
}

/** A period for a language model to tell of. */
export interface ToldPeriod {
  readonly counts: PeriodCounts;
  readonly material: PeriodMaterial;
}

/** A language model that tells what periods were about. */
export interface SummaryModel {
  readonly isThere: boolean;
  /** For one run. */
  open(tenantId: Id, signal: AbortSignal): SummaryTeller;
}

export interface SummaryTeller {
  /** Whether asking makes sense. */
  readonly isOpen: boolean;
  readonly counts: { readonly asked: number; readonly failed: number };
  /**
   * One text for each period, null where it said nothing of one; undefined: nothing came of it.
   *
   * @throws the signal's reason, nothing else
   */
  tell(accountName: string, periods: readonly ToldPeriod[]): Promise<readonly (string | null)[] | undefined>;
}
