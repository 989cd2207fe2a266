export * from './domain/index.js';
export { ActionTierEnum, DealStageEnum, GuardrailReasonEnum } from './graphql/enums.js';
export { GuardrailsResolver } from './graphql/resolver.js';
export { GuardrailDecisionType } from './graphql/types.js';
