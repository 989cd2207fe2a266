import type { Id } from '../../../kernel/ids.js';
import type { JsonObject } from '../../../kernel/json.js';
import type { ActionTier, DealStage, DecisionReason } from '../../guardrails/domain/index.js';
import type { BudgetHold, Connector, Facts } from '../../policy/domain/index.js';

/** Closed list of states, see `STEPS` for who follows whom. */
export const ACTION_STATUSES = [
  'allowed',
  'pending_approval',
  'approved',
  'rejected',
  'expired',
  'invalidated',
  'cancelled',
  'blocked',
  'executing',
  'executed',
  'failed',
  'outcome_unknown',
] as const;
export type ActionStatus = (typeof ACTION_STATUSES)[number];

/** Every step forward a recorded action may take; back to where it may be claimed again, see `ActionStore.putBack`. */
const STEPS: Readonly<Record<ActionStatus, readonly ActionStatus[]>> = {
  // Straight to `outcome_unknown` where a connector's earlier attempt may have had its effect.
  allowed: ['executing', 'pending_approval', 'invalidated', 'cancelled', 'outcome_unknown'],
  pending_approval: ['approved', 'rejected', 'expired', 'invalidated', 'cancelled'],
  approved: ['executing', 'invalidated', 'expired', 'outcome_unknown'],
  executing: ['executed', 'failed', 'outcome_unknown'],
  outcome_unknown: ['executed', 'failed'],
  // Stryker disable ArrayDeclaration: nobody asks for a state that is none
  rejected: [],
  expired: [],
  invalidated: [],
  cancelled: [],
  blocked: [],
  executed: [],
  failed: [],
  // Stryker restore ArrayDeclaration
};

/** The states an action may be in just before it becomes `next`. */
export const statesBefore = (next: ActionStatus): readonly ActionStatus[] =>
  ACTION_STATUSES.filter((status) => STEPS[status].includes(next));

/** Whether its connector may try it now: after an attempt that did nothing it waits a while. */
export const isDue = ({ nextAttemptAt }: Pick<Action, 'nextAttemptAt'>, now: Date): boolean =>
  nextAttemptAt === null || now >= nextAttemptAt;

/**
 * Whether a person found out what became of it: a failure that is reported by whoever ran it gives no reason for its
 * end.
 */
export const wasReconciled = ({ status, endedReason }: Pick<Action, 'status' | 'endedReason'>): boolean =>
  (status === 'failed' || status === 'executed') && endedReason !== null;

/** An action as recorded: what was proposed, what the guardrails said, and what became of it. */
export interface Action {
  readonly tenantId: Id;
  readonly id: Id;
  readonly actionType: string;
  readonly tier: ActionTier;
  readonly reason: DecisionReason;
  /** The decision in words, as it was told then; null for actions recorded before it was kept. */
  readonly explanation: string | null;
  readonly status: ActionStatus;
  /** The deal stage the check looked at; null when no deal was concerned. */
  readonly dealStage: DealStage | null;
  readonly accountId: Id | null;
  readonly dealId: Id | null;
  readonly cloneId: Id | null;
  /** The person it is addressed to. */
  readonly contactId: Id | null;
  /** Who runs it; part of what is signed. */
  readonly connector: Connector;
  /** The policy it was checked under; part of what is signed. */
  readonly policyVersion: number;
  /** What the check looked at beside the type, kept so that the check can be made again as it was then. */
  readonly facts: Facts;
  /** How often it was edited, or renewed because the ground had moved, before it was signed. */
  readonly revision: number;
  /** The exact text that is signed, see `canonicalAction`. */
  readonly canonical: string;
  /** SHA-256 of `canonical`, lower-case hex. */
  readonly digest: string;
  readonly rationale: string | null;
  readonly idempotencyKey: string;
  readonly requestDigest: string;
  readonly proposedBy: string;
  /** Who answered for the proposer when it proposed: the person it belonged to, or itself. */
  readonly proposedByRoot: string;
  readonly proposedAt: Date;
  readonly updatedAt: Date;
  readonly claimedBy: string | null;
  /** When the last claim was taken; null also for one that was taken before this was noted. */
  readonly claimedAt: Date | null;
  /** Chosen by the claimer: the same claim sent again is answered as it was. */
  readonly claimKey: string | null;
  /**
   * Grows with every claim, and where others than the holder end one; a report that carries an older one comes from a
   * holder that lost its claim.
   */
  readonly leaseEpoch: number;
  readonly leaseUntil: Date | null;
  readonly finishedAt: Date | null;
  readonly outcome: JsonObject | null;
  readonly failure: string | null;
  /** For people and agents: why it will not run, where it was invalidated, cancelled or expired. */
  readonly endedReason: string | null;
  /** Times a connector has tried to run it. */
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
  /** The budgets it counts against, see `BudgetHold`. */
  readonly budgets: readonly BudgetHold[];
}
