export {
  type BudgetDemand,
  type BudgetHold,
  type BudgetSubject,
  budgetDemands,
  budgetKey,
  grantPlaces,
  windowStart,
} from './budget.js';
export { type Demands, demandsOf, ruleOf } from './demands.js';
export type { Facts } from './facts.js';
export {
  type ActionRule,
  BUDGET_PERIODS,
  BUDGET_SCOPES,
  type Budget,
  type BudgetPeriod,
  type BudgetScope,
  CONNECTORS,
  type Connector,
  DECIDING_ROLES,
  type DecidingRole,
  EMPTY_POLICY,
  type Gates,
  type Hours,
  type Pause,
  POLICY_TIERS,
  type Policy,
  type PolicyDocument,
  type PolicyTier,
  rolesFrom,
} from './policy.js';
