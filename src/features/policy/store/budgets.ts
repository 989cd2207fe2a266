import type { Tx } from '../../../kernel/transaction.js';
import { sqlOf } from '../../../platform/db/database.js';
import { type BudgetHold, budgetKey } from '../domain/budget.js';
import type { BudgetStore } from '../ports.js';

interface Row {
  budget: string;
  scope: string;
  windowStart: string | Date;
  used: number;
}

/** Always in the same order, so that two transactions never wait for one another in a circle. */
const inOrder = (holds: readonly BudgetHold[]): readonly BudgetHold[] =>
  [...new Map(holds.map((hold) => [budgetKey(hold), hold])).entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, hold]) => hold);

const columns = (tx: Tx, holds: readonly BudgetHold[]) => [
  tx.tenantId,
  holds.map(({ budget }) => budget),
  holds.map(({ scope }) => scope),
  holds.map(({ windowStart }) => windowStart),
];

async function countsOf(
  tx: Tx,
  wanted: readonly BudgetHold[],
  lock: '' | 'for update of u',
): Promise<ReadonlyMap<string, number>> {
  const rows = await sqlOf(tx)<Row>(
    `select u.budget, u.scope, u.window_start as "windowStart", u.used
     from unnest($2::text[], $3::text[], $4::timestamptz[]) with ordinality as t (b, s, w, place)
       join budget_use u on u.tenant_id = $1 and u.budget = t.b and u.scope = t.s and u.window_start = t.w
     order by t.place ${lock}`,
    columns(tx, wanted),
  );
  return new Map(
    rows.map(({ used, ...row }) => [budgetKey({ ...row, windowStart: new Date(row.windowStart).toISOString() }), used]),
  );
}

export const budgetStore: BudgetStore = {
  async lock(tx, holds) {
    const wanted = inOrder(holds);
    if (wanted.length === 0) return new Map();
    await sqlOf(tx)(
      `insert into budget_use (tenant_id, budget, scope, window_start, used)
       select $1, b, s, w, 0 from unnest($2::text[], $3::text[], $4::timestamptz[]) with ordinality as t (b, s, w, place)
       order by place
       on conflict do nothing`,
      columns(tx, wanted),
    );
    return countsOf(tx, wanted, 'for update of u');
  },
  read: (tx, holds) => countsOf(tx, inOrder(holds), ''),
  async take(tx, holds) {
    const wanted = inOrder(holds);
    if (wanted.length === 0) return;
    const counts = new Map<string, number>();
    for (const hold of holds) counts.set(budgetKey(hold), (counts.get(budgetKey(hold)) ?? 0) + 1);
    await sqlOf(tx)(
      `update budget_use u set used = used + t.n
       from unnest($2::text[], $3::text[], $4::timestamptz[], $5::int[]) as t (b, s, w, n)
       where u.tenant_id = $1 and u.budget = t.b and u.scope = t.s and u.window_start = t.w`,
      [...columns(tx, wanted), wanted.map((hold) => counts.get(budgetKey(hold)) ?? 0)],
    );
  },
  used: (tx, { budget, windowStart, limit }) =>
    sqlOf(tx)(
      `select scope, used from budget_use where tenant_id = $1 and budget = $2 and window_start = $3 and used > 0
       order by used desc, scope limit $4`,
      [tx.tenantId, budget, windowStart.toISOString(), limit],
    ),
};
