import type { EventType, LogEvent } from '../../kernel/events.js';
import type { Id } from '../../kernel/ids.js';
import type { Page, PageArgs } from '../../kernel/page.js';
import type { Tx } from '../../kernel/transaction.js';
import type { Position } from './domain/position.js';
import type { RecordedEvent, Seal } from './domain/seal.js';

/** Which events of the tenant; what is left out does not matter. */
export interface LogFilter {
  readonly subjectId?: Id | undefined;
  readonly types?: readonly EventType[] | undefined;
}

export interface LogReader {
  /** Settled events of the tenant in log order. @throws CURSOR_EXPIRED when what the page asks for is not kept */
  page(tx: Tx, filter: LogFilter, args: PageArgs): Promise<Page<LogEvent>>;
  count(tx: Tx, filter: LogFilter): Promise<number>;
}

/** A seal without its entries. */
export type SealSummary = Omit<Seal, 'entries'>;

/** Extends the chains, as the server itself: the role that tenants' transactions run in may only read seals. */
export interface SealWriter {
  /** Tenants with settled events behind their newest seal. */
  tenantsBehind(): Promise<readonly Id[]>;
  /**
   * Takes the tenant's turn, reads its newest seal and the settled events behind it (at most `limit`, in log order),
   * and stores the seal that `make` gives, in one transaction.
   *
   * @returns how many events were sealed; undefined when another instance has the turn
   */
  append(
    tenantId: Id,
    limit: number,
    make: (newest: SealSummary | undefined, events: readonly RecordedEvent[]) => Seal,
  ): Promise<number | undefined>;
}

export interface SealReader {
  newest(tx: Tx): Promise<SealSummary | undefined>;
  find(tx: Tx, number: number): Promise<Seal | undefined>;
  /** Seals above `number`, ascending. */
  above(tx: Tx, number: number, limit: number): Promise<readonly Seal[]>;
  /** Events behind `after` and not behind `upTo`, in log order. */
  events(tx: Tx, range: EventRange): Promise<readonly RecordedEvent[]>;
  /** How many events stand behind `after`, settled or not. */
  countBehind(tx: Tx, after: Position): Promise<number>;
}

export interface EventRange {
  readonly after: Position;
  readonly upTo: Position;
  readonly limit: number;
}

/** What retention has deleted. */
export interface LogHorizon {
  /** The last place up to which retention may have deleted events of the tenant; undefined when it never did. */
  of(tx: Tx): Promise<Position | undefined>;
}
