import type { Database } from '../../../platform/db/database.js';

/** Seconds since the oldest event, of any tenant, that no seal covers yet; 0 when all are sealed. */
export const unsealedSeconds = (database: Database): Promise<number> =>
  database.asServer(async (sql) => {
    const [row] = await sql<{ seconds: string | null }>(
      `select extract(epoch from now() - min(oldest.at))::text as seconds
       from tenant
       left join lateral (
         select to_tx, to_id from seal where seal.tenant_id = tenant.id order by number desc limit 1
       ) as newest on true
       join lateral (
         select at from event
         where event.tenant_id = tenant.id
           and (event.tx, event.id) > (coalesce(newest.to_tx, '0'::xid8), coalesce(newest.to_id, 0))
         order by event.tenant_id, event.tx, event.id limit 1
       ) as oldest on true`,
    );
    return Math.max(Number(row?.seconds ?? 0), 0);
  });
