export * from './domain/index.js';
export { ActionTierEnum, DealStageEnum, GuardrailReasonEnum } from './graphql/enums.js';
export { ClassifiedActionType, GuardrailDecisionType, GuardrailsType } from './graphql/types.js';
