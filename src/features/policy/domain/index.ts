export {
  type BudgetDemand,
  type BudgetHold,
  type BudgetSubject,
  budgetDemands,
  budgetKey,
  grantPlaces,
  windowEnd,
  windowStart,
} from './budget.js';
export { type PolicyChange, policyChanges } from './changes.js';
export { connectorOf, type Demands, demandsOf, policyTierOf, ruleOf } from './demands.js';
export type { Facts } from './facts.js';
export { clockTime } from './gates.js';
export { isSamePolicy, MAX_BUDGETS, MAX_POLICY_BYTES, MAX_RULES, parsePolicy } from './parse.js';
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
