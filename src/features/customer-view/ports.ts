import type { Id } from '../../kernel/ids.js';
import type { Page, PageArgs } from '../../kernel/page.js';
import type { Tx } from '../../kernel/transaction.js';
import type { Signal } from '../patterns/index.js';
import type { PeriodCounts, TimelineEntry } from './domain/view.js';

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
