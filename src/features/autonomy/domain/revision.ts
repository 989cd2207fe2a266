import type { Id } from '../../../kernel/ids.js';
import type { JsonObject } from '../../../kernel/json.js';
import type { ActionTier, DealStage, DecisionReason } from '../../guardrails/domain/index.js';
import type { Connector, DecidingRole, Demands, Facts, Policy } from '../../policy/domain/index.js';
import type { Action } from './action.js';
import type { Approval } from './approval.js';
import { canonicalAction, payloadOf } from './canonical.js';
import { type Change, diff } from './diff.js';

/** Closed list: a person edited what is asked for, or the ground it stands on had moved. */
export const REVISION_KINDS = ['edited', 'renewed'] as const;
export type RevisionKind = (typeof REVISION_KINDS)[number];

/** What an action was before it was edited or renewed, and how that changed it. */
export interface Revision {
  readonly tenantId: Id;
  readonly actionId: Id;
  /** Number of what was replaced; the first proposal is 0. */
  readonly revision: number;
  readonly kind: RevisionKind;
  /** The text that was replaced. */
  readonly canonical: string;
  readonly digest: string;
  /** Digest of what replaced it. */
  readonly replacedBy: string;
  readonly diff: readonly Change[];
  readonly comment: string | null;
  readonly editedBy: string;
  readonly editedByRoot: string;
  readonly editedAt: Date;
}

/** What becomes of a pending action. */
export interface RevisedAction {
  readonly actionType: string;
  readonly tier: ActionTier;
  readonly reason: DecisionReason;
  readonly explanation: string | null;
  readonly dealStage: DealStage | null;
  readonly connector: Connector;
  readonly policyVersion: number;
  readonly facts: Facts;
  readonly revision: number;
  readonly canonical: string;
  readonly digest: string;
}

/** What becomes of its request. Its times stay as they are. */
export interface RevisedApproval {
  readonly digest: string;
  readonly reason: DecisionReason;
  readonly quorum: number;
  readonly requiredRole: DecidingRole;
  readonly fallbackRole: DecidingRole;
  readonly policyVersion: number;
}

export interface Revised {
  readonly action: RevisedAction;
  readonly approval: RevisedApproval;
  readonly diff: readonly Change[];
}

/** What holds now, and what the action shall be from now on. */
export interface NewGround {
  readonly actionType: string;
  readonly payload: JsonObject;
  readonly policy: Policy;
  readonly facts: Facts;
  readonly demands: Demands;
}

/** The next revision of a pending action: a new digest in any case, so that no earlier vote counts for it. */
export function revise(action: Action, approval: Approval, ground: NewGround): Revised {
  const { tenantId, accountId, dealId, cloneId, contactId } = action;
  const { actionType, payload, policy, facts, demands } = ground;
  const { decision, connector, quorum, requiredRole, fallbackRole } = demands;
  // What might run alone by now still waits for a person, for the reason for which it was asked.
  const { tier, reason, explanation } = decision.allowed ? action : decision;
  const revision = action.revision + 1;
  const policyVersion = policy.version;
  const content = { tenantId, actionType, accountId, dealId, cloneId, contactId, connector, policyVersion };
  const signed = canonicalAction({ ...content, revision, payload });
  const terms = { quorum, requiredRole, fallbackRole, policyVersion };
  return {
    action: {
      actionType,
      tier,
      reason,
      explanation,
      dealStage: facts.dealStage,
      connector,
      policyVersion,
      facts,
      revision,
      ...signed,
    },
    approval: { digest: signed.digest, reason, ...terms },
    diff: diff(
      viewOf(action.actionType, payloadOf(action.canonical), action, approval),
      viewOf(actionType, payload, { connector, facts }, terms),
    ),
  };
}

/** What people are shown the differences of. */
const viewOf = (
  actionType: string,
  payload: JsonObject,
  { connector, facts }: Pick<Action, 'connector' | 'facts'>,
  { policyVersion, quorum, requiredRole, fallbackRole }: Omit<RevisedApproval, 'digest' | 'reason'>,
): JsonObject => ({
  actionType,
  connector,
  dealStage: facts.dealStage,
  fallbackRole,
  optedOut: facts.optedOut,
  payload,
  policyVersion,
  quorum,
  requiredRole,
});
