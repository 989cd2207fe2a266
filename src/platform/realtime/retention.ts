import type { Database, Sql } from '../db/database.js';
import { type Position, SETTLED } from './event-log.js';

/** Events deleted in one transaction: few, because readers of the log wait for the oldest transaction that writes. */
const BATCH = 1_000;
const HOUR_MS = 3_600_000;

/** @param $1 before when an event must have happened, $2 most events to delete, $3 and $4 position of the first to keep */
const DELETE_OLDEST = `
  with
    oldest as materialized (select tx, id, at from event where ${SETTLED} and (tx, id) < ($3::xid8, $4::bigint) order by event.tx, event.id limit $2),
    first_kept as (select tx, id from oldest where at >= $1 order by oldest.tx, oldest.id limit 1),
    deleted as (
      delete from event using oldest
      where event.tx = oldest.tx and event.id = oldest.id
        and not exists (select from first_kept as f where (oldest.tx, oldest.id) >= (f.tx, f.id))
      returning event.tx, event.id
    ),
    counted as (select count(*) as deleted from deleted)
  select d.tx::text as tx, d.id::text as id, counted.deleted::int as deleted
  from deleted as d, counted order by d.tx desc, d.id desc limit 1`;

/**
 * Deletes the oldest events of the log, up to the first that is not older than `before` or that somebody still needs:
 * always a whole beginning, so that one position says what is gone.
 *
 * @returns how many were deleted; 0 also when another instance is at it
 */
export const deleteOldest = (
  database: Database,
  before: Date,
  { limit = BATCH, firstNeeded }: Pick<RetentionOptions, 'firstNeeded'> & { readonly limit?: number },
): Promise<number> =>
  database.asServer(async (sql: Sql) => {
    const [turn] = await sql('select from log_horizon for update skip locked');
    if (!turn) return 0;
    const needed = await firstNeeded(sql);
    const [last] = await sql<{ tx: string; id: string; deleted: number }>(DELETE_OLDEST, [
      before.toISOString(),
      limit,
      needed.tx.toString(),
      needed.id.toString(),
    ]);
    if (!last) return 0;
    await sql('update log_horizon set tx = $1::xid8, id = $2::bigint', [last.tx, last.id]);
    return last.deleted;
  });

export interface RetentionOptions {
  /** How long events are kept, in milliseconds. */
  readonly keepMs: number;
  readonly now: () => Date;
  /** Awaited before each round: does what old events are still needed for. */
  readonly catchUp: (signal: AbortSignal) => Promise<unknown>;
  /** Position of the first event that must be kept, however old it is; asked in the transaction that deletes. */
  readonly firstNeeded: (sql: Sql) => Promise<Position>;
  /** Told of a failed round; the next one comes in an hour. */
  readonly onError: (error: unknown) => void;
}

/** Deletes what is older than is kept, now and every hour. Gives how to stop; stopping waits for the batch under way. */
export function startRetention(database: Database, options: RetentionOptions): () => Promise<void> {
  const { keepMs, now, catchUp, firstNeeded, onError } = options;
  const stopping = new AbortController();
  const round = async (): Promise<void> => {
    await catchUp(stopping.signal);
    const before = new Date(now().getTime() - keepMs);
    while (!stopping.signal.aborted && (await deleteOldest(database, before, { firstNeeded })) > 0);
  };
  let underWay = round().catch(onError);
  const timer = setInterval(() => {
    underWay = underWay.then(round).catch(onError);
  }, HOUR_MS);
  return async () => {
    stopping.abort();
    clearInterval(timer);
    await underWay;
  };
}
