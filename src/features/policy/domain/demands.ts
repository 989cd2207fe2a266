import {
  type ActionTier,
  checkAction,
  GATED_STAGES,
  type GuardrailDecision,
  isBuiltIn,
  type PolicyReason,
  reachesCustomer,
  restrictedLookAlike,
} from '../../guardrails/domain/index.js';
import type { Facts } from './facts.js';
import { closedGate } from './gates.js';
import type { ActionRule, Connector, DecidingRole, Policy } from './policy.js';

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

const HOUR_MS = 3_600_000;

/** The rule for a type; undefined: none. */
export const ruleOf = ({ document }: Policy, actionType: string): ActionRule | undefined =>
  // A plain object would answer for "constructor" and every other name on its prototype.
  Object.hasOwn(document.rules, actionType) ? document.rules[actionType] : undefined;

/** Who runs actions of a type under this policy. */
export const connectorOf = (policy: Policy, actionType: string): Connector =>
  ruleOf(policy, actionType)?.connector ?? 'agent';

/** Nothing that any gate looks at. */
// Stryker disable next-line ArrayDeclaration,BooleanLiteral: neither a gate nor a wish of the account changes the tier
const NO_FACTS: Facts = { dealStage: null, givenStage: null, contactTitles: [], optedOut: false };

/** The tier of a type as the policy leaves it, for display; whether an action may run is for `demandsOf` to say. */
export const policyTierOf = (policy: Policy, actionType: string): ActionTier =>
  demandsOf(policy, { actionType, facts: NO_FACTS, now: new Date(0), defaultOpenMs: 0 }).decision.tier;

/** Asks the guardrails, then the policy, which can only make the answer stricter. Budgets are asked elsewhere. */
export function demandsOf(policy: Policy, question: Question): Demands {
  const rule = ruleOf(policy, question.actionType);
  return {
    decision: decide(policy, rule, question),
    quorum: rule?.quorum ?? 1,
    requiredRole: rule?.requiredRole ?? 'approver',
    fallbackRole: rule?.fallbackRole ?? rule?.requiredRole ?? 'approver',
    openMs: rule?.expiryHours === undefined ? question.defaultOpenMs : rule.expiryHours * HOUR_MS,
    connector: connectorOf(policy, question.actionType),
  };
}

/**
 * The rules are asked in this order, and the first that applies decides: the built-in hard stops, the policy's hard
 * stops, what always needs a person (built in, by the policy, or because nobody knows the type), the stage gate, the
 * gates of the policy, what a customer asked for. A tier that would loosen a built-in type is not looked at.
 */
function decide(policy: Policy, rule: ActionRule | undefined, { actionType, facts, now }: Question): GuardrailDecision {
  const builtIn = checkAction({ actionType, dealStage: facts.dealStage });
  if (builtIn.tier === 'hard_stop') return builtIn;
  if (rule?.tier === 'hard_stop') {
    const explanation = `The tenant’s policy makes ${actionType} a hard stop: the server never runs it; a person does it.`;
    return needsHuman({ ...builtIn, tier: 'hard_stop' }, 'policy_hard_stop', explanation);
  }
  if (rule?.tier === 'approval_required' && builtIn.reason !== 'approval_required') {
    const explanation = `${actionType} waits for a person, because the tenant’s policy says so.`;
    return needsHuman({ ...builtIn, tier: 'approval_required' }, 'policy_tier', explanation);
  }
  const alone = isBuiltIn(actionType) ? builtIn : ownType(builtIn, rule, facts);
  if (!alone.allowed) return alone;
  const gate = closedGate(policy.document.gates, facts, now) ?? closedGate(rule?.gates, facts, now);
  if (gate !== undefined) {
    return needsHuman(alone, 'policy_gate', `${actionType} waits for a person, because ${gate}.`);
  }
  // An agent that records an address and then has the server write to it would choose the recipients alone.
  if (facts.knownByAgentsOnly && connectorOf(policy, actionType) === 'email') {
    const explanation = `${actionType} waits for a person, because only agents have recorded an address it goes to.`;
    return needsHuman(alone, 'policy_gate', explanation);
  }
  if (facts.optedOut && reachesCustomer(actionType, connectorOf(policy, actionType))) {
    const explanation = `${actionType} waits for a person, because the account asked not to be written to.`;
    return needsHuman(alone, 'opted_out', explanation);
  }
  return alone;
}

/** What holds for a type of the tenant's own before any gate of the policy: its tier, and the built-in stage gate. */
function ownType(unknown: GuardrailDecision, rule: ActionRule | undefined, { dealStage }: Facts): GuardrailDecision {
  const { actionType } = unknown;
  // A policy that was accepted before a built-in type became known must not outlive it.
  if (rule?.tier !== 'autonomous' || restrictedLookAlike(actionType) !== undefined) return unknown;
  // Stryker disable next-line ConditionalExpression: null is no gated stage either; the compiler wants it asked
  if (dealStage !== null && GATED_STAGES.has(dealStage)) {
    const explanation = `${actionType} waits for a person, because the deal is in the gated stage ${dealStage}.`;
    return { ...unknown, tier: 'autonomous', reason: 'stage_gate', explanation };
  }
  const explanation = `The agent may run ${actionType} alone, because the tenant’s policy says so.`;
  return { actionType, tier: 'autonomous', allowed: true, reason: 'autonomous', requiresHuman: false, explanation };
}

const needsHuman = (decision: GuardrailDecision, reason: PolicyReason, explanation: string): GuardrailDecision => ({
  ...decision,
  allowed: false,
  requiresHuman: true,
  reason,
  explanation,
});
