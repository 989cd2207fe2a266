import { checkAction, type GuardrailDecision } from '../../guardrails/domain/index.js';
import type { Action } from './action.js';

/** What was decided when the action was last checked, as recorded; worded anew where the words were not kept. */
export function recordedDecision({
  actionType,
  dealStage,
  tier,
  reason,
  explanation,
}: Pick<Action, 'actionType' | 'dealStage' | 'tier' | 'reason' | 'explanation'>): GuardrailDecision {
  const allowed = reason === 'autonomous';
  return {
    actionType,
    tier,
    reason,
    allowed,
    requiresHuman: !allowed,
    explanation: explanation ?? explain(reason, actionType, dealStage),
  };
}

/** The same decision, after a budget was found used up. */
export const overBudget = (decision: GuardrailDecision, budget: string): GuardrailDecision => ({
  ...decision,
  allowed: false,
  requiresHuman: true,
  reason: 'over_budget',
  explanation: `${decision.actionType} waits for a person, because the budget "${budget}" is used up.`,
});

function explain(reason: Action['reason'], actionType: string, dealStage: Action['dealStage']): string {
  switch (reason) {
    case 'policy_hard_stop':
      return `The tenant’s policy makes ${actionType} a hard stop; a person does it.`;
    case 'policy_tier':
      return `${actionType} waits for a person, because the tenant’s policy says so.`;
    case 'policy_gate':
      return `${actionType} waits for a person, because a gate of the tenant’s policy is closed.`;
    case 'opted_out':
      return `${actionType} waits for a person, because the account asked not to be written to.`;
    case 'over_budget':
      return `${actionType} waits for a person, because a budget is used up.`;
    default:
      return checkAction({ actionType, dealStage }).explanation;
  }
}
