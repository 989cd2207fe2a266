import { Field, Int, ObjectType } from 'type-graphql';
import type { DecisionReason } from '../domain/check.js';
import type { DealStage } from '../domain/deal-stage.js';
import type { ActionTier } from '../domain/registry.js';
import { ActionTierEnum, DealStageEnum, GuardrailReasonEnum } from './enums.js';

/** Field for field the domain's `GuardrailDecision`, so that a decision can be returned as it is. */
@ObjectType('GuardrailDecision', { description: 'What the guardrails say about one action at one moment.' })
export class GuardrailDecisionType {
  @Field(() => String, { description: 'The type that was checked, exactly as it was sent.' })
  actionType!: string;

  @Field(() => ActionTierEnum, { description: 'The tier of the type. APPROVAL_REQUIRED when the type is unknown.' })
  tier!: ActionTier;

  @Field(() => Boolean, { description: 'Whether the agent may run the action now, with nobody else involved.' })
  allowed!: boolean;

  @Field(() => GuardrailReasonEnum, { description: 'Which rule decided.' })
  reason!: DecisionReason;

  @Field(() => Boolean, {
    description: 'Whether a person is needed: to approve the action or, for a hard stop, to do it without the server.',
  })
  requiresHuman!: boolean;

  @Field(() => String, { description: 'The decision in words, for people. Programs should read `reason`.' })
  explanation!: string;
}

/** Answer of `classifyAction`. */
@ObjectType('ClassifiedAction', { description: 'An action type and its tier.' })
export class ClassifiedActionType {
  @Field(() => String, { description: 'The type, exactly as it was sent.' })
  actionType!: string;

  @Field(() => ActionTierEnum, {
    description: 'Its tier, as the tenant’s policy leaves it. APPROVAL_REQUIRED when nobody knows the type.',
  })
  tier!: ActionTier;

  @Field(() => Boolean, { description: 'Whether the type is one of the built-in ones.' })
  known!: boolean;

  @Field(() => Boolean, { description: 'Whether it is a type of the tenant’s own: the policy has a rule for it.' })
  own!: boolean;
}

/** Part of `Guardrails`. */
@ObjectType('OwnActionType', { description: 'A type of action that the tenant’s policy adds to the built-in ones.' })
export class OwnActionTypeType {
  @Field(() => String, { description: 'The action type.' })
  actionType!: string;

  @Field(() => ActionTierEnum, { description: 'Its tier.' })
  tier!: ActionTier;

  @Field(() => String, { nullable: true, description: 'What it means, as the policy says.' })
  description!: string | null;
}

/** Part of `Guardrails`. */
@ObjectType('TightenedActionType', { description: 'A built-in type that the tenant’s policy puts in a stricter tier.' })
export class TightenedActionTypeType {
  @Field(() => String, { description: 'The action type.' })
  actionType!: string;

  @Field(() => ActionTierEnum, { description: 'Its tier everywhere else.' })
  builtInTier!: ActionTier;

  @Field(() => ActionTierEnum, { description: 'Its tier in this tenant.' })
  tier!: ActionTier;
}

/** Part of `Guardrails`. */
@ObjectType('GuardrailTier', { description: 'A tier and the built-in action types in it.' })
export class GuardrailTierType {
  @Field(() => ActionTierEnum, { description: 'The tier.' })
  tier!: ActionTier;

  @Field(() => String, { description: 'What the tier means for an action.' })
  description!: string;

  @Field(() => [String], { description: 'Its built-in action types. Each type is in exactly one tier.' })
  actionTypes!: readonly string[];
}

/** Part of `Guardrails`. */
@ObjectType('RestrictedActionType', { description: 'A built-in action type that an agent never runs on its own.' })
export class RestrictedActionTypeType {
  @Field(() => String, { description: 'The action type.' })
  actionType!: string;

  @Field(() => ActionTierEnum, { description: 'APPROVAL_REQUIRED or HARD_STOP.' })
  tier!: ActionTier;

  @Field(() => String, { description: 'Why a person is needed, in one sentence.' })
  reason!: string;
}

/** Answer of `guardrails`. */
@ObjectType('Guardrails', {
  description:
    'The rules that decide what an agent may do alone: the built-in ones, the same for everyone, and what the tenant’s policy adds.',
})
export class GuardrailsType {
  @Field(() => [GuardrailTierType], { description: 'Every tier with its action types.' })
  tiers!: readonly GuardrailTierType[];

  @Field(() => [DealStageEnum], {
    description: 'The stage gate: about a deal in one of these stages, even an autonomous action waits for a person.',
  })
  gatedStages!: readonly DealStage[];

  @Field(() => [RestrictedActionTypeType], {
    description: 'Every built-in type that needs a person, with the reason.',
  })
  restrictedActionTypes!: readonly RestrictedActionTypeType[];

  @Field(() => Int, { description: 'Version of the tenant’s policy; `policy` gives it as a whole, with its gates.' })
  policyVersion!: number;

  @Field(() => [OwnActionTypeType], { description: 'Types of the tenant’s own, by name.' })
  ownActionTypes!: readonly OwnActionTypeType[];

  @Field(() => [TightenedActionTypeType], { description: 'Built-in types that are stricter here, by name.' })
  tightenedActionTypes!: readonly TightenedActionTypeType[];
}
