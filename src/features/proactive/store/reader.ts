import { z } from 'zod';
import { sqlOf } from '../../../platform/db/database.js';
import type { PlannedInsight } from '../domain/grounds.js';
import { PLANNER } from '../planner-actor.js';
import type { PlanningReader } from '../ports.js';

const pending = z.object({
  id: z.string(),
  accountId: z.string(),
  accountName: z.string(),
  type: z.string(),
  category: z.enum(['buying_signal', 'risk', 'engagement_change']),
  severity: z.enum(['low', 'medium', 'high', 'critical']),
  confidence: z.coerce.number(),
  summary: z.string(),
  evidence: z.array(
    z.object({
      quote: z.string(),
      interactionId: z.string(),
      at: z.coerce.date(),
    }),
  ),
});

const recent = z.object({
  actionId: z.string(),
  accountId: z.string(),
  actionType: z.string(),
  insightIds: z.array(z.string()).catch([]),
});

export const planningReader: PlanningReader = {
  async pendingInsights(tx, since, limit) {
    const rows = await sqlOf(tx)<{ id: string }>(
      `select i.id, i.account_id as "accountId", a.name as "accountName", i.type, i.category, i.severity,
         i.confidence, i.summary, i.evidence
       from insight i join account a on a.tenant_id = i.tenant_id and a.id = i.account_id
       where i.tenant_id = $1 and i.status = 'pending' and i.category <> 'theme'
       order by
         i.account_id in (
           select account_id from action where tenant_id = $1 and proposed_at >= $2 and account_id is not null),
         array_position(array['critical', 'high', 'medium', 'low'], i.severity), i.confidence desc, i.id
       limit $3`,
      [tx.tenantId, since.toISOString(), limit],
    );
    const insights: PlannedInsight[] = [];
    const unreadable: string[] = [];
    for (const row of rows) {
      const parsed = pending.safeParse(row);
      if (parsed.success) insights.push(parsed.data);
      else unreadable.push(row.id);
    }
    return { insights, unreadable };
  },

  async recentProposals(tx, accountIds, since) {
    if (accountIds.length === 0) return [];
    const rows = await sqlOf(tx)(
      `select id as "actionId", account_id as "accountId", action_type as "actionType",
         case when proposed_by = $4 and status <> 'blocked'
           then canonical::jsonb -> 'payload' -> 'insightIds' end as "insightIds"
       from action where tenant_id = $1 and account_id = any($2::uuid[]) and proposed_at >= $3 order by id`,
      [tx.tenantId, accountIds, since.toISOString(), PLANNER],
    );
    return rows.map((row) => recent.parse(row));
  },
};
