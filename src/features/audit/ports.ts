import type { LogEvent } from '../../kernel/events.js';
import type { Id } from '../../kernel/ids.js';
import type { Page, PageArgs } from '../../kernel/page.js';
import type { Tx } from '../../kernel/transaction.js';

export interface LogReader {
  /** Settled events of the tenant in log order, of one subject or (undefined) of all. */
  page(tx: Tx, subjectId: Id | undefined, args: PageArgs): Promise<Page<LogEvent>>;
  count(tx: Tx, subjectId: Id | undefined): Promise<number>;
}
