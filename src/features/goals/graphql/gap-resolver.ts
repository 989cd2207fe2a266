import { Ctx, Field, FieldResolver, Float, ID, Int, ObjectType, Resolver, Root } from 'type-graphql';
import type { GraphQLContext } from '../../../platform/graphql/context.js';
import { DealStageEnum } from '../../guardrails/index.js';
import { type GapAccount, MAX_GAP_ACCOUNTS, type OpenStage } from '../domain/gap.js';
import type { GoalQueries } from '../queries.js';
import { GoalStandingType } from './types.js';

@ObjectType('GapAccount', { description: 'An account to work on for a goal that is behind, and why.' })
class GapAccountType implements GapAccount {
  @Field(() => ID, { description: 'The account.' })
  accountId!: string;

  @Field(() => String, { description: 'Its name.' })
  accountName!: string;

  @Field(() => Float, {
    nullable: true,
    description: 'Sum of the known values of its open deals; null when it has none or none has a value.',
  })
  openValue!: number | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The open deal to work on, the one that would bring most; null for a pipeline or activity goal, which is about no one deal.',
  })
  dealId!: string | null;

  @Field(() => DealStageEnum, {
    nullable: true,
    description: 'Furthest stage of its open deals; null when it has none.',
  })
  stage!: OpenStage | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Whole days since the newest completed interaction; null when none is stored.',
  })
  silentDays!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'What it would likely bring, in the unit of the goal. Revenue: the values of its open deals by how likely deals in their stage are won (a rule of thumb: 10 to 75 %), down to half of that the longer it is silent. Activity: 1. Otherwise null: nobody can say.',
  })
  expectedGain!: number | null;

  @Field(() => String, { description: 'The same in words.' })
  reason!: string;
}

/** What would close a goal's gap; looked for only when it is asked for. */
@Resolver(() => GoalStandingType)
export class GoalGapResolver {
  constructor(private readonly queries: GoalQueries) {}

  @FieldResolver(() => [GapAccountType], {
    description: `The accounts whose work would close the gap most, the best first: as many as it takes, at most ${MAX_GAP_ACCOUNTS}. Empty unless the goal is active and behind.`,
  })
  async accounts(@Ctx() context: GraphQLContext, @Root() standing: GoalStandingType): Promise<readonly GapAccount[]> {
    if (standing.suggestions.length === 0) return [];
    return this.queries.gapAccounts(context.actor(), standing.goal);
  }
}
