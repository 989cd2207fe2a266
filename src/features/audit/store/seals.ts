import type { Id } from '../../../kernel/ids.js';
import { type Database, type Sql, sqlOf } from '../../../platform/db/database.js';
import { type Position as LogPosition, SETTLED } from '../../../platform/realtime/event-log.js';
import { LOWEST, type Position } from '../domain/position.js';
import type { RecordedEvent, Seal } from '../domain/seal.js';
import type { EventRange, LogHorizon, SealReader, SealSummary, SealWriter } from '../ports.js';
import { packEntries, unpackEntries } from './entries.js';

/** Names the turns at sealing among the advisory locks of the database. */
const SEALING = 0x5ea1;

interface EventRow {
  tx: string;
  id: string;
  tenant_id: Id;
  type: string;
  subject_id: string;
  data: string;
  actor: string;
  at: string;
}

/** Every column as exact text. Seconds by `extract` depend on no setting of the session, unlike `at::text`. */
const EVENT_TEXT = `tx::text as tx, id::text as id, tenant_id::text as tenant_id, type, subject_id::text as subject_id,
  data::text as data, actor, extract(epoch from at)::text as at`;

const toRecordedEvent = (row: EventRow): RecordedEvent => ({
  position: positionOf(row.tx, row.id),
  tenantId: row.tenant_id,
  type: row.type,
  subjectId: row.subject_id,
  data: row.data,
  actor: row.actor,
  at: row.at,
});

interface SealRow {
  tenant_id: Id;
  number: number;
  from_tx: string;
  from_id: string;
  to_tx: string;
  to_id: string;
  count: number;
  previous_hash: string;
  hash: string;
  sealed_at: string;
}

const SEAL = `tenant_id::text as tenant_id, number, from_tx::text as from_tx, from_id::text as from_id,
  to_tx::text as to_tx, to_id::text as to_id, count, previous_hash, hash, extract(epoch from sealed_at)::text as sealed_at`;

const toSummary = (row: SealRow): SealSummary => ({
  tenantId: row.tenant_id,
  number: row.number,
  from: positionOf(row.from_tx, row.from_id),
  to: positionOf(row.to_tx, row.to_id),
  count: row.count,
  previousHash: row.previous_hash,
  hash: row.hash,
  sealedAt: row.sealed_at,
});

const toSeal = (row: SealRow & { entries: Uint8Array }): Seal => ({
  ...toSummary(row),
  entries: unpackEntries(row.entries),
});

const positionOf = (tx: string, id: string): Position => ({ tx: BigInt(tx), id: BigInt(id) });

async function newestSeal(sql: Sql, tenantId: Id): Promise<SealSummary | undefined> {
  const [row] = await sql<SealRow>(`select ${SEAL} from seal where tenant_id = $1 order by number desc limit 1`, [
    tenantId,
  ]);
  return row && toSummary(row);
}

/**
 * Keeps this transaction's queries to walking an index. The embedded database, and PostgreSQL right after an import,
 * know nothing of how many rows there are, and would read and sort the whole rest of the log for each page of it.
 */
const walkIndexes = (sql: Sql): Promise<unknown> => sql(`select set_config('enable_sort', 'off', true)`);

/** @param database sealing looks at all tenants, and only the server itself may write seals */
export const sealWriter = (database: Database): SealWriter => ({
  tenantsBehind: () =>
    database.asServer(async (sql) => {
      await walkIndexes(sql);
      const rows = await sql<{ id: Id }>(
        `select tenant.id from tenant
         left join lateral (
           select to_tx, to_id from seal where seal.tenant_id = tenant.id order by number desc limit 1
         ) newest on true
         where exists (
           select from event
           where event.tenant_id = tenant.id and ${SETTLED}
             and (event.tx, event.id) > (coalesce(newest.to_tx, $1::xid8), coalesce(newest.to_id, $2::bigint))
         )
         order by tenant.id`,
        [LOWEST.tx.toString(), LOWEST.id.toString()],
      );
      return rows.map(({ id }) => id);
    }),

  append: (tenantId, limit, make) =>
    database.asServer(async (sql) => {
      // A statement of its own: the next one sees what the previous holder of the turn committed.
      const [turn] = await sql<{ mine: boolean }>(
        'select pg_try_advisory_xact_lock($1::integer, hashtext($2)) as mine',
        [SEALING, tenantId],
      );
      if (!turn?.mine) return undefined;
      await walkIndexes(sql);
      const newest = await newestSeal(sql, tenantId);
      const after = newest?.to ?? LOWEST;
      const rows = await sql<EventRow>(
        `select ${EVENT_TEXT} from event
         where tenant_id = $1 and (tx, id) > ($2::xid8, $3::bigint) and ${SETTLED}
         order by event.tx, event.id limit $4`,
        [tenantId, after.tx.toString(), after.id.toString(), limit],
      );
      if (rows.length === 0) return 0;
      await insertSeal(sql, make(newest, rows.map(toRecordedEvent)));
      return rows.length;
    }),
});

async function insertSeal(sql: Sql, seal: Seal): Promise<void> {
  await sql(
    `insert into seal (tenant_id, number, from_tx, from_id, to_tx, to_id, count, entries, previous_hash, hash, sealed_at)
     values ($1, $2, $3::xid8, $4, $5::xid8, $6, $7, $8, $9, $10, timestamptz 'epoch' + $11::interval)`,
    [
      seal.tenantId,
      seal.number,
      seal.from.tx.toString(),
      seal.from.id.toString(),
      seal.to.tx.toString(),
      seal.to.id.toString(),
      seal.count,
      packEntries(seal.entries),
      seal.previousHash,
      seal.hash,
      `${seal.sealedAt} seconds`,
    ],
  );
}

export const sealReader: SealReader = {
  newest: (tx) => newestSeal(sqlOf(tx), tx.tenantId),

  async find(tx, number) {
    const [row] = await sqlOf(tx)<SealRow & { entries: Uint8Array }>(
      `select ${SEAL}, entries from seal where tenant_id = $1 and number = $2`,
      [tx.tenantId, number],
    );
    return row && toSeal(row);
  },

  async above(tx, number, limit) {
    await walkIndexes(sqlOf(tx));
    const rows = await sqlOf(tx)<SealRow & { entries: Uint8Array }>(
      `select ${SEAL}, entries from seal where tenant_id = $1 and number > $2 order by number limit $3`,
      [tx.tenantId, number, limit],
    );
    return rows.map(toSeal);
  },

  async events(tx, { after, upTo, limit }: EventRange) {
    await walkIndexes(sqlOf(tx));
    const rows = await sqlOf(tx)<EventRow>(
      `select ${EVENT_TEXT} from event
       where tenant_id = $1 and (tx, id) > ($2::xid8, $3::bigint) and (tx, id) <= ($4::xid8, $5::bigint)
       order by event.tx, event.id limit $6`,
      [tx.tenantId, after.tx.toString(), after.id.toString(), upTo.tx.toString(), upTo.id.toString(), limit],
    );
    return rows.map(toRecordedEvent);
  },

  async countBehind(tx, after) {
    const [row] = await sqlOf(tx)<{ count: string }>(
      `select count(*)::text as count from event where tenant_id = $1 and (tx, id) > ($2::xid8, $3::bigint)`,
      [tx.tenantId, after.tx.toString(), after.id.toString()],
    );
    return Number(row?.count);
  },
};

/**
 * Position of the first event, of any tenant, that no seal covers yet; behind the newest seal when there is none. What is
 * deleted before it has been sealed would be missing from the record for good.
 */
export async function firstUnsealed(sql: Sql): Promise<LogPosition> {
  await walkIndexes(sql);
  const [row] = await sql<{ tx: string; id: string }>(
    `select first.tx::text as tx, first.id::text as id from tenant
     left join lateral (
       select to_tx, to_id from seal where seal.tenant_id = tenant.id order by number desc limit 1
     ) newest on true
     join lateral (
       select event.tx, event.id from event
       where event.tenant_id = tenant.id and ${SETTLED}
         and (event.tx, event.id) > (coalesce(newest.to_tx, $1::xid8), coalesce(newest.to_id, $2::bigint))
       order by event.tx, event.id limit 1
     ) first on true
     order by first.tx, first.id limit 1`,
    [LOWEST.tx.toString(), LOWEST.id.toString()],
  );
  if (row) return positionOf(row.tx, row.id);
  const [newest] = await sql<{ tx: string; id: string }>(
    'select to_tx::text as tx, to_id::text as id from seal order by to_tx desc, to_id desc limit 1',
  );
  return newest ? positionOf(newest.tx, String(BigInt(newest.id) + 1n)) : LOWEST;
}

/** One horizon for all tenants, as retention leaves it. */
export const logHorizon: LogHorizon = {
  async of(tx) {
    const [row] = await sqlOf(tx)<{ tx: string; id: string }>('select tx::text as tx, id::text as id from log_horizon');
    return row && positionOf(row.tx, row.id);
  },
};
