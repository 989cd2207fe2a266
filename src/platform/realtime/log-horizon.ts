import { DomainError } from '../../kernel/errors.js';
import type { Sql } from '../db/database.js';
import { isAfter, type Position, positionToCursor } from './event-log.js';

/** The last position that retention has deleted; `START_OF_LOG` when it never deleted anything. */
export async function readHorizon(sql: Sql): Promise<Position> {
  const [row] = await sql<{ tx: string; id: string }>('select tx::text as tx, id::text as id from log_horizon');
  if (!row) throw new Error('the table log_horizon has lost its row; insert (tx, id) of the oldest event that is kept');
  return { tx: BigInt(row.tx), id: BigInt(row.id) };
}

/**
 * Refuses a place in the log that is not kept any more. To be asked after reading, in the same transaction: what is
 * deleted between the two then leads to a refusal, never to a silent gap.
 *
 * @throws CURSOR_EXPIRED with the oldest cursor that can still be continued from
 */
export async function requireKept(sql: Sql, position: Position, argument: 'after' | 'before'): Promise<void> {
  const horizon = await readHorizon(sql);
  // Behind the last deleted event everything is there; before it nothing is.
  if (argument === 'after' ? !isAfter(horizon, position) : isAfter(position, horizon)) return;
  throw new DomainError(
    'CURSOR_EXPIRED',
    `${argument}: expected a cursor of the part of the log that is kept, got an older one: what came behind it is ` +
      'partly deleted. Load anew what you show, then continue behind `oldestCursor`, or without a cursor from now on.',
    { argument, oldestCursor: positionToCursor(horizon) },
  );
}
