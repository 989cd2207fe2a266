import type { EventType, LogEvent } from '../../kernel/events.js';
import type { Id } from '../../kernel/ids.js';
import { DEFAULT_PAGE, type Page, type PageArgs } from '../../kernel/page.js';
import type { Tx } from '../../kernel/transaction.js';
import { sqlOf } from '../db/database.js';
import { cursorToPosition, EVENT_COLUMNS, type EventRow, SETTLED, toEvent } from './event-log.js';
import { requireKept } from './log-horizon.js';

interface LogFilter {
  readonly subjectId?: Id | undefined;
  readonly types?: readonly EventType[] | undefined;
}

/** Reads the log in pages. Its cursors are the ones that subscriptions give out, so the two fit together. */
export const logPages = {
  async page(tx: Tx, filter: LogFilter, { first, after, last, before }: PageArgs): Promise<Page<LogEvent>> {
    const backwards = first === undefined && last !== undefined;
    const size = first ?? last ?? DEFAULT_PAGE;
    const { parameters, conditions } = whereOf(tx, filter);
    const bounds = [
      { argument: 'after', cursor: after, operator: '>' },
      { argument: 'before', cursor: before, operator: '<' },
    ] as const;
    const positions = bounds.flatMap(({ argument, cursor, operator }) => {
      if (cursor === undefined) return [];
      const position = cursorToPosition(cursor, argument);
      parameters.push(position.tx.toString(), position.id.toString());
      conditions.push(`(tx, id) ${operator} ($${parameters.length - 1}::xid8, $${parameters.length}::bigint)`);
      return [{ position, argument }];
    });
    const direction = backwards ? 'desc' : 'asc';
    const rows = await sqlOf(tx)<EventRow>(
      `select ${EVENT_COLUMNS} from event where ${conditions.join(' and ')}
       order by event.tx ${direction}, event.id ${direction} limit ${size + 1}`,
      parameters,
    );
    for (const { position, argument } of positions) await requireKept(sqlOf(tx), position, argument);
    const more = rows.length > size;
    const found = rows.slice(0, size).map(toEvent);
    if (backwards) found.reverse();
    return {
      edges: found.map((node) => ({ cursor: node.cursor, node })),
      hasNextPage: backwards ? before !== undefined : more,
      hasPreviousPage: backwards ? more : after !== undefined,
    };
  },
  async count(tx: Tx, filter: LogFilter): Promise<number> {
    const { parameters, conditions } = whereOf(tx, filter);
    const [row] = await sqlOf(tx)<{ count: string }>(
      `select count(*)::text as count from event where ${conditions.join(' and ')}`,
      parameters,
    );
    return Number(row?.count);
  },
};

function whereOf(tx: Tx, { subjectId, types }: LogFilter): { parameters: unknown[]; conditions: string[] } {
  const parameters: unknown[] = [tx.tenantId];
  const conditions = ['tenant_id = $1', SETTLED];
  const narrowTo = (condition: string, value: unknown): void => {
    if (value === undefined) return;
    parameters.push(value);
    conditions.push(condition.replace('?', `$${parameters.length}`));
  };
  narrowTo('subject_id = ?', subjectId);
  narrowTo('type = any(?::text[])', types && [...types]);
  return { parameters, conditions };
}
