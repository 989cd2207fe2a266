import { type ActionTier, classifyAction, isBuiltIn } from '../../guardrails/domain/index.js';
import { policyTierOf, ruleOf } from './demands.js';
import type { Policy } from './policy.js';

/** A type that only the policy knows. */
export interface OwnType {
  readonly actionType: string;
  readonly tier: ActionTier;
  readonly description: string | null;
}

/** A built-in type that the policy puts into a stricter tier. */
export interface TightenedType {
  readonly actionType: string;
  readonly builtInTier: ActionTier;
  readonly tier: ActionTier;
}

/** How a type stands under a policy. */
export interface TypeStanding {
  readonly tier: ActionTier;
  /** Whether it is a built-in one. */
  readonly known: boolean;
  /** Whether the policy added it. */
  readonly own: boolean;
}

const typesOf = (policy: Policy): string[] => Object.keys(policy.document.rules).sort();

/** Types that the policy adds, in the order of their names. */
export const ownTypes = (policy: Policy): OwnType[] =>
  typesOf(policy)
    .filter((actionType) => !isBuiltIn(actionType))
    .map((actionType) => ({
      actionType,
      tier: policyTierOf(policy, actionType),
      description: ruleOf(policy, actionType)?.description ?? null,
    }));

/** Built-in types whose tier the policy makes stricter, in the order of their names. */
export const tightenedTypes = (policy: Policy): TightenedType[] =>
  typesOf(policy)
    .filter(isBuiltIn)
    .map((actionType) => ({
      actionType,
      builtInTier: classifyAction(actionType),
      tier: policyTierOf(policy, actionType),
    }))
    .filter(({ builtInTier, tier }) => tier !== builtInTier);

/** For display; whether an action may run is for `demandsOf` to say. */
export function standingOf(policy: Policy, actionType: string): TypeStanding {
  const known = isBuiltIn(actionType);
  const hasRule = ruleOf(policy, actionType) !== undefined;
  return { tier: policyTierOf(policy, actionType), known, own: hasRule && !known };
}
