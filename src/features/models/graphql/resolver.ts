import { Arg, Ctx, Field, Float, Int, ObjectType, Query, Resolver, registerEnumType } from 'type-graphql';
import { z } from 'zod';
import type { Role } from '../../../kernel/actor.js';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
import { parseInput } from '../../../platform/graphql/parse.js';
import type { Purpose } from '../domain/budget.js';
import type { ModelQueries } from '../queries.js';

const ModelPurposeEnum = {
  PATTERN_DETECTION: 'pattern_detection',
  SUMMARIES: 'summaries',
  PLANNING: 'planning',
} as const satisfies Record<Uppercase<Purpose>, Purpose>;
registerEnumType(ModelPurposeEnum, {
  name: 'ModelPurpose',
  description: 'What a language model is asked for.',
  valuesConfig: {
    PATTERN_DETECTION: { description: 'Patterns in what customers wrote, beside those that rules find.' },
    SUMMARIES: { description: 'A few sentences on an account’s past weeks and months.' },
    PLANNING: { description: 'A second look at what the planner would propose.' },
  },
});

@ObjectType('ModelUsageDay', { description: 'What was used of the language model on one day for one purpose.' })
class ModelUsageDayType {
  @Field(() => Date, { description: 'First instant of the day, in UTC.' })
  day!: Date;

  @Field(() => ModelPurposeEnum, { description: 'What for.' })
  purpose!: Purpose;

  @Field(() => Int, { description: 'Questions that were asked.' })
  calls!: number;

  @Field(() => Int, { description: 'Those of which nothing usable came.' })
  failures!: number;

  @Field(() => Int, { description: 'How often the day’s budget would not have allowed a question; it was not asked.' })
  refusals!: number;

  @Field(() => Float, {
    description: 'Tokens sent, as the endpoint counts them; where it did not say, the most it can have been.',
  })
  tokensIn!: number;

  @Field(() => Float, { description: 'Tokens answered, counted likewise.' })
  tokensOut!: number;

  @Field(() => Float, { description: 'What they cost by the operator’s prices; 0 where none are set.' })
  cost!: number;
}

@ObjectType('ModelUsage', { description: 'What the tenant used of the language model.' })
class ModelUsageType {
  @Field(() => String, { nullable: true, description: 'The model; null: this server asks none.' })
  model!: string | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Tokens that the tenant may use in a day; null: this server asks no model.',
  })
  tokensPerDay!: number | null;

  @Field(() => Float, { description: 'Those taken today, with what is held for questions under way.' })
  tokensTakenToday!: number;

  @Field(() => [ModelUsageDayType], { description: 'By day and purpose, the newest day first.' })
  days!: readonly ModelUsageDayType[];
}

const MAX_DAYS = 366;
const ADMINS: readonly Role[] = ['admin'];
const daysInput = z.object({ days: z.int().min(1).max(MAX_DAYS) });

@Resolver()
export class ModelResolver {
  constructor(private readonly queries: ModelQueries) {}

  @Query(() => ModelUsageType, {
    description: 'What the tenant used of the language model: questions, tokens, cost, by day and purpose. For admins.',
  })
  async modelUsage(
    @Ctx() context: GraphQLContext,
    @Arg('days', () => Int, {
      defaultValue: 30,
      description: `How many days back, today included, from 1 to ${MAX_DAYS}.`,
    })
    given: number,
  ): Promise<ModelUsageType> {
    const actor = authorize(context, 'modelUsage', ADMINS);
    const { days, ...usage } = await this.queries.usage(actor, parseInput(daysInput, { days: given }).days);
    return { ...usage, days: days.map(({ day, ...figures }) => ({ ...figures, day: new Date(day) })) };
  }
}
