import { decodeCursor, encodeCursor, LOG_CURSOR } from '../../kernel/cursor.js';
import type { EventType, LogEvent, NewEvent } from '../../kernel/events.js';
import type { Id } from '../../kernel/ids.js';
import type { JsonObject } from '../../kernel/json.js';
import type { EventWriter } from '../../kernel/transaction.js';
import { noteLogged, type Sql, sqlOf } from '../db/database.js';

/**
 * A place in the log: the writing transaction, then the order within it. Comparing by transaction first is what
 * makes reading gapless: every transaction below the oldest running one is complete.
 */
export interface Position {
  readonly tx: bigint;
  readonly id: bigint;
}

export const START_OF_LOG: Position = { tx: 0n, id: 0n };

export const isAfter = (a: Position, b: Position): boolean => a.tx > b.tx || (a.tx === b.tx && a.id > b.id);

const MAX_BIGINT = 2n ** 63n - 1n;

export const positionToCursor = (position: Position): string =>
  encodeCursor(LOG_CURSOR, [position.tx.toString(36), position.id.toString(36)]);

/** @throws CURSOR_INVALID */
export function cursorToPosition(cursor: string, argument: string): Position {
  const [tx, id] = decodeCursor(LOG_CURSOR, 2, cursor, argument).map(parseBase36);
  if (tx === undefined || id === undefined || tx > MAX_BIGINT || id > MAX_BIGINT) {
    decodeCursor(LOG_CURSOR, 2, '', argument); // throws the one refusal for anything not made here
    throw new Error('unreachable');
  }
  return { tx, id };
}

function parseBase36(text: string): bigint | undefined {
  if (!/^[0-9a-z]{1,13}$/.test(text)) return undefined;
  return [...text].reduce((sum, digit) => sum * 36n + BigInt(Number.parseInt(digit, 36)), 0n);
}

/** Writes events with one statement, whatever their number. */
export const eventWriter: EventWriter = {
  async append(tx, events) {
    if (events.length === 0) return;
    await sqlOf(tx)(
      `insert into event (tenant_id, type, subject_id, data, actor, at)
       select $1, * from unnest($2::text[], $3::uuid[], $4::jsonb[], $5::text[], $6::timestamptz[])`,
      [tx.tenantId, ...eventColumns(events)],
    );
    noteLogged(tx, events);
  },
};

/** The columns type, subject_id, data, actor, at as arrays for `unnest`. */
export const eventColumns = (events: readonly NewEvent[]): unknown[] => [
  events.map((event) => event.type),
  events.map((event) => event.subjectId),
  events.map((event) => JSON.stringify(event.data)),
  events.map((event) => event.actor),
  events.map((event) => event.at.toISOString()),
];

export interface EventRow {
  tenant_id: Id;
  tx: string;
  id: string;
  type: EventType;
  subject_id: Id;
  data: JsonObject;
  actor: string;
  at: string;
}

/** Columns of `event` in a form that loses nothing on its way through JavaScript. */
export const EVENT_COLUMNS = 'tenant_id, tx::text as tx, id::text as id, type, subject_id, data, actor, at';
/** Readers stop before the oldest transaction still running, so nothing that commits late is ever skipped. */
export const SETTLED = 'tx < pg_snapshot_xmin(pg_current_snapshot())';

export interface PositionedEvent extends LogEvent {
  readonly position: Position;
}

export function toEvent(row: EventRow): PositionedEvent {
  const position = { tx: BigInt(row.tx), id: BigInt(row.id) };
  return {
    position,
    cursor: positionToCursor(position),
    tenantId: row.tenant_id,
    type: row.type,
    subjectId: row.subject_id,
    data: row.data,
    actor: row.actor,
    at: new Date(row.at),
  };
}

/** The settled events behind `after`, oldest first, of one tenant or (undefined) of all. */
export async function readEvents(
  sql: Sql,
  after: Position,
  limit: number,
  tenantId?: Id,
): Promise<readonly PositionedEvent[]> {
  const rows = await sql<EventRow>(
    `select ${EVENT_COLUMNS} from event
     where (tx, id) > ($1::xid8, $2::bigint) and ${SETTLED} ${tenantId === undefined ? '' : 'and tenant_id = $4'}
     order by event.tx, event.id limit $3`,
    [after.tx.toString(), after.id.toString(), limit, ...(tenantId === undefined ? [] : [tenantId])],
  );
  return rows.map(toEvent);
}

/** Where the settled part of the log ends now; where deleting it ended, when nothing is left. */
export async function endOfLog(sql: Sql): Promise<Position> {
  const [row] = await sql<{ tx: string; id: string }>(
    `select tx::text as tx, id::text as id from (
       (select tx, id from event where ${SETTLED} order by event.tx desc, event.id desc limit 1)
       union all select tx, id from log_horizon
     ) as ends order by ends.tx desc, ends.id desc limit 1`,
  );
  return row ? { tx: BigInt(row.tx), id: BigInt(row.id) } : START_OF_LOG;
}
