import { z } from 'zod';
import type { Id } from '../../../kernel/ids.js';
import { sqlOf } from '../../../platform/db/database.js';
import type { SummaryStore } from '../ports.js';

const stored = z.object({
  granularity: z.enum(['week', 'month']),
  start: z.coerce.date(),
  entries: z.coerce.number(),
  changedAt: z.coerce.date().nullable(),
  highlights: z
    .array(
      z.object({
        type: z.string(),
        evidence: z.object({
          interactionId: z.string(),
          field: z.enum(['subject', 'content']),
          quote: z.string(),
          start: z.int(),
          end: z.int(),
          at: z.coerce.date(),
        }),
      }),
    )
    .catch([]),
  narrative: z.string().nullable(),
});

export const summaryStore: SummaryStore = {
  async accounts(tx, before, after, limit) {
    const rows = await sqlOf(tx)<{ id: Id }>(
      `select a.id from account a where a.tenant_id = $1 and ($2::uuid is null or a.id > $2::uuid) and exists (
         select from interaction i where i.tenant_id = a.tenant_id and i.account_id = a.id and i.occurred_at < $3)
       order by a.id limit $4`,
      [tx.tenantId, after ?? null, before.toISOString(), limit],
    );
    return rows.map(({ id }) => id);
  },
  async of(tx, accountId) {
    const rows = await sqlOf(tx)(
      `select granularity, start, entries, changed_at as "changedAt", highlights, narrative
       from account_summary where tenant_id = $1 and account_id = $2`,
      [tx.tenantId, accountId],
    );
    // One that cannot be read is made again: everything in it comes from what is recorded.
    return rows.flatMap((row) => stored.safeParse(row).data ?? []);
  },
  async keep(tx, accountId, summaries, madeAt) {
    const rows = summaries.map(({ start, changedAt, ...rest }) => ({
      ...rest,
      start: start.toISOString(),
      changedAt: changedAt?.toISOString() ?? null,
    }));
    await sqlOf(tx)(
      `insert into account_summary
         (tenant_id, account_id, granularity, start, entries, changed_at, made_at, highlights, narrative)
       select $1, $2, s ->> 'granularity', (s ->> 'start')::timestamptz, (s ->> 'entries')::int,
         (s ->> 'changedAt')::timestamptz, $4, s -> 'highlights', s ->> 'narrative'
       from jsonb_array_elements($3::jsonb) as s
       on conflict (tenant_id, account_id, granularity, start) do update set entries = excluded.entries,
         changed_at = excluded.changed_at, made_at = excluded.made_at, highlights = excluded.highlights,
         narrative = excluded.narrative`,
      [tx.tenantId, accountId, JSON.stringify(rows), madeAt.toISOString()],
    );
  },
  async tell(tx, accountId, { granularity, start, entries, changedAt }, narrative) {
    await sqlOf(tx)(
      `update account_summary set narrative = $7 where tenant_id = $1 and account_id = $2 and granularity = $3
         and start = $4 and entries = $5 and changed_at is not distinct from $6::timestamptz`,
      [tx.tenantId, accountId, granularity, start.toISOString(), entries, changedAt?.toISOString() ?? null, narrative],
    );
  },
  async drop(tx, accountId, names) {
    await sqlOf(tx)(
      `delete from account_summary s using unnest($3::text[], $4::timestamptz[]) as gone (granularity, start)
       where s.tenant_id = $1 and s.account_id = $2 and s.granularity = gone.granularity and s.start = gone.start`,
      [
        tx.tenantId,
        accountId,
        names.map(({ granularity }) => granularity),
        names.map(({ start }) => start.toISOString()),
      ],
    );
  },
};
