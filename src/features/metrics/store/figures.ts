import type { Tx } from '../../../kernel/transaction.js';
import { sqlOf } from '../../../platform/db/database.js';
import { type DealFigures, type JourneyFigures, OPEN_STAGES } from '../domain/figures.js';
import type { FigureReader, Scope } from '../ports.js';

// Each statement reads its table once and gives counts only. Sums are exact in the database (numeric) and become
// doubles at the very end. A comparison with an unknown date is neither true nor false, and a filter leaves it out.

/**
 * What is open now is what is in an open stage. What was open at a past instant is what had been opened and not yet
 * closed; where nobody knows when a deal was opened, it counts from when it was first stored here.
 */
const DEALS = `
  select
    count(*) filter (where is_identified)::int as "identifiedDeals",
    count(value) filter (where is_identified)::int as "identifiedValued",
    sum(value) filter (where is_identified)::float8 as "identifiedValue",
    count(*) filter (where is_identified and stage in ('prospecting', 'qualification'))::int as "unqualified",
    count(*) filter (where is_open)::int as "openDeals",
    count(value) filter (where is_open)::int as "openValued",
    sum(value) filter (where is_open)::float8 as "openValue",
    sum(value) filter (where is_open and value_is_estimate)::float8 as "openEstimate",
    count(*) filter (where is_decided and stage = 'closed_won')::int as "wonDeals",
    count(value) filter (where is_decided and stage = 'closed_won')::int as "wonValued",
    sum(value) filter (where is_decided and stage = 'closed_won')::float8 as "wonValue",
    count(*) filter (where is_decided and stage = 'closed_lost')::int as "lostDeals",
    count(*) filter (where is_decided and stage = 'closed_won' and closed_at >= opened_at)::int as "cycles",
    sum(extract(epoch from closed_at - opened_at))
      filter (where is_decided and stage = 'closed_won' and closed_at >= opened_at)::float8 as "cycleSeconds"
  from (
    select stage, value, value_is_estimate, opened_at, closed_at,
      opened_at >= $3 and opened_at < $4 as is_identified,
      case when $5 then stage = any($6)
        else coalesce(opened_at, created_at) < $4 and (stage = any($6) or closed_at >= $4)
      end as is_open,
      closed_at >= $3 and closed_at < $4 as is_decided
    from deal
    where tenant_id = $1 and ($2::uuid is null or clone_id = $2)
  ) as situated`;

interface DealRow {
  readonly identifiedDeals: number;
  readonly identifiedValued: number;
  readonly identifiedValue: number | null;
  readonly unqualified: number;
  readonly openDeals: number;
  readonly openValued: number;
  readonly openValue: number | null;
  readonly openEstimate: number | null;
  readonly wonDeals: number;
  readonly wonValued: number;
  readonly wonValue: number | null;
  readonly lostDeals: number;
  readonly cycles: number;
  readonly cycleSeconds: number | null;
}

/** Deals opened in the period by the place (from 1) of the furthest stage each is known to have reached. */
const JOURNEYS = `
  select furthest, count(*)::int as deals
  from (
    select case when stage = 'closed_won' then cardinality($5::text[]) + 1
      else greatest(array_position($5, stage), past.furthest)
      end as furthest
    from deal left join lateral (
      select max(array_position($5, changed.stage)) as furthest
      from deal_stage_change as changed
      where changed.tenant_id = deal.tenant_id and changed.deal_id = deal.id
    ) as past on true
    where tenant_id = $1 and ($2::uuid is null or clone_id = $2) and opened_at >= $3 and opened_at < $4
  ) as journey
  group by furthest`;

const INTERACTIONS = `
  with told as (
    select account_id, channel, direction, status, occurred_at, status = 'completed' as is_completed,
      status = 'completed' and channel in ('email', 'chat') as is_message
    from interaction
    where tenant_id = $1 and ($2::uuid is null or clone_id = $2) and occurred_at >= $3 and occurred_at < $4
  )
  select counted.*, talks.* from
    (select
       count(*) filter (where is_completed)::int as completed,
       count(*) filter (where is_completed and channel = 'email' and direction is distinct from 'inbound')::int
         as "emailsSent",
       count(*) filter (where channel = 'meeting' and status in ('completed', 'scheduled'))::int as meetings,
       count(*) filter (where is_message and direction = 'inbound')::int as inbound,
       count(*) filter (where is_message and direction is not null)::int as directed
     from told
    ) as counted,
    (select count(*)::int as "writtenTo", count(*) filter (where last_inbound >= first_sent)::int as answered
     from (
       select min(occurred_at) filter (where direction is distinct from 'inbound') as first_sent,
         max(occurred_at) filter (where direction = 'inbound') as last_inbound
       from told where is_message and account_id is not null
       group by account_id
     ) as talk
     where first_sent is not null
    ) as talks`;

// Who approved stays on a request that was withdrawn afterwards, because its approval was not used or no longer held.
const DECISIONS = `
  select proposed.*, decided.* from
    (select count(*)::int as proposals, count(*) filter (where reason <> 'autonomous')::int as escalated
     from action
     where tenant_id = $1 and ($2::uuid is null or clone_id = $2) and proposed_at >= $3 and proposed_at < $4
    ) as proposed,
    (select count(*) filter (where is_approved)::int as approved,
       count(*) filter (where is_approved and is_edited)::int as "editedBefore",
       count(*) filter (where not is_approved)::int as rejected
     from (
       select request.status <> 'rejected' as is_approved,
         exists (
           select from action_revision as revision
           where revision.tenant_id = asked.tenant_id and revision.action_id = asked.id and revision.kind = 'edited'
         ) as is_edited
       from approval as request join action as asked
         on asked.tenant_id = request.tenant_id and asked.id = request.action_id
       where request.tenant_id = $1 and ($2::uuid is null or asked.clone_id = $2)
         and request.decided_at >= $3 and request.decided_at < $4 and request.decided_by is not null
     ) as answered
    ) as decided`;

const EXECUTIONS = `
  select count(*) filter (where is_ended and status = 'executed')::int as executed,
    count(*) filter (where is_ended and status = 'failed')::int as failed,
    count(*) filter (where proposed_at >= $3 and proposed_at < $4 and status = 'outcome_unknown')::int as unknown
  from (
    select status, proposed_at, finished_at >= $3 and finished_at < $4 as is_ended
    from action where tenant_id = $1 and ($2::uuid is null or clone_id = $2)
  ) as done`;

const SECONDS_PER_DAY = 86_400;

export const figureReader: FigureReader = {
  async deals(tx, scope) {
    const isNow = scope.period.end >= scope.now;
    return toDealFigures(await one<DealRow>(tx, DEALS, [...scopeColumns(tx, scope), isNow, OPEN_STAGES]));
  },
  async journeys(tx, scope) {
    const parameters = [...scopeColumns(tx, scope), OPEN_STAGES];
    return toJourneys(await sqlOf(tx)<{ furthest: number | null; deals: number }>(JOURNEYS, parameters));
  },
  interactions: (tx, scope) => one(tx, INTERACTIONS, scopeColumns(tx, scope)),
  decisions: (tx, scope) => one(tx, DECISIONS, scopeColumns(tx, scope)),
  executions: (tx, scope) => one(tx, EXECUTIONS, scopeColumns(tx, scope)),
};

async function one<Row>(tx: Tx, statement: string, parameters: readonly unknown[]): Promise<Row> {
  const [row] = await sqlOf(tx)<Row>(statement, parameters);
  if (!row) throw new Error('an aggregate without a row');
  return row;
}

/** The parameters $1 to $4 of every statement. */
const scopeColumns = ({ tenantId }: Tx, { cloneId, period }: Scope): unknown[] => [
  tenantId,
  cloneId,
  period.start.toISOString(),
  period.end.toISOString(),
];

const toDealFigures = (row: DealRow): DealFigures => ({
  identified: { deals: row.identifiedDeals, valued: row.identifiedValued, value: row.identifiedValue ?? 0 },
  unqualified: row.unqualified,
  open: { deals: row.openDeals, valued: row.openValued, value: row.openValue ?? 0 },
  openEstimate: row.openEstimate ?? 0,
  won: { deals: row.wonDeals, valued: row.wonValued, value: row.wonValue ?? 0 },
  lost: row.lostDeals,
  cycles: row.cycles,
  cycleDays: (row.cycleSeconds ?? 0) / SECONDS_PER_DAY,
});

function toJourneys(rows: readonly { readonly furthest: number | null; readonly deals: number }[]): JourneyFigures {
  const stages = [...OPEN_STAGES, 'closed_won'];
  const placed = rows.flatMap(({ furthest, deals }) => (furthest === null ? [] : [[stages[furthest - 1], deals]]));
  return {
    furthest: Object.fromEntries(placed),
    unplaced: rows.find(({ furthest }) => furthest === null)?.deals ?? 0,
  };
}
