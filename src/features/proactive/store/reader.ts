import { z } from 'zod';
import type { Id } from '../../../kernel/ids.js';
import type { Tx } from '../../../kernel/transaction.js';
import { sqlOf } from '../../../platform/db/database.js';
import { GATED_STAGES } from '../../guardrails/index.js';
import type { OpenDeal, PlannedInsight } from '../domain/grounds.js';
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
      interactionId: z.guid(),
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

const openDeal = z.object({
  accountId: z.string(),
  id: z.string(),
  stage: z.string(),
  value: z.coerce.number().nullable(),
});

/** Who took part in interactions, where that is a contact of the account still; by interaction. */
async function contactsIn(tx: Tx, interactionIds: readonly Id[]): Promise<ReadonlyMap<Id, { id: Id; accountId: Id }>> {
  if (interactionIds.length === 0) return new Map();
  const rows = await sqlOf(tx)<{ interactionId: Id; id: Id; accountId: Id }>(
    `select i.id as "interactionId", c.id, c.account_id as "accountId"
     from interaction i join contact c on c.tenant_id = i.tenant_id and c.id = i.contact_id
     where i.tenant_id = $1 and i.id = any($2::uuid[])`,
    [tx.tenantId, interactionIds],
  );
  return new Map(rows.map(({ interactionId, ...contact }) => [interactionId, contact]));
}

/** Whether an account that has long been dormant is worth waking is not for a program to say, and never urgent. */
const LEFT_TO_PEOPLE = 'dormancy';

/** What a person has to sign. Read apart, so that however much of it waits, the rest has its turn. */
const GRAVE = `i.category = 'risk' and i.severity in ('high', 'critical')`;

export const planningReader: PlanningReader = {
  async pendingInsights(tx, since, limit) {
    const read = (which: string, most: number) =>
      sqlOf(tx)<{ id: string }>(
        `select i.id, i.account_id as "accountId", a.name as "accountName", i.type, i.category, i.severity,
         i.confidence, i.summary, i.evidence
       from insight i join account a on a.tenant_id = i.tenant_id and a.id = i.account_id
       where i.tenant_id = $1 and i.status = 'pending' and i.category <> 'theme'
         and i.type <> '${LEFT_TO_PEOPLE}' and ${which}
       order by
         i.account_id in (
           select account_id from action where tenant_id = $1 and proposed_at >= $2 and account_id is not null),
         array_position(array['critical', 'high', 'medium', 'low'], i.severity), i.confidence desc, i.id
       limit $3`,
        [tx.tenantId, since.toISOString(), most],
      );
    const grave = Math.ceil(limit / 4);
    const rows = [...(await read(GRAVE, grave)), ...(await read(`not (${GRAVE})`, limit - grave))];
    const readable: z.infer<typeof pending>[] = [];
    const unreadable: string[] = [];
    for (const row of rows) {
      const parsed = pending.safeParse(row);
      if (parsed.success) readable.push(parsed.data);
      else unreadable.push(row.id);
    }
    const interactionIds = readable.flatMap(({ evidence }) => evidence.map(({ interactionId }) => interactionId));
    const contacts = await contactsIn(tx, [...new Set(interactionIds)]);
    const insights = readable.map(({ evidence, ...insight }): PlannedInsight => {
      const contactOf = (interactionId: Id) => {
        const contact = contacts.get(interactionId);
        return contact?.accountId === insight.accountId ? contact.id : null;
      };
      return {
        ...insight,
        evidence: evidence.map((piece) => ({ ...piece, contactId: contactOf(piece.interactionId) })),
      };
    });
    return { insights, unreadable };
  },

  async recentProposals(tx, { accountIds, insightIds, since }) {
    if (accountIds.length === 0) return [];
    const rows = await sqlOf(tx)(
      `select id as "actionId", account_id as "accountId", action_type as "actionType",
         case when proposed_by = $4 and status <> 'blocked'
           then canonical::jsonb -> 'payload' -> 'insightIds' end as "insightIds"
       from action where tenant_id = $1 and account_id = any($2::uuid[]) and (
         proposed_at >= $3 or proposed_by = $4 and status <> 'blocked'
           and jsonb_exists_any(canonical::jsonb -> 'payload' -> 'insightIds', $5::text[]))
       order by id`,
      [tx.tenantId, accountIds, since.toISOString(), PLANNER, insightIds],
    );
    return rows.map((row) => recent.parse(row));
  },

  async waitingRequests(tx) {
    const [row] = await sqlOf(tx)<{ waiting: number }>(
      `select count(*)::int as waiting from approval r join action a on a.tenant_id = r.tenant_id and a.id = r.action_id
       where r.tenant_id = $1 and r.status = 'pending' and a.proposed_by = $2`,
      [tx.tenantId, PLANNER],
    );
    return row?.waiting ?? 0;
  },

  async openDeals(tx, accountIds) {
    if (accountIds.length === 0) return new Map();
    const rows = await sqlOf(tx)(
      `select account_id as "accountId", id, stage, value::float8 as value from deal
       where tenant_id = $1 and account_id = any($2::uuid[]) and stage not in ('closed_won', 'closed_lost') order by id`,
      [tx.tenantId, accountIds],
    );
    const byAccount = new Map<Id, OpenDeal[]>();
    for (const row of rows) {
      const { accountId, id, stage, value } = openDeal.parse(row);
      const isGated = [...GATED_STAGES].some((gated) => gated === stage);
      byAccount.set(accountId, [...(byAccount.get(accountId) ?? []), { id, isGated, value }]);
    }
    return byAccount;
  },
};
