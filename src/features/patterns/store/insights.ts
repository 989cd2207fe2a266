import type { FilterQuery } from '@mikro-orm/core';
import type { Id } from '../../../kernel/ids.js';
import type { Tx } from '../../../kernel/transaction.js';
import { emOf, sqlOf } from '../../../platform/db/database.js';
import { findPage } from '../../../platform/db/page.js';
import type { Insight } from '../domain/insight.js';
import type { PatternType } from '../domain/pattern.js';
import type { FeedbackTally } from '../domain/threshold.js';
import type { InsightFilter, InsightStore, KnownInsights } from '../ports.js';
import { InsightEntity } from './schema.js';

/** Rows are read anew each time: conditional writes go past the unit of work's copies. */
const FRESH = { refresh: true } as const;

/** Evidence that was dealt with longer ago than in so many insights of one account has aged out of every pattern. */
const SETTLED = 500;

const where = (tx: Tx, { status, severity, since, ...equal }: InsightFilter): FilterQuery<Insight> => ({
  tenantId: tx.tenantId,
  ...equal,
  ...(status && { status: { $in: [...status] } }),
  ...(severity && { severity: { $in: [...severity] } }),
  ...(since && { raisedAt: { $gte: since } }),
});

/** JSON has no dates: those of the evidence come back as text. */
const fromRow = (insight: Insight): Insight => ({
  ...insight,
  evidence: insight.evidence.map((piece) => ({ ...piece, at: new Date(piece.at) })),
});

interface KnownRow {
  readonly id: Id;
  readonly accountId: Id | null;
  readonly type: PatternType;
  readonly status: string;
  readonly keys: readonly string[];
}

const NOTHING_KNOWN: KnownInsights = { pending: [], settled: new Map() };

/** Sorts rows by account, and reads what is pending in full: of what was settled, only its evidence matters. */
async function gather<Account extends Id | null>(
  tx: Tx,
  accountIds: readonly Account[],
  rows: readonly (KnownRow & { readonly accountId: Account })[],
): Promise<ReadonlyMap<Account, KnownInsights>> {
  const ids = rows.filter(({ status }) => status === 'pending').map(({ id }) => id);
  const found =
    ids.length === 0 ? [] : await emOf(tx).find(InsightEntity, { tenantId: tx.tenantId, id: { $in: ids } }, FRESH);
  const pending = found.map(fromRow);
  return new Map(
    accountIds.map((accountId) => {
      const settled = new Map<PatternType, Set<string>>();
      for (const { type, keys } of rows.filter((row) => row.accountId === accountId && row.status !== 'pending')) {
        settled.set(type, new Set([...(settled.get(type) ?? []), ...keys]));
      }
      return [accountId, { pending: pending.filter((insight) => insight.accountId === accountId), settled }];
    }),
  );
}

/**
 * Two scans of one account at once would each raise the same; the second waits and then finds it. Taken in one order, so
 * that two that look at several of the same accounts never wait for each other.
 */
async function takeTurns(tx: Tx, subjects: readonly string[]): Promise<void> {
  await sqlOf(tx)(
    `select pg_advisory_xact_lock(key) from (
       select hashtextextended('countersign.insight ' || $1 || ' ' || subject, 0) as key
       from unnest($2::text[]) as subject order by key) as keys`,
    [tx.tenantId, subjects],
  );
}

export const insightStore: InsightStore = {
  async known(tx, accountId) {
    await takeTurns(tx, [accountId ?? 'themes']);
    const rows = await sqlOf(tx)<KnownRow>(
      `select id, account_id as "accountId", type, status, evidence_keys as keys from insight
       where tenant_id = $1 and account_id is not distinct from $2
       order by status <> 'pending', id desc limit ${SETTLED}`,
      [tx.tenantId, accountId],
    );
    return (await gather(tx, [accountId], rows)).get(accountId) ?? NOTHING_KNOWN;
  },
  async hold(tx, accountIds) {
    await takeTurns(tx, accountIds);
    return insightStore.glance(tx, accountIds);
  },
  async glance(tx, accountIds) {
    const rows = await sqlOf(tx)<KnownRow & { readonly accountId: Id }>(
      `select i.* from unnest($2::uuid[]) as account (id) cross join lateral (
         select id, account_id as "accountId", type, status, evidence_keys as keys from insight
         where tenant_id = $1 and account_id = account.id
         order by status <> 'pending', id desc limit ${SETTLED}) as i`,
      [tx.tenantId, accountIds],
    );
    return gather(tx, accountIds, rows);
  },
  async insert(tx, insights) {
    if (insights.length > 0) await emOf(tx).insertMany(InsightEntity, [...insights]);
  },
  async update(tx, id, update) {
    await emOf(tx).nativeUpdate(InsightEntity, { tenantId: tx.tenantId, id }, update);
  },
  async find(tx, id) {
    const found = await emOf(tx).findOne(InsightEntity, { tenantId: tx.tenantId, id }, FRESH);
    return found ? fromRow(found) : undefined;
  },
  async resolve(tx, id, { status, by, at, actionId, reason }) {
    const pending = { tenantId: tx.tenantId, id, status: 'pending' as const };
    const change = { status, resolvedBy: by, resolvedAt: at, updatedAt: at, actionId, reason };
    return (await emOf(tx).nativeUpdate(InsightEntity, pending, change)) === 1;
  },
  async list(tx, filter, args) {
    const request = { entity: InsightEntity, where: where(tx, filter), keys: ['id'], direction: 'desc', args } as const;
    const page = await findPage(tx, request);
    return { ...page, edges: page.edges.map(({ cursor, node }) => ({ cursor, node: fromRow(node) })) };
  },
  count: (tx, filter) => emOf(tx).count(InsightEntity, where(tx, filter)),
  async voice(tx, { insightId, type, by, verdict, at }) {
    await sqlOf(tx)(
      `insert into insight_feedback (tenant_id, insight_id, given_by, type, verdict, at) values ($1, $2, $3, $4, $5, $6)
       on conflict (tenant_id, insight_id, given_by) do update set verdict = excluded.verdict, at = excluded.at`,
      [tx.tenantId, insightId, by, type, verdict, at.toISOString()],
    );
  },
  async tallies(tx) {
    const rows = await sqlOf(tx)<{ type: PatternType; useful: string | number; falseAlarms: string | number }>(
      `select type, count(*) filter (where verdict = 'useful') as useful,
         count(*) filter (where verdict = 'false_alarm') as "falseAlarms"
       from insight_feedback where tenant_id = $1 group by type`,
      [tx.tenantId],
    );
    return new Map<PatternType, FeedbackTally>(
      rows.map(({ type, useful, falseAlarms }) => [type, { useful: Number(useful), falseAlarms: Number(falseAlarms) }]),
    );
  },
};
