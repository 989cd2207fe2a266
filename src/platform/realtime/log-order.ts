import type { Database } from '../db/database.js';

/**
 * Why this log cannot be followed on this PostgreSQL server, in one line that also says what to do; undefined when it
 * can. The log is ordered by the numbers of the transactions that wrote it, and readers stop before the oldest one still
 * running. A dump that is restored on a new server brings numbers that this server has not reached: its events would
 * stay hidden, and new ones would stand before them. Physical backups, replicas and pg_upgrade keep the counter.
 */
export async function findOrderProblem(database: Database): Promise<string | undefined> {
  const [found] = await database.asServer((sql) =>
    sql<{ behind: string }>(
      // Counted from the newest event or deletion; a normal server is ahead of both.
      `select (last.tx::text::numeric - pg_snapshot_xmax(pg_current_snapshot())::text::numeric + 1)::text as behind
       from (
         (select tx from event order by event.tx desc limit 1) union all select tx from log_horizon
       ) as last
       where last.tx >= pg_snapshot_xmax(pg_current_snapshot()) order by last.tx desc limit 1`,
    ),
  );
  if (!found) return undefined;
  return (
    `expected a server whose transaction counter is ahead of the event log, got one that is ${found.behind} behind, ` +
    'as after restoring a dump on a new server. Let it catch up, in psql: ' +
    `do $$ begin for n in 1..${found.behind} loop perform pg_current_xact_id(); commit; end loop; end $$`
  );
}
