import type { Id } from '../../../kernel/ids.js';
import type { Tx } from '../../../kernel/transaction.js';
import { noteLogged, sqlOf } from '../../../platform/db/database.js';
import type { Action } from '../domain/action.js';
import type { Approval } from '../domain/approval.js';
import type { Recording } from '../ports.js';

/**
 * One statement for any number of proposals: actions, approval requests and log rows. `on conflict` leaves out those
 * whose idempotency key is taken, and their requests and log rows with them. Hand-written because proposing is the
 * hottest write; see docs/decisions.
 */
const RECORD = `
  with
    proposed as (
      select * from unnest(
        $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::uuid[], $10::uuid[],
        $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::timestamptz[],
        $18::uuid[], $19::timestamptz[], $20::text[], $21::text[], $22::uuid[], $23::text[], $24::int[], $25::jsonb[],
        $26::jsonb[], $27::int[], $28::text[], $29::text[], $30::timestamptz[], $31::text[]
      ) as p (id, action_type, tier, reason, status, deal_stage, account_id, deal_id, clone_id, canonical, digest,
        rationale, idempotency_key, request_digest, proposed_by, proposed_at, approval_id, expires_at, event_type,
        proposed_by_root, contact_id, connector, policy_version, facts, budgets, quorum, required_role, fallback_role,
        escalates_at, explanation)
    ),
    recorded as (
      insert into action (tenant_id, id, action_type, tier, reason, status, deal_stage, account_id, deal_id, clone_id,
        canonical, digest, rationale, idempotency_key, request_digest, proposed_by, proposed_by_root, proposed_at,
        updated_at, contact_id, connector, policy_version, facts, budgets, explanation)
      select $1, id, action_type, tier, reason, status, deal_stage, account_id, deal_id, clone_id,
        canonical, digest, rationale, idempotency_key, request_digest, proposed_by, proposed_by_root, proposed_at,
        proposed_at, contact_id, connector, policy_version, facts, budgets, explanation
      from proposed
      on conflict (tenant_id, lower(proposed_by collate "C"), idempotency_key) do nothing
      returning id
    ),
    requested as (
      insert into approval (tenant_id, id, action_id, status, reason, digest, requested_at, expires_at, quorum,
        required_role, fallback_role, escalates_at, policy_version)
      select $1, approval_id, id, 'pending', reason, digest, proposed_at, expires_at, quorum,
        required_role, fallback_role, escalates_at, policy_version
      from proposed join recorded using (id) where approval_id is not null
    ),
    logged as (
      insert into event (tenant_id, type, subject_id, data, actor, at)
      select $1, event_type, id,
        jsonb_build_object('approvalId', approval_id, 'actionType', action_type, 'reason', reason, 'digest', digest,
          'accountId', account_id, 'cloneId', clone_id),
        proposed_by, proposed_at
      from proposed join recorded using (id)
    )
  select id from recorded`;

export async function record(tx: Tx, recordings: readonly Recording[]): Promise<ReadonlySet<Id>> {
  if (recordings.length === 0) return new Set();
  const ofAction = <Key extends keyof Action>(key: Key) => recordings.map(({ action }) => action[key]);
  const ofApproval = <Key extends keyof Approval>(key: Key) =>
    recordings.map(({ approval }) => approval?.[key] ?? null);
  const rows = await sqlOf(tx)<{ id: Id }>(RECORD, [
    tx.tenantId,
    ofAction('id'),
    ofAction('actionType'),
    ofAction('tier'),
    ofAction('reason'),
    ofAction('status'),
    ofAction('dealStage'),
    ofAction('accountId'),
    ofAction('dealId'),
    ofAction('cloneId'),
    ofAction('canonical'),
    ofAction('digest'),
    ofAction('rationale'),
    ofAction('idempotencyKey'),
    ofAction('requestDigest'),
    ofAction('proposedBy'),
    recordings.map(({ action }) => action.proposedAt.toISOString()),
    ofApproval('id'),
    recordings.map(({ approval }) => approval?.expiresAt.toISOString() ?? null),
    recordings.map(eventTypeOf),
    ofAction('proposedByRoot'),
    ofAction('contactId'),
    ofAction('connector'),
    ofAction('policyVersion'),
    recordings.map(({ action }) => JSON.stringify(action.facts)),
    recordings.map(({ action }) => JSON.stringify(action.budgets)),
    ofApproval('quorum'),
    ofApproval('requiredRole'),
    ofApproval('fallbackRole'),
    recordings.map(({ approval }) => approval?.escalatesAt?.toISOString() ?? null),
    ofAction('explanation'),
  ]);
  const recorded = new Set(rows.map(({ id }) => id));
  const logged = recordings.filter(({ action }) => recorded.has(action.id));
  noteLogged(
    tx,
    logged.map((recording) => ({
      type: eventTypeOf(recording),
      tier: recording.action.tier,
      reason: recording.action.reason,
    })),
  );
  return recorded;
}

function eventTypeOf({ action, approval }: Recording) {
  if (approval) return 'approval.requested';
  return action.status === 'blocked' ? 'action.blocked' : 'action.allowed';
}
