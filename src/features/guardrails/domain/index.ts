export { parseActionType, quote } from './action-type.js';
export {
  type ActionToCheck,
  checkAction,
  type DecisionReason,
  GUARDRAIL_REASONS,
  type GuardrailDecision,
  type GuardrailReason,
  opensApproval,
  POLICY_REASONS,
  type PolicyReason,
} from './check.js';
export { DEAL_STAGES, type DealStage, GATED_STAGES } from './deal-stage.js';
export { nearestWord, restrictedLookAlike } from './likeness.js';
export { reachesCustomer } from './reach.js';
export {
  ACTION_TIERS,
  ACTION_TYPES_BY_TIER,
  type ActionTier,
  ALLOWED_ACTION_TYPES,
  APPROVAL_REQUIRED_ACTION_TYPES,
  type ApprovalRequiredActionType,
  AUTONOMOUS_ACTION_TYPES,
  type AutonomousActionType,
  classifyAction,
  HARD_STOP_ACTION_TYPES,
  type HardStopActionType,
  isBuiltIn,
  TIER_DESCRIPTIONS,
} from './registry.js';
export { RESTRICTION_REASONS, type RestrictedActionType } from './restrictions.js';
