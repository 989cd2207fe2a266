import type { Id } from '../../../kernel/ids.js';
import { sqlOf } from '../../../platform/db/database.js';
import type { Facts } from '../domain/facts.js';
import type { ProposalHistory } from '../ports.js';

interface Row {
  actionId: Id;
  actionType: string;
  cloneId: Id | null;
  accountId: Id | null;
  /** Milliseconds; proposals carry no finer time. */
  proposedAt: number;
  facts: Facts;
}

export const proposalHistory: ProposalHistory = {
  async page(tx, { from, to, behind, limit }) {
    const rows = await sqlOf(tx)<Row>(
      `select id as "actionId", action_type as "actionType", clone_id as "cloneId", account_id as "accountId",
         (extract(epoch from proposed_at) * 1000)::float8 as "proposedAt", facts
       from action
       where tenant_id = $1 and proposed_at < $2 and (proposed_at, id) > ($3::timestamptz, $4::uuid)
       order by proposed_at, id limit $5`,
      [
        tx.tenantId,
        to.toISOString(),
        (behind?.proposedAt ?? new Date(from.getTime() - 1)).toISOString(),
        behind?.actionId ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff',
        limit,
      ],
    );
    return rows.map(({ proposedAt, ...row }) => ({ ...row, proposedAt: new Date(Math.round(Number(proposedAt))) }));
  },
};
