import { checkAction, type DealStage, type GuardrailDecision } from '../../guardrails/domain/index.js';
import type { Connector, DecidingRole, Policy } from './policy.js';

/** What a decision looks at beside the action type, as it stood when the action was proposed or run. */
export interface Facts {
  /** The stage that counts for the stage gate. */
  readonly dealStage: DealStage | null;
  /** The stage the proposer gave of a deal that is not stored here. */
  readonly givenStage: DealStage | null;
  /** Value of the deal, or the highest of the account's open deals; null: a deal without a value; undefined: no deal. */
  readonly dealValue?: number | null;
  /** Titles of the contact named, or of all the account's contacts when none is named. */
  readonly contactTitles: readonly string[];
  /** Whether the account asked not to be written to. */
  readonly optedOut: boolean;
}

/** What has to happen before an action may run, and who runs it. */
export interface Demands {
  /** The guardrails' decision, made stricter by the policy where it says so. */
  readonly decision: GuardrailDecision;
  /** How many different people have to approve, where any has to. */
  readonly quorum: number;
  /** The weakest role that may decide. */
  readonly requiredRole: DecidingRole;
  /** The weakest role that may decide after half the time. */
  readonly fallbackRole: DecidingRole;
  /** How long a request stays open, in milliseconds. */
  readonly openMs: number;
  readonly connector: Connector;
}

export interface Question {
  /** As `parseActionType` returned it. */
  readonly actionType: string;
  readonly facts: Facts;
  readonly now: Date;
  /** How long a request stays open where the policy does not say, in milliseconds. */
  readonly defaultOpenMs: number;
}

/** Asks the guardrails, then the policy, which can only make the answer stricter. Budgets are asked elsewhere. */
export function demandsOf(policy: Policy, { actionType, facts, defaultOpenMs }: Question): Demands {
  const decision = checkAction({ actionType, dealStage: facts.dealStage });
  const rule = Object.hasOwn(policy.document.rules, actionType) ? policy.document.rules[actionType] : undefined;
  return {
    decision,
    quorum: rule?.quorum ?? 1,
    requiredRole: rule?.requiredRole ?? 'approver',
    fallbackRole: rule?.fallbackRole ?? rule?.requiredRole ?? 'approver',
    openMs: rule?.expiryHours === undefined ? defaultOpenMs : rule.expiryHours * 3_600_000,
    connector: rule?.connector ?? 'agent',
  };
}
