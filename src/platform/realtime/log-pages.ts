import type { LogEvent } from '../../kernel/events.js';
import type { Id } from '../../kernel/ids.js';
import type { Page, PageArgs } from '../../kernel/page.js';
import type { Tx } from '../../kernel/transaction.js';
import { sqlOf } from '../db/database.js';
import { DEFAULT_PAGE } from '../db/page.js';
import { cursorToPosition, EVENT_COLUMNS, type EventRow, SETTLED, toEvent } from './event-log.js';

/** Reads the log in pages. Its cursors are the ones that subscriptions give out, so the two fit together. */
export const logPages = {
  async page(tx: Tx, subjectId: Id | undefined, { first, after, last, before }: PageArgs): Promise<Page<LogEvent>> {
    const backwards = first === undefined && last !== undefined;
    const size = first ?? last ?? DEFAULT_PAGE;
    const parameters: unknown[] = [tx.tenantId];
    const conditions = ['tenant_id = $1', SETTLED];
    const bound = (cursor: string | undefined, argument: string, operator: '>' | '<'): void => {
      if (cursor === undefined) return;
      const position = cursorToPosition(cursor, argument);
      parameters.push(position.tx.toString(), position.id.toString());
      conditions.push(`(tx, id) ${operator} ($${parameters.length - 1}::xid8, $${parameters.length}::bigint)`);
    };
    bound(after, 'after', '>');
    bound(before, 'before', '<');
    if (subjectId !== undefined) {
      parameters.push(subjectId);
      conditions.push(`subject_id = $${parameters.length}`);
    }
    const direction = backwards ? 'desc' : 'asc';
    const rows = await sqlOf(tx)<EventRow>(
      `select ${EVENT_COLUMNS} from event where ${conditions.join(' and ')}
       order by event.tx ${direction}, event.id ${direction} limit ${size + 1}`,
      parameters,
    );
    const more = rows.length > size;
    const found = rows.slice(0, size).map(toEvent);
    if (backwards) found.reverse();
    return {
      edges: found.map((node) => ({ cursor: node.cursor, node })),
      hasNextPage: backwards ? before !== undefined : more,
      hasPreviousPage: backwards ? more : after !== undefined,
    };
  },
  async count(tx: Tx, subjectId: Id | undefined): Promise<number> {
    const [row] = await sqlOf(tx)<{ count: string }>(
      `select count(*)::text as count from event where tenant_id = $1 and ${SETTLED} and ($2::uuid is null or subject_id = $2)`,
      [tx.tenantId, subjectId ?? null],
    );
    return Number(row?.count);
  },
};
