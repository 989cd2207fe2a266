import { Arg, Ctx, Field, ID, InputType, Query, Resolver } from 'type-graphql';
import { z } from 'zod';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
import { idInput } from '../../../platform/graphql/fields.js';
import { parseInput } from '../../../platform/graphql/parse.js';
import {
  DEAL_STAGES,
  type DealStage,
  DealStageEnum,
  GuardrailDecisionType,
  parseActionType,
} from '../../guardrails/index.js';
import type { CheckService } from '../check.js';

@InputType('CheckActionInput', { description: 'The action to check.' })
class CheckActionInput {
  @Field(() => String, {
    description:
      'The action type: a lower-case letter, then at most 63 lower-case letters, digits or underscores. Never corrected.',
  })
  actionType!: string;

  @Field(() => DealStageEnum, {
    nullable: true,
    description:
      'The stage of the deal the action is about, where that is not stored here. Leave it out when it is about no deal.',
  })
  dealStage?: DealStage | null;

  @Field(() => ID, { nullable: true, description: 'The account it would concern.' })
  accountId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The deal it would concern; its stored stage and value count.' })
  dealId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The clone in whose voice it would be.' })
  cloneId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The contact it would be addressed to.' })
  contactId?: string | null;
}

const checkInput = z.object({
  actionType: z.string(),
  dealStage: z.enum(DEAL_STAGES).nullable().default(null),
  accountId: idInput.nullable().default(null),
  dealId: idInput.nullable().default(null),
  cloneId: idInput.nullable().default(null),
  contactId: idInput.nullable().default(null),
});

/** The dry run of a proposal. Open to every signed-in caller; records nothing. */
@Resolver()
export class CheckResolver {
  constructor(private readonly checks: CheckService) {}

  @Query(() => GuardrailDecisionType, {
    description:
      'A dry run: what the guardrails, the tenant’s policy and its budgets would say to such an action now. Proposes and records nothing.',
  })
  checkAction(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => CheckActionInput, { description: 'The action to check.' }) input: CheckActionInput,
  ): Promise<GuardrailDecisionType> {
    const actor = authorize(context, 'checkAction');
    const parsed = parseInput(checkInput, input);
    const actionType = parseActionType(parsed.actionType, ['input', 'actionType']);
    return this.checks.check(actor, { ...parsed, actionType });
  }
}
