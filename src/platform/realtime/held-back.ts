import type { Database } from '../db/database.js';

/**
 * Seconds since the oldest event that is committed and that nobody can read yet, because a transaction that began
 * before it is still open; 0 when there is none. Grows while something holds the log back.
 */
export const heldBackSeconds = (database: Database): Promise<number> =>
  database.asServer(async (sql) => {
    const [row] = await sql<{ seconds: string }>(
      `select extract(epoch from now() - at)::text as seconds from event
       where tx >= pg_snapshot_xmin(pg_current_snapshot()) order by event.tx, event.id limit 1`,
    );
    return Math.max(Number(row?.seconds ?? 0), 0);
  });
