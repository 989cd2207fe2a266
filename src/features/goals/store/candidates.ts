import type { Id } from '../../../kernel/ids.js';
import type { Tx } from '../../../kernel/transaction.js';
import { sqlOf } from '../../../platform/db/database.js';
import type { GapCandidate, OpenDeal } from '../domain/gap.js';
import type { GoalType } from '../domain/goal.js';
import type { GapReader, MeasuredGoal } from '../ports.js';

const OPEN = `deal.stage not in ('closed_won', 'closed_lost')`;
const OF_CLONE = '($2::uuid is null or clone_id = $2)';
/** Most candidates that are looked at; the best of these are chosen outside. */
const LIMIT = 200;
/** How long ago somebody must have answered to count as engaged, in days. */
const ENGAGED_DAYS = 90;
const DAY_MS = 86_400_000;

/** The accounts that suit the goal's type, those that look best first. */
async function findSuitable(tx: Tx, { type, cloneId, ...goal }: MeasuredGoal, now: Date): Promise<readonly Id[]> {
  const [statement, more] = suitable(type, { ...goal, now });
  const rows = await sqlOf(tx)<{ id: Id }>(`${statement} limit ${LIMIT}`, [tx.tenantId, cloneId, ...more]);
  return rows.map(({ id }) => id);
}

type Times = Pick<MeasuredGoal, 'periodStart' | 'periodEnd'> & { readonly now: Date };

/** A statement, and its parameters from $3 on; $1 is the tenant, $2 the clone. */
function suitable(type: GoalType, { periodStart, periodEnd, now }: Times): [string, readonly unknown[]] {
  switch (type) {
    case 'revenue':
      return [
        `select account_id as id from deal
         where tenant_id = $1 and ${OF_CLONE} and ${OPEN} and account_id is not null and value > 0
         group by account_id order by sum(value) desc, account_id`,
        [],
      ];
    case 'quality':
      return [
        `select account_id as id from deal
         where tenant_id = $1 and ${OF_CLONE} and stage in ('prospecting', 'qualification')
           and account_id is not null and opened_at >= $3 and opened_at < $4
         group by account_id order by sum(value) desc nulls last, account_id`,
        [periodStart.toISOString(), periodEnd.toISOString()],
      ];
    case 'activity':
      return [
        `select account_id as id from interaction
         where tenant_id = $1 and ${OF_CLONE} and account_id is not null and direction = 'inbound'
           and status = 'completed' and occurred_at >= $3
         group by account_id order by max(occurred_at) desc, account_id`,
        [new Date(now.getTime() - ENGAGED_DAYS * DAY_MS).toISOString()],
      ];
    case 'pipeline':
      // A clone's goal: accounts in which that clone has no open deal.
      return [
        `select account.id from account
         where account.tenant_id = $1 and not exists (
           select from deal
           where deal.tenant_id = $1 and deal.account_id = account.id and ${OF_CLONE} and ${OPEN})
         order by (
           select max(occurred_at) from interaction
           where interaction.tenant_id = $1 and interaction.account_id = account.id and status = 'completed'
         ) desc nulls last, account.id`,
        [],
      ];
    default:
      throw new Error(`a goal of unknown type: ${type satisfies never}`);
  }
}

const CANDIDATES = `
  select account.id as "accountId", account.name as "accountName",
    (select coalesce(json_agg(json_build_object('id', id, 'stage', stage, 'value', value::float8)), '[]')
     from deal where deal.tenant_id = $1 and account_id = account.id and ${OF_CLONE} and ${OPEN}
       and (not $4 or (stage in ('prospecting', 'qualification') and opened_at >= $5 and opened_at < $6))
    ) as "openDeals",
    (select extract(epoch from max(occurred_at))::float8 from interaction
     where interaction.tenant_id = $1 and account_id = account.id and status = 'completed') as "lastInteraction",
    (select extract(epoch from max(occurred_at))::float8 from interaction
     where interaction.tenant_id = $1 and account_id = account.id and status = 'completed' and direction = 'inbound'
    ) as "lastInbound"
  from account where tenant_id = $1 and id = any($3::uuid[]) order by account.id`;

interface CandidateRow {
  readonly accountId: Id;
  readonly accountName: string;
  readonly openDeals: readonly OpenDeal[];
  readonly lastInteraction: number | null;
  readonly lastInbound: number | null;
}

const toTime = (seconds: number | null): Date | null => (seconds === null ? null : new Date(seconds * 1_000));

export const gapReader: GapReader = {
  async candidates(tx, goal, now) {
    const ids = await findSuitable(tx, goal, now);
    if (ids.length === 0) return [];
    const period = [goal.periodStart.toISOString(), goal.periodEnd.toISOString()];
    const parameters = [tx.tenantId, goal.cloneId, ids, goal.type === 'quality', ...period];
    const rows = await sqlOf(tx)<CandidateRow>(CANDIDATES, parameters);
    return rows.map(
      ({ lastInteraction, lastInbound, ...row }): GapCandidate => ({
        ...row,
        lastInteractionAt: toTime(lastInteraction),
        lastInboundAt: toTime(lastInbound),
      }),
    );
  },
};
