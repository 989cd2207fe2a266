import type { FilterQuery } from '@mikro-orm/core';
import { nameKey } from '../../../kernel/actor.js';
import type { Id } from '../../../kernel/ids.js';
import type { Tx } from '../../../kernel/transaction.js';
import { type Database, emOf, sqlOf } from '../../../platform/db/database.js';
import { turnOf } from '../../../platform/db/fair-order.js';
import { findPage } from '../../../platform/db/page.js';
import { type Action, statesBefore } from '../domain/action.js';
import type { Approval, ApprovalStatus } from '../domain/approval.js';
import type {
  ActionFilter,
  ActionStore,
  ApprovalFilter,
  ApprovalStore,
  Due,
  OverdueClaim,
  PutBack,
  Report,
  RevisionStore,
  VoteStore,
} from '../ports.js';
import { listApprovals } from './list-approvals.js';
import { record } from './record.js';
import { ActionEntity, ApprovalEntity, RevisionEntity, VoteEntity } from './schema.js';

/** Rows are read anew each time: conditional writes go past the unit of work's copies. */
const FRESH = { refresh: true } as const;

const DEAD_LETTER: FilterQuery<Action> = { status: 'failed', connector: { $ne: 'agent' } };

const whereAction = (tx: Tx, { status, deadLettered, ...equal }: ActionFilter): FilterQuery<Action> => ({
  tenantId: tx.tenantId,
  ...equal,
  ...(status && { status: { $in: [...status] } }),
  ...(deadLettered !== undefined && { $and: [deadLettered ? DEAD_LETTER : { $not: DEAD_LETTER }] }),
});

const whereApproval = (tx: Tx, { status }: ApprovalFilter): FilterQuery<Approval> => ({
  tenantId: tx.tenantId,
  ...(status && { status }),
});

/** @param database for the sweep over all tenants; everything else runs in the caller's transaction */
export const actionStore = (database: Database): ActionStore => {
  const store: ActionStore = {
    record,
    knownKeys: async (tx, keys) => {
      const rows = await sqlOf(tx)<{ place: number }>(
        `select k.place::int as place from unnest($2::text[], $3::text[]) with ordinality as k (name, key, place)
         join action a on a.tenant_id = $1 and lower(a.proposed_by collate "C") = k.name and a.idempotency_key = k.key`,
        [tx.tenantId, keys.map(([name]) => nameKey(name)), keys.map(([, key]) => key)],
      );
      return new Set(rows.map(({ place }) => place - 1));
    },
    byKey: async (tx, proposedBy, idempotencyKey) => {
      const [found] = await sqlOf(tx)<{ id: Id }>(
        `select id from action where tenant_id = $1 and lower(proposed_by collate "C") = $2 and idempotency_key = $3`,
        [tx.tenantId, nameKey(proposedBy), idempotencyKey],
      );
      return found && store.find(tx, found.id);
    },
    find: async (tx, id) => (await emOf(tx).findOne(ActionEntity, { tenantId: tx.tenantId, id }, FRESH)) ?? undefined,
    list: (tx, filter, args) =>
      findPage(tx, { entity: ActionEntity, where: whereAction(tx, filter), keys: ['id'], direction: 'desc', args }),
    count: (tx, filter) => emOf(tx).count(ActionEntity, whereAction(tx, filter)),
    lock: async (tx, id) => {
      await sqlOf(tx)('select from action where tenant_id = $1 and id = $2 for update', [tx.tenantId, id]);
      return store.find(tx, id);
    },
    holdBudgets: async (tx, id, budgets) => {
      await emOf(tx).nativeUpdate(ActionEntity, { tenantId: tx.tenantId, id }, { budgets });
    },
    revise: async (tx, id, revised, updatedAt) => {
      const where = { tenantId: tx.tenantId, id, status: 'pending_approval' as const, revision: revised.revision - 1 };
      return (await emOf(tx).nativeUpdate(ActionEntity, where, { ...revised, updatedAt })) === 1;
    },
    move: async (tx, id, to, at, endedReason) => {
      const where = { tenantId: tx.tenantId, id, status: { $in: [...statesBefore(to)] } };
      return (
        (await emOf(tx).nativeUpdate(ActionEntity, where, {
          status: to,
          updatedAt: at,
          ...(endedReason !== undefined && { endedReason }),
        })) === 1
      );
    },
    ask: async (tx, id, { tier, reason, explanation }, updatedAt) => {
      const status = 'pending_approval' as const;
      const where = { tenantId: tx.tenantId, id, status: { $in: [...statesBefore(status)] } };
      const change = { status, tier, reason, explanation, updatedAt };
      return (await emOf(tx).nativeUpdate(ActionEntity, where, change)) === 1;
    },
    claim: async (tx, id, { by, key, at, leaseUntil }) => {
      const claimed = await sqlOf(tx)(
        `update action set status = 'executing', claimed_by = $3, claimed_at = $4, updated_at = $4, lease_until = $5, lease_epoch = lease_epoch + 1,
           attempts = attempts + case connector when 'agent' then 0 else 1 end, next_attempt_at = null, claim_key = $7
       where tenant_id = $1 and id = $2 and status = any($6) returning id`,
        [tx.tenantId, id, by, at.toISOString(), leaseUntil.toISOString(), statesBefore('executing'), key],
      );
      return claimed.length === 1;
    },
    renew: async (tx, id, leaseEpoch, { at, leaseUntil }) => {
      const where = { ...running(tx, id, leaseEpoch), leaseUntil: { $gt: at } };
      return (await emOf(tx).nativeUpdate(ActionEntity, where, { leaseUntil, updatedAt: at })) === 1;
    },
    report: (tx, id, leaseEpoch, report) =>
      end(tx, { ...running(tx, id, leaseEpoch), leaseUntil: { $gt: report.at } }, report),
    putBack: (tx, id, leaseEpoch, back) =>
      putBack(tx, { ...running(tx, id, leaseEpoch), leaseUntil: { $gt: back.at } }, back),
    putBackFailed: (tx, id, leaseEpoch, back) =>
      putBack(tx, { tenantId: tx.tenantId, id, status: 'failed', leaseEpoch }, back),
    putBackOverdue: (tx, id, leaseEpoch, back) =>
      putBack(tx, { ...running(tx, id, leaseEpoch), leaseUntil: { $lte: back.at } }, back),
    hurry: async (tx, id, nextAttemptAt) => {
      const where = { tenantId: tx.tenantId, id, status: { $in: [...statesBefore('executing')] } };
      await emOf(tx).nativeUpdate(ActionEntity, where, { nextAttemptAt });
    },
    giveUp: (tx, id, leaseEpoch, report) =>
      end(tx, { ...running(tx, id, leaseEpoch), leaseUntil: { $lte: report.at } }, report, leaseEpoch + 1),
    reconcile: (tx, id, leaseEpoch, report) =>
      end(tx, { tenantId: tx.tenantId, id, status: 'outcome_unknown', leaseEpoch }, report, leaseEpoch + 1),
    overdueClaims: (now, limit) =>
      database.asServer((sql) =>
        sql<OverdueClaim>(
          `select tenant_id as "tenantId", id, lease_epoch as "leaseEpoch" from action
         where status = 'executing' and lease_until <= $1 order by ${turnOf('tenant_id', 'lease_until')}, lease_until limit $2`,
          [now.toISOString(), limit],
        ),
      ),
  };
  return store;
};

/** The epoch in every write: who lost its claim, however late it wakes up, changes nothing. */
const running = (tx: Tx, id: Id, leaseEpoch: number) =>
  ({ tenantId: tx.tenantId, id, status: 'executing', leaseEpoch }) as const;

async function putBack(tx: Tx, where: FilterQuery<Action>, { to, at, nextAttemptAt }: PutBack): Promise<boolean> {
  const change = { status: to, updatedAt: at, nextAttemptAt, claimedBy: null, leaseUntil: null, finishedAt: null };
  return (await emOf(tx).nativeUpdate(ActionEntity, where, { ...change, failure: null, endedReason: null })) === 1;
}

/** @param leaseEpoch the next one, where others than the holder end it: no report of the holder's can land any more */
async function end(
  tx: Tx,
  where: FilterQuery<Action>,
  { status, at, outcome, failure, endedReason }: Report,
  leaseEpoch?: number,
): Promise<boolean> {
  const finishedAt = status === 'outcome_unknown' ? null : at;
  const ended = { status, updatedAt: at, finishedAt, leaseUntil: null, outcome, failure, endedReason };
  const change = { ...ended, ...(leaseEpoch !== undefined && { leaseEpoch }) };
  return (await emOf(tx).nativeUpdate(ActionEntity, where, change)) === 1;
}

export const voteStore: VoteStore = {
  ofApproval: (tx, approvalId) =>
    emOf(tx).find(VoteEntity, { tenantId: tx.tenantId, approvalId }, { ...FRESH, orderBy: { id: 'asc' } }),
  insert: async (tx, vote) => {
    await emOf(tx).insert(VoteEntity, vote);
  },
};

export const revisionStore: RevisionStore = {
  ofAction: (tx, actionId) =>
    emOf(tx).find(RevisionEntity, { tenantId: tx.tenantId, actionId }, { ...FRESH, orderBy: { revision: 'asc' } }),
  insert: async (tx, revision) => {
    await emOf(tx).insert(RevisionEntity, revision);
  },
};

/** @param database for the sweep over all tenants and for lists; everything else runs in the caller's transaction */
export const approvalStore = (database: Database): ApprovalStore => ({
  find: async (tx, id) => (await emOf(tx).findOne(ApprovalEntity, { tenantId: tx.tenantId, id }, FRESH)) ?? undefined,
  lock: async (tx, id) => {
    await sqlOf(tx)(
      `select from action a join approval r on r.tenant_id = a.tenant_id and r.action_id = a.id
       where r.tenant_id = $1 and r.id = $2 for update of a`,
      [tx.tenantId, id],
    );
    await sqlOf(tx)('select from approval where tenant_id = $1 and id = $2 for update', [tx.tenantId, id]);
    const approval = await emOf(tx).findOne(ApprovalEntity, { tenantId: tx.tenantId, id }, FRESH);
    const action =
      approval && (await emOf(tx).findOne(ActionEntity, { tenantId: tx.tenantId, id: approval.actionId }, FRESH));
    return action ? { approval, action } : undefined;
  },
  ofAction: async (tx, actionId) =>
    (await emOf(tx).findOne(ApprovalEntity, { tenantId: tx.tenantId, actionId }, FRESH)) ?? undefined,
  ofActions: (tx, actionIds) =>
    emOf(tx).find(ApprovalEntity, { tenantId: tx.tenantId, actionId: { $in: [...actionIds] } }, FRESH),
  list: (tenantId, filter, page) => listApprovals(database, tenantId, filter, page),
  count: (tx, filter) => emOf(tx).count(ApprovalEntity, whereApproval(tx, filter)),
  decide: async (tx, id, { status, by, at, comment, validUntil }) => {
    const inTime = status === 'expired' ? { expiresAt: { $lte: at } } : { expiresAt: { $gt: at } };
    const where = { tenantId: tx.tenantId, id, status: 'pending' as const, ...inTime };
    const change = { status, decidedBy: by, decidedAt: at, comment, validUntil };
    return (await emOf(tx).nativeUpdate(ApprovalEntity, where, change)) === 1;
  },
  insert: async (tx, approval) => {
    await emOf(tx).insert(ApprovalEntity, approval);
  },
  withdraw: async (tx, id, to) => {
    const before: Record<typeof to, ApprovalStatus[]> = {
      invalidated: ['approved', 'pending'],
      cancelled: ['pending'],
      expired: ['approved'],
    };
    const from = before[to];
    await emOf(tx).nativeUpdate(ApprovalEntity, { tenantId: tx.tenantId, id, status: { $in: from } }, { status: to });
  },
  revise: async (tx, id, revised) =>
    (await emOf(tx).nativeUpdate(ApprovalEntity, { tenantId: tx.tenantId, id, status: 'pending' }, revised)) === 1,
  escalate: async (tx, id, at) => {
    const open = { status: 'pending' as const, escalatedAt: null, escalatesAt: { $lte: at }, expiresAt: { $gt: at } };
    const where = { tenantId: tx.tenantId, id, ...open };
    return (await emOf(tx).nativeUpdate(ApprovalEntity, where, { escalatedAt: at })) === 1;
  },
  overdue: (now, limit) =>
    due(database, { now, limit, from: `approval r where r.status = 'pending' and r.expires_at <= $1` }),
  halfOver: (now, limit) =>
    due(database, {
      now,
      limit,
      from: `approval r where r.status = 'pending' and r.escalated_at is null and r.escalates_at <= $1 and r.expires_at > $1`,
    }),
  // By the action, of which few are approved and not started; of the requests that were ever approved there are many.
  unspent: (now, limit) =>
    due(database, {
      now,
      limit,
      from: `action a join approval r on r.tenant_id = a.tenant_id and r.action_id = a.id
       where a.status = 'approved' and r.status = 'approved' and r.valid_until <= $1`,
    }),
});

/** What is due, of all tenants, as the server sees it; whoever acts on one looks at it again as its tenant. */
const due = (
  database: Database,
  { now, limit, from }: { now: Date; limit: number; from: string },
): Promise<readonly Due[]> =>
  database.asServer((sql) =>
    sql<Due>(
      `select r.tenant_id as "tenantId", r.id from ${from} order by ${turnOf('r.tenant_id', 'r.id')}, r.id limit $2`,
      [now.toISOString(), limit],
    ),
  );
