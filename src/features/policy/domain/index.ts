export { type BudgetDemand, type BudgetHold, budgetDemands, budgetKey, grantPlaces } from './budget.js';
export { type Demands, demandsOf, type Facts } from './demands.js';
export {
  CONNECTORS,
  type Connector,
  DECIDING_ROLES,
  type DecidingRole,
  EMPTY_POLICY,
  type Pause,
  type Policy,
  type PolicyDocument,
  rolesFrom,
} from './policy.js';
