import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
import {
  ACTION_TIERS,
  ACTION_TYPES_BY_TIER,
  ClassifiedActionType,
  classifyAction,
  GATED_STAGES,
  GuardrailsType,
  parseActionType,
  RESTRICTION_REASONS,
  TIER_DESCRIPTIONS,
} from '../../guardrails/index.js';
import { ownTypes, tightenedTypes } from '../domain/additions.js';
import type { RulesService } from '../rules.js';

/** Reads the guardrails as they hold in the caller's tenant. Open to every signed-in caller; records nothing. */
@Resolver()
export class GuardrailsResolver {
  constructor(private readonly rules: RulesService) {}

  @Query(() => GuardrailsType, {
    description:
      'The guardrails as they stand: tiers, stage gate, why each restricted type needs a person, and what the tenant’s policy adds.',
  })
  async guardrails(@Ctx() context: GraphQLContext): Promise<GuardrailsType> {
    const actor = authorize(context, 'guardrails');
    const policy = await this.rules.policy(actor);
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
      policyVersion: policy.version,
      ownActionTypes: ownTypes(policy),
      tightenedActionTypes: tightenedTypes(policy),
    };
  }

  @Query(() => ClassifiedActionType, {
    description: 'The tier of an action type, for display. Whether an action may run is for `checkAction` to say.',
  })
  async classifyAction(
    @Ctx() context: GraphQLContext,
    @Arg('actionType', () => String, {
      description: 'A lower-case letter, then at most 63 lower-case letters, digits or underscores. Never corrected.',
    })
    raw: string,
  ): Promise<ClassifiedActionType> {
    const actor = authorize(context, 'classifyAction');
    const actionType = parseActionType(raw, ['actionType']);
    return { actionType, ...(await this.rules.classify(actor, actionType)) };
  }
}
