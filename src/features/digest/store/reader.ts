import type { Id } from '../../../kernel/ids.js';
import type { Tx } from '../../../kernel/transaction.js';
import { sqlOf } from '../../../platform/db/database.js';
import type { Day, GoalChange, Happening, OpenInsights, Waiting } from '../domain/digest.js';
import type { DigestReader } from '../ports.js';

/** Most rows of each kind: a digest that nobody can read to its end serves nobody. */
const ROWS = 500;

const within = (tx: Tx, { start, end }: Day) => [tx.tenantId, start.toISOString(), end.toISOString()];

async function interactionsOf(tx: Tx, day: Day): Promise<Happening[]> {
  const rows = await sqlOf(tx)<{ accountId: Id | null; channel: string; inbound: number; total: number }>(
    `select account_id as "accountId", channel, (count(*) filter (where direction = 'inbound'))::int as inbound,
       count(*)::int as total
     from interaction where tenant_id = $1 and occurred_at >= $2 and occurred_at < $3 and status <> 'cancelled'
     group by account_id, channel order by total desc, channel limit ${ROWS}`,
    within(tx, day),
  );
  return rows.map(({ accountId, channel, inbound, total }) => ({
    accountId,
    kind: 'interactions',
    subjectId: null,
    text: `${total} × ${channel}${inbound > 0 ? `, ${inbound} of them from the customer` : ''}`,
  }));
}

async function actionsOf(tx: Tx, day: Day): Promise<Happening[]> {
  const rows = await sqlOf(tx)<{ accountId: Id | null; actionType: string; status: string; total: number }>(
    `select account_id as "accountId", action_type as "actionType", status, count(*)::int as total
     from action where tenant_id = $1 and updated_at >= $2 and updated_at < $3
     group by account_id, action_type, status order by total desc, action_type, status limit ${ROWS}`,
    within(tx, day),
  );
  return rows.map(({ accountId, actionType, status, total }) => ({
    accountId,
    kind: 'actions',
    subjectId: null,
    text: `${total} × ${actionType}: ${status.replaceAll('_', ' ')}`,
  }));
}

async function insightsOf(tx: Tx, day: Day): Promise<Happening[]> {
  const rows = await sqlOf(tx)<{ accountId: Id | null; id: Id; severity: string; summary: string }>(
    `select account_id as "accountId", id, severity, summary from insight
     where tenant_id = $1 and raised_at >= $2 and raised_at < $3
     order by array_position(array['critical', 'high', 'medium', 'low'], severity), id desc limit ${ROWS}`,
    within(tx, day),
  );
  return rows.map(({ accountId, id, severity, summary }) => ({
    accountId,
    kind: 'insight',
    subjectId: id,
    text: `${summary} (${severity})`,
  }));
}

type WaitingRow = Omit<Waiting, 'since' | 'until'> & {
  readonly since: string | Date;
  readonly until: string | Date | null;
};

/** Requests that nobody has decided, and actions that nobody has run, soonest to end first. */
async function waitingIn(tx: Tx): Promise<Waiting[]> {
  const rows = await sqlOf(tx)<WaitingRow>(
    `select a.account_id as "accountId", a.id as "actionId", a.action_type as "actionType",
       case when r.escalated_at is null then r.required_role else r.fallback_role end as "forWhom",
       'decision' as what, r.requested_at as since, r.expires_at as until
     from approval r join action a on a.tenant_id = r.tenant_id and a.id = r.action_id
     where r.tenant_id = $1 and r.status = 'pending'
     union all
     select account_id, id, action_type, proposed_by, 'run', updated_at, null from action
     where tenant_id = $1 and status in ('allowed', 'approved')
     order by until nulls last, since, "actionId" limit ${ROWS}`,
    [tx.tenantId],
  );
  return rows.map(({ since, until, ...row }) => ({
    ...row,
    since: new Date(since),
    until: until === null ? null : new Date(until),
  }));
}

async function goalsOf(tx: Tx, day: Day): Promise<GoalChange[]> {
  const rows = await sqlOf(tx)<GoalChange>(
    // Of several changes of a goal, the first says where it began, the last where it ended.
    `with change as (
       select subject_id as id,
         (array_agg(data -> 'from' -> 'current' order by tx, id))[1] as "from",
         (array_agg(coalesce(data -> 'to' -> 'current', data -> 'current') order by tx desc, id desc))[1] as "to"
       from event where tenant_id = $1 and type like 'goal.%' and at >= $2 and at < $3
       group by subject_id)
     select g.id as "goalId", g.title, g.target, (c."from" #>> '{}')::float8 as "from", (c."to" #>> '{}')::float8 as "to",
       g.status
     from change c join goal g on g.tenant_id = $1 and g.id = c.id
     order by g.period_end, g.id limit ${ROWS}`,
    within(tx, day),
  );
  return rows;
}

async function openInsightsIn(tx: Tx): Promise<OpenInsights> {
  const [row] = await sqlOf(tx)<{ total: number; severe: number }>(
    `select count(*)::int as total, (count(*) filter (where severity in ('high', 'critical')))::int as severe
     from insight where tenant_id = $1 and status = 'pending'`,
    [tx.tenantId],
  );
  return row ?? { total: 0, severe: 0 };
}

export const digestReader: DigestReader = {
  async facts(tx, day) {
    const happened = [
      ...(await insightsOf(tx, day)),
      ...(await interactionsOf(tx, day)),
      ...(await actionsOf(tx, day)),
    ];
    const waiting = await waitingIn(tx);
    const goals = await goalsOf(tx, day);
    const openInsights = await openInsightsIn(tx);
    const ids = [...new Set([...happened, ...waiting].flatMap(({ accountId }) => accountId ?? []))];
    const names = await sqlOf(tx)<{ id: Id; name: string }>(
      'select id, name from account where tenant_id = $1 and id = any($2::uuid[])',
      [tx.tenantId, ids],
    );
    return { happened, waiting, goals, openInsights, accountNames: new Map(names.map(({ id, name }) => [id, name])) };
  },
};
