import { reachesCustomer } from '../../guardrails/domain/index.js';
import { type Demands, demandsOf, type Facts, type Pause, type Policy } from '../../policy/domain/index.js';
import type { Action } from './action.js';
import type { Approval } from './approval.js';
import { type CastVote, countingVotes } from './vote.js';

/** How things stand at the moment an action is about to run. */
export interface Today {
  readonly now: Date;
  readonly policy: Policy;
  readonly pause: Pause | undefined;
  /** Undefined: what the action names is gone, or belongs to another account. */
  readonly facts: Facts | undefined;
  /** Whether the customer said something the approver cannot have seen. */
  readonly replied: boolean;
  /** How long a request stays open where the policy does not say, in milliseconds. */
  readonly defaultOpenMs: number;
}

/** What was signed: the request, and those who signed, with how they stand today. */
export interface Signed {
  readonly approval: Approval;
  readonly votes: readonly CastVote[];
}

/** Why an action that was allowed or signed must not run. Closed list; the first word of `endedReason`. */
export const WITHDRAWALS = {
  policy_changed: 'the tenant’s policy has changed since it was signed',
  policy_hard_stop: 'the tenant’s policy has made its type a hard stop',
  connector_changed: 'the policy lets it be run by somebody else now',
  reference_changed: 'what it names is gone or belongs to another account now',
  contact_changed: 'the contact has another address than when it was signed',
  deal_stage_changed: 'the deal has moved to another stage since it was signed',
  account_opted_out: 'the account has asked not to be written to',
  account_replied: 'the account has written since it was signed',
  approver_lost_authority: 'who signed it may not decide any more',
} as const;
export type Withdrawal = keyof typeof WITHDRAWALS;

export type Verdict =
  | { readonly kind: 'run'; readonly demands: Demands }
  /** Nothing starts now; it may when the pause is over. */
  | { readonly kind: 'paused'; readonly pause: Pause }
  /** Was allowed alone, and would need a person now. */
  | { readonly kind: 'ask'; readonly demands: Demands }
  | { readonly kind: 'withdraw'; readonly why: Withdrawal }
  /** The approval went stale before it was used. */
  | { readonly kind: 'stale' };

/**
 * Checks again, just before an action runs, everything that was checked when it was proposed and signed. An action
 * that nobody signed must still be allowed today; a signed one must stand on exactly the ground it was signed on.
 */
export function recheck(action: Action, signed: Signed | undefined, today: Today): Verdict {
  if (today.pause) return { kind: 'paused', pause: today.pause };
  const { actionType } = action;
  const { policy, facts, now, defaultOpenMs } = today;
  if (facts === undefined) return { kind: 'withdraw', why: 'reference_changed' };
  const demands = demandsOf(policy, { actionType, facts, now, defaultOpenMs });
  if (demands.decision.reason === 'hard_stop' || demands.decision.reason === 'policy_hard_stop') {
    return { kind: 'withdraw', why: 'policy_hard_stop' };
  }
  if (signed === undefined) {
    if (demands.connector !== action.connector) return { kind: 'withdraw', why: 'connector_changed' };
    return { kind: demands.decision.allowed ? 'run' : 'ask', demands };
  }
  const why = whatMoved(action, signed, { ...today, facts });
  if (why !== undefined) return { kind: 'withdraw', why };
  const { validUntil } = signed.approval;
  return validUntil !== null && now >= validUntil ? { kind: 'stale' } : { kind: 'run', demands };
}

type Grounded = Today & { readonly facts: Facts };

/** Whether the contact had another address then; what was kept without one says nothing about it. */
export const isContactMoved = (then: Facts, now: Facts): boolean =>
  then.contactEmail !== undefined && then.contactEmail !== now.contactEmail;

function whatMoved(action: Action, { approval, votes }: Signed, today: Grounded): Withdrawal | undefined {
  if (today.policy.version !== action.policyVersion) return 'policy_changed';
  if (today.facts.dealStage !== action.facts.dealStage) return 'deal_stage_changed';
  if (reachesCustomer(action.actionType, action.connector)) {
    if (isContactMoved(action.facts, today.facts)) return 'contact_changed';
    if (today.facts.optedOut && !action.facts.optedOut) return 'account_opted_out';
    if (today.replied) return 'account_replied';
  }
  return countingVotes(votes, approval.digest).length < approval.quorum ? 'approver_lost_authority' : undefined;
}
