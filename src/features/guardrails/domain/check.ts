import { quote } from './action-type.js';
import { type DealStage, GATED_STAGES } from './deal-stage.js';
import { type ActionTier, builtInTier } from './registry.js';
import { RESTRICTION_REASONS } from './restrictions.js';

/** Which rule of the check decided. */
export const GUARDRAIL_REASONS = [
  'hard_stop',
  'approval_required',
  'stage_gate',
  'unknown_action_type',
  'autonomous',
] as const;
export type GuardrailReason = (typeof GUARDRAIL_REASONS)[number];

/** What a tenant's policy may add to the check; each can only make the answer stricter. */
export const POLICY_REASONS = ['policy_hard_stop', 'policy_tier', 'policy_gate', 'opted_out', 'over_budget'] as const;
export type PolicyReason = (typeof POLICY_REASONS)[number];
export type DecisionReason = GuardrailReason | PolicyReason;

/** What the guardrails say about one action at one moment. */
export interface GuardrailDecision {
  readonly actionType: string;
  readonly tier: ActionTier;
  /** Whether the agent may run it now, with nobody else involved. */
  readonly allowed: boolean;
  readonly reason: DecisionReason;
  /** The opposite of `allowed`: a person approves it or, for a hard stop, does it. */
  readonly requiresHuman: boolean;
  /** One sentence for people. The wording may change; programs read `reason`. */
  readonly explanation: string;
}

/** What the check looks at, and nothing else: no policy, role or setting can reach it. */
export interface ActionToCheck {
  /** As `parseActionType` returned it. */
  readonly actionType: string;
  /** Stage of the deal the action is about; null when it is about none. */
  readonly dealStage: DealStage | null;
}

/**
 * The guardrails. The rules are asked in this order and the first that applies decides: hard stop, approval
 * required, autonomous (with the stage gate). What no rule claims needs a person, so an omission here can only make
 * the server stricter.
 */
export function checkAction({ actionType, dealStage }: ActionToCheck): GuardrailDecision & { reason: GuardrailReason } {
  const tier = builtInTier(actionType);
  const why = RESTRICTION_REASONS.get(actionType);

  if (tier === 'hard_stop') {
    return needsHuman(actionType, tier, 'hard_stop', `The server never runs ${actionType}; a person does it. ${why}`);
  }
  if (tier === 'approval_required') {
    return needsHuman(actionType, tier, 'approval_required', `${actionType} waits for a person. ${why}`);
  }
  if (tier === 'autonomous') {
    // Stryker disable next-line ConditionalExpression: null is no gated stage either; the compiler wants it asked
    if (dealStage !== null && GATED_STAGES.has(dealStage)) {
      const explanation = `${actionType} waits for a person, because the deal is in the gated stage ${dealStage}.`;
      return needsHuman(actionType, tier, 'stage_gate', explanation);
    }
    const explanation = `The agent may run ${actionType} alone.`;
    return { actionType, tier, allowed: true, reason: 'autonomous', requiresHuman: false, explanation };
  }
  const explanation = `${quote(actionType)} is not a built-in action type, so it waits for a person.`;
  return needsHuman(actionType, 'approval_required', 'unknown_action_type', explanation);
}

function needsHuman(
  actionType: string,
  tier: ActionTier,
  reason: Exclude<GuardrailReason, 'autonomous'>,
  explanation: string,
): GuardrailDecision & { reason: GuardrailReason } {
  return { actionType, tier, allowed: false, reason, requiresHuman: true, explanation };
}

/**
 * Whether a proposal with this decision becomes an approval request. A hard stop never does: there must be nothing
 * to approve.
 */
export function opensApproval({ reason }: Pick<GuardrailDecision, 'reason'>): boolean {
  switch (reason) {
    case 'approval_required':
    case 'stage_gate':
    case 'unknown_action_type':
    case 'policy_tier':
    case 'policy_gate':
    case 'opted_out':
    case 'over_budget':
      return true;
    case 'hard_stop':
    case 'policy_hard_stop':
    case 'autonomous':
      return false;
    default:
      return reason satisfies never;
  }
}
