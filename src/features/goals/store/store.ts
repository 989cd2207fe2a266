import type { FilterQuery } from '@mikro-orm/core';
import type { Tx } from '../../../kernel/transaction.js';
import { emOf, sqlOf } from '../../../platform/db/database.js';
import { findPage } from '../../../platform/db/page.js';
import type { Goal, GoalStatus } from '../domain/goal.js';
import type { GoalFilter, GoalStore } from '../ports.js';
import { GoalEntity } from './schema.js';

/** Rows are read anew each time: updates go past the unit of work's copies. */
const FRESH = { refresh: true } as const;

const whereGoal = (tx: Tx, { status, now, ...equal }: GoalFilter & { readonly now: Date }): FilterQuery<Goal> => ({
  tenantId: tx.tenantId,
  ...equal,
  ...(status && { $or: status.map((one) => whereStatus(one, now)) }),
});

/**
 * The stored status is right about target and cancellation, which only a write can change. Between active and
 * missed, time alone decides.
 */
function whereStatus(status: GoalStatus, now: Date): FilterQuery<Goal> {
  const belowTarget: FilterQuery<Goal> = { status: { $in: ['active', 'missed'] } };
  if (status === 'active') return { ...belowTarget, periodEnd: { $gt: now } };
  if (status === 'missed') return { ...belowTarget, periodEnd: { $lte: now } };
  return { status };
}

const whereDue = (tx: Tx, now: Date): FilterQuery<Goal> => ({
  tenantId: tx.tenantId,
  status: { $ne: 'cancelled' },
  periodStart: { $lte: now },
  // At the end of its period a goal is looked at once more.
  $or: [{ periodEnd: { $gt: now } }, { status: 'active' }],
});

export const goalStore: GoalStore = {
  insert: async (tx, goal) => void (await emOf(tx).insert(GoalEntity, goal)),
  find: async (tx, id) => (await emOf(tx).findOne(GoalEntity, { tenantId: tx.tenantId, id }, FRESH)) ?? undefined,
  lock: async (tx, id) => {
    // Not a row lock: the log is ordered by transaction id, and one who waits for a row may have got its id before one
    // whom it lets pass. An advisory lock is waited for without an id, so steps stand in the log as they were taken.
    await sqlOf(tx)(`select pg_advisory_xact_lock(hashtextextended('countersign.goal ' || $1, 0))`, [id.toLowerCase()]);
    return goalStore.find(tx, id);
  },
  save: async (tx, id, change) => {
    const changed = await emOf(tx).nativeUpdate(GoalEntity, { tenantId: tx.tenantId, id }, change);
    if (changed !== 1) throw new Error(`goal ${id} was locked and is gone`);
  },
  list: (tx, filter, args) =>
    findPage(tx, { entity: GoalEntity, where: whereGoal(tx, filter), keys: ['id'], direction: 'desc', args }),
  count: (tx, filter) => emOf(tx).count(GoalEntity, whereGoal(tx, filter)),
  due: (tx, { now, after, limit }) => {
    const where = { $and: [whereDue(tx, now), after === null ? {} : { id: { $gt: after } }] };
    return emOf(tx).find(GoalEntity, where, { ...FRESH, orderBy: { id: 'asc' }, limit });
  },
  countDue: (tx, now) => emOf(tx).count(GoalEntity, whereDue(tx, now)),
  unfinished: (tx, { cloneId, now, limit }) => {
    const where: FilterQuery<Goal> = {
      tenantId: tx.tenantId,
      status: { $ne: 'cancelled' },
      periodEnd: { $gt: now },
      ...(cloneId !== undefined && { cloneId }),
    };
    return emOf(tx).find(GoalEntity, where, { ...FRESH, orderBy: { periodEnd: 'asc', id: 'asc' }, limit });
  },
};
