import { sqlOf } from '../../../platform/db/database.js';
import type { DayUsage, UsageStore } from '../ports.js';

/** Sums of whole numbers come as text from one of the databases. */
type Row = Pick<DayUsage, 'day' | 'purpose'> & Record<Exclude<keyof DayUsage, 'day' | 'purpose'>, string | number>;

export const usageStore: UsageStore = {
  async hold(tx, { day, tokens, limit }) {
    const rows = await sqlOf(tx)(
      `insert into model_budget as b (tenant_id, day, taken) select $1, $2, $3::bigint where $3::bigint <= $4::bigint
       on conflict (tenant_id, day) do update set taken = b.taken + excluded.taken
         where b.taken + excluded.taken <= $4::bigint
       returning 1`,
      [tx.tenantId, day, tokens, limit],
    );
    return rows.length === 1;
  },
  async settle(tx, { day, purpose, held, used, cost, hasFailed }) {
    const sql = sqlOf(tx);
    await sql('update model_budget set taken = taken + $3::bigint where tenant_id = $1 and day = $2', [
      tx.tenantId,
      day,
      used.in + used.out - held,
    ]);
    await sql(
      `insert into model_usage as u (tenant_id, day, purpose, calls, failures, refusals, tokens_in, tokens_out, cost)
       values ($1, $2, $3, 1, $4, 0, $5, $6, $7)
       on conflict (tenant_id, day, purpose) do update set calls = u.calls + 1, failures = u.failures + excluded.failures,
         tokens_in = u.tokens_in + excluded.tokens_in, tokens_out = u.tokens_out + excluded.tokens_out,
         cost = u.cost + excluded.cost`,
      [tx.tenantId, day, purpose, hasFailed ? 1 : 0, used.in, used.out, cost],
    );
  },
  async refuse(tx, day, purpose) {
    await sqlOf(tx)(
      `insert into model_usage as u (tenant_id, day, purpose, calls, failures, refusals, tokens_in, tokens_out, cost)
       values ($1, $2, $3, 0, 0, 1, 0, 0, 0)
       on conflict (tenant_id, day, purpose) do update set refusals = u.refusals + 1`,
      [tx.tenantId, day, purpose],
    );
  },
  async since(tx, day) {
    const rows = await sqlOf(tx)<Row>(
      `select day, purpose, calls, failures, refusals, tokens_in as "tokensIn", tokens_out as "tokensOut", cost
       from model_usage where tenant_id = $1 and day >= $2 order by day desc, purpose`,
      [tx.tenantId, day],
    );
    return rows.map(({ day, purpose, ...figures }) => ({
      day,
      purpose,
      calls: Number(figures.calls),
      failures: Number(figures.failures),
      refusals: Number(figures.refusals),
      tokensIn: Number(figures.tokensIn),
      tokensOut: Number(figures.tokensOut),
      cost: Number(figures.cost),
    }));
  },
  async taken(tx, day) {
    const [row] = await sqlOf(tx)<{ taken: string | number }>(
      'select taken from model_budget where tenant_id = $1 and day = $2',
      [tx.tenantId, day],
    );
    return Number(row?.taken ?? 0);
  },
};
