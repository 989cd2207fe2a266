import { demandsOf, type Facts, type Policy } from '../../policy/domain/index.js';
import type { Action } from './action.js';
import type { Approval } from './approval.js';
import { payloadOf } from './canonical.js';
import { isContactMoved } from './recheck.js';
import { type Revised, revise } from './revision.js';

/** How things stand when somebody is about to sign. */
export interface GroundToday {
  readonly now: Date;
  readonly policy: Policy;
  /** Undefined: what the action names is gone, or belongs to another account. */
  readonly facts: Facts | undefined;
  /** Whether a vote for the text as it is was cast on other ground: its right was taken back, or an answer has come. */
  readonly isOutdated: boolean;
  /** How long a request stays open where the policy does not say, in milliseconds. */
  readonly defaultOpenMs: number;
}

export type GroundVerdict =
  /** What the person was shown is what would be signed. */
  | { readonly kind: 'same' }
  /** It has to be looked at again. */
  | { readonly kind: 'renew'; readonly revised: Revised }
  /** Nobody may sign it any more. */
  | { readonly kind: 'withdraw'; readonly why: 'policy_hard_stop' | 'reference_changed' };

/**
 * Whether a pending request still stands on the ground on which it was made. What the claim would look at later is
 * looked at before anybody signs, so that nobody signs what cannot run.
 */
export function reviewGround(action: Action, approval: Approval, today: GroundToday): GroundVerdict {
  const { actionType } = action;
  const { policy, facts, isOutdated, now, defaultOpenMs } = today;
  if (facts === undefined) return { kind: 'withdraw', why: 'reference_changed' };
  const demands = demandsOf(policy, { actionType, facts, now, defaultOpenMs });
  const { reason } = demands.decision;
  if (reason === 'hard_stop' || reason === 'policy_hard_stop') {
    return { kind: 'withdraw', why: 'policy_hard_stop' };
  }
  const isSame =
    !isOutdated &&
    policy.version === action.policyVersion &&
    facts.dealStage === action.facts.dealStage &&
    facts.optedOut === action.facts.optedOut &&
    !isContactMoved(action.facts, facts) &&
    demands.connector === action.connector &&
    demands.quorum === approval.quorum &&
    demands.requiredRole === approval.requiredRole &&
    demands.fallbackRole === approval.fallbackRole;
  if (isSame) return { kind: 'same' };
  const payload = payloadOf(action.canonical);
  return { kind: 'renew', revised: revise(action, approval, { actionType, payload, policy, facts, demands }) };
}
