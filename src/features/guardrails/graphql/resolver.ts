import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
import { parseActionType } from '../domain/action-type.js';
import { checkAction } from '../domain/check.js';
import { GATED_STAGES } from '../domain/deal-stage.js';
import {
  ACTION_TIERS,
  ACTION_TYPES_BY_TIER,
  classifyAction,
  isBuiltIn,
  TIER_DESCRIPTIONS,
} from '../domain/registry.js';
import { RESTRICTION_REASONS } from '../domain/restrictions.js';
import { CheckActionInput, ClassifiedActionType, GuardrailDecisionType, GuardrailsType } from './types.js';

/** Reads the guardrails. Open to every signed-in caller; records nothing. */
@Resolver()
export class GuardrailsResolver {
  @Query(() => GuardrailsType, {
    description: 'The guardrails as they stand: tiers, stage gate, and why each restricted type needs a person.',
  })
  guardrails(@Ctx() context: GraphQLContext): GuardrailsType {
    authorize(context, 'guardrails');
    return {
      tiers: ACTION_TIERS.map((tier) => ({
        tier,
        description: TIER_DESCRIPTIONS[tier],
        actionTypes: ACTION_TYPES_BY_TIER[tier],
      })),
      gatedStages: [...GATED_STAGES],
      restrictedActionTypes: [...RESTRICTION_REASONS].map(([actionType, reason]) => ({
        actionType,
        tier: classifyAction(actionType),
        reason,
      })),
    };
  }

  @Query(() => ClassifiedActionType, {
    description: 'The tier of an action type, for display. Whether an action may run is for `checkAction` to say.',
  })
  classifyAction(
    @Ctx() context: GraphQLContext,
    @Arg('actionType', () => String, {
      description: 'A lower-case letter, then at most 63 lower-case letters, digits or underscores. Never corrected.',
    })
    raw: string,
  ): ClassifiedActionType {
    authorize(context, 'classifyAction');
    const actionType = parseActionType(raw, ['actionType']);
    return { actionType, tier: classifyAction(actionType), known: isBuiltIn(actionType) };
  }

  @Query(() => GuardrailDecisionType, {
    description: 'A dry run: what the guardrails would say to such an action. Proposes and records nothing.',
  })
  checkAction(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => CheckActionInput, { description: 'The action to check.' }) input: CheckActionInput,
  ): GuardrailDecisionType {
    authorize(context, 'checkAction');
    const actionType = parseActionType(input.actionType, ['input', 'actionType']);
    return checkAction({ actionType, dealStage: input.dealStage ?? null });
  }
}
