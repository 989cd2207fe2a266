import { z } from 'zod';
import type { Id } from '../../../kernel/ids.js';
import { sqlOf } from '../../../platform/db/database.js';
import type { ModelFinding } from '../domain/pattern.js';
import type { ReadingStore } from '../ports.js';

/** Findings as they are stored; none where they cannot be read. */
export const storedFindings: z.ZodType<readonly ModelFinding[]> = z
  .array(
    z.object({
      type: z.string(),
      field: z.enum(['subject', 'content']),
      quote: z.string(),
      start: z.int(),
      end: z.int(),
      weight: z.number(),
    }),
  )
  .catch([]);

export const readingStore: ReadingStore = {
  async unread(tx, { since, now }, after, limit) {
    const rows = await sqlOf(tx)<{ id: Id }>(
      `select a.id from account a
       where a.tenant_id = $1 and ($2::uuid is null or a.id > $2::uuid) and exists (
         select from interaction i left join model_reading r on r.tenant_id = i.tenant_id and r.interaction_id = i.id
         where i.tenant_id = a.tenant_id and i.account_id = a.id and i.occurred_at >= $3 and i.occurred_at <= $4
           and i.status <> 'cancelled' and (i.direction is distinct from 'outbound' or i.channel in ('meeting', 'crm'))
           and (r.read_at is null or r.read_at < i.updated_at))
       order by a.id limit $5`,
      [tx.tenantId, after ?? null, since.toISOString(), now.toISOString(), limit],
    );
    return rows.map(({ id }) => id);
  },
  async keep(tx, readings) {
    await sqlOf(tx)(
      `insert into model_reading (tenant_id, interaction_id, read_at, findings)
       select $1, (r ->> 'interactionId')::uuid, (r ->> 'readAt')::timestamptz, r -> 'findings'
       from jsonb_array_elements($2::jsonb) as r
       on conflict (tenant_id, interaction_id) do update set read_at = excluded.read_at, findings = excluded.findings`,
      [tx.tenantId, JSON.stringify(readings)],
    );
  },
};
