import type { Database } from '../../../platform/db/database.js';

/** Requests for approval that wait for a person, of all tenants, and for how many seconds the oldest has (0: none waits). */
export const waitingRequests = (database: Database): Promise<{ count: number; seconds: number }> =>
  database.asServer(async (sql) => {
    const [row] = await sql<{ count: string; seconds: string | null }>(
      `select count(*)::text as count, extract(epoch from now() - min(requested_at))::text as seconds
       from approval where status = 'pending'`,
    );
    return { count: Number(row?.count ?? 0), seconds: Math.max(Number(row?.seconds ?? 0), 0) };
  });
