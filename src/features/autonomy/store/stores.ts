import type { FilterQuery } from '@mikro-orm/core';
import type { Tx } from '../../../kernel/transaction.js';
import { type Database, emOf, sqlOf } from '../../../platform/db/database.js';
import { findPage } from '../../../platform/db/page.js';
import { type Action, statesBefore } from '../domain/action.js';
import type { Approval } from '../domain/approval.js';
import type { ActionFilter, ActionStore, ApprovalFilter, ApprovalStore } from '../ports.js';
import { listApprovals } from './list-approvals.js';
import { record } from './record.js';
import { ActionEntity, ApprovalEntity } from './schema.js';

/** Rows are read anew each time: conditional writes go past the unit of work's copies. */
const FRESH = { refresh: true } as const;

const whereAction = (tx: Tx, { status, ...equal }: ActionFilter): FilterQuery<Action> => ({
  tenantId: tx.tenantId,
  ...equal,
  ...(status && { status: { $in: [...status] } }),
});

const whereApproval = (tx: Tx, { status }: ApprovalFilter): FilterQuery<Approval> => ({
  tenantId: tx.tenantId,
  ...(status && { status }),
});

export const actionStore: ActionStore = {
  record,
  byKey: async (tx, proposedBy, idempotencyKey) =>
    (await emOf(tx).findOne(ActionEntity, { tenantId: tx.tenantId, proposedBy, idempotencyKey }, FRESH)) ?? undefined,
  find: async (tx, id) => (await emOf(tx).findOne(ActionEntity, { tenantId: tx.tenantId, id }, FRESH)) ?? undefined,
  list: (tx, filter, args) =>
    findPage(tx, { entity: ActionEntity, where: whereAction(tx, filter), keys: ['id'], direction: 'desc', args }),
  count: (tx, filter) => emOf(tx).count(ActionEntity, whereAction(tx, filter)),
  move: async (tx, id, to, at) => {
    const where = { tenantId: tx.tenantId, id, status: { $in: [...statesBefore(to)] } };
    return (await emOf(tx).nativeUpdate(ActionEntity, where, { status: to, updatedAt: at })) === 1;
  },
  claim: async (tx, id, { by, at, leaseUntil }) => {
    const claimed = await sqlOf(tx)(
      `update action set status = 'executing', claimed_by = $3, updated_at = $4, lease_until = $5, lease_epoch = lease_epoch + 1
       where tenant_id = $1 and id = $2 and status = any($6) returning id`,
      [tx.tenantId, id, by, at.toISOString(), leaseUntil.toISOString(), statesBefore('executing')],
    );
    return claimed.length === 1;
  },
  report: async (tx, id, leaseEpoch, { status, at, outcome, failure }) => {
    const where = { tenantId: tx.tenantId, id, status: 'executing' as const, leaseEpoch };
    const change = { status, updatedAt: at, finishedAt: at, leaseUntil: null, outcome, failure };
    return (await emOf(tx).nativeUpdate(ActionEntity, where, change)) === 1;
  },
};

/** @param database for the sweep over all tenants and for lists; everything else runs in the caller's transaction */
export const approvalStore = (database: Database): ApprovalStore => ({
  find: async (tx, id) => (await emOf(tx).findOne(ApprovalEntity, { tenantId: tx.tenantId, id }, FRESH)) ?? undefined,
  ofAction: async (tx, actionId) =>
    (await emOf(tx).findOne(ApprovalEntity, { tenantId: tx.tenantId, actionId }, FRESH)) ?? undefined,
  ofActions: (tx, actionIds) =>
    emOf(tx).find(ApprovalEntity, { tenantId: tx.tenantId, actionId: { $in: [...actionIds] } }, FRESH),
  list: (tenantId, filter, page) => listApprovals(database, tenantId, filter, page),
  count: (tx, filter) => emOf(tx).count(ApprovalEntity, whereApproval(tx, filter)),
  decide: async (tx, id, { status, by, at, comment }) => {
    const inTime = status === 'expired' ? { expiresAt: { $lte: at } } : { expiresAt: { $gt: at } };
    const where = { tenantId: tx.tenantId, id, status: 'pending' as const, ...inTime };
    const change = { status, decidedBy: by, decidedAt: at, comment };
    return (await emOf(tx).nativeUpdate(ApprovalEntity, where, change)) === 1;
  },
  overdue: (now, limit) =>
    database.asServer((sql) =>
      sql<{ tenantId: string; id: string }>(
        `select tenant_id as "tenantId", id from approval where status = 'pending' and expires_at <= $1
         order by expires_at limit $2`,
        [now.toISOString(), limit],
      ),
    ),
});
