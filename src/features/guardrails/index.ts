export { parseActionType } from './domain/action-type.js';
export {
  type ActionToCheck,
  checkAction,
  GUARDRAIL_REASONS,
  type GuardrailDecision,
  type GuardrailReason,
  opensApproval,
} from './domain/check.js';
export { DEAL_STAGES, type DealStage, GATED_STAGES } from './domain/deal-stage.js';
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
} from './domain/registry.js';
export { RESTRICTION_REASONS, type RestrictedActionType } from './domain/restrictions.js';
export { ActionTierEnum, DealStageEnum, GuardrailReasonEnum } from './graphql/enums.js';
export { GuardrailsResolver } from './graphql/resolver.js';
export { GuardrailDecisionType } from './graphql/types.js';
