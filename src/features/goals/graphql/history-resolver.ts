import { Args, Ctx, Field, FieldResolver, Float, ID, Int, ObjectType, Resolver, Root } from 'type-graphql';
import {
  type Connection,
  ConnectionArgs,
  connectionOf,
  parsePageArgs,
  toConnection,
} from '../../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../../platform/graphql/context.js';
import { CONFIDENCE, type Forecast, type ForecastStatus, MIN_STEPS } from '../domain/forecast.js';
import type { GoalSource } from '../domain/goal.js';
import type { GoalQueries } from '../queries.js';
import { GoalForecastStatusEnum, GoalSourceEnum } from './enums.js';
import { GoalNode } from './types.js';

@ObjectType('GoalPoint', { description: 'Where a goal stood at one instant.' })
class GoalPointType {
  @Field(() => ID, { description: 'Stable identifier.' })
  id!: string;

  @Field(() => Date, { description: 'When.' })
  at!: Date;

  @Field(() => Float, { description: 'The value reached by then.' })
  current!: number;

  @Field(() => GoalSourceEnum, { description: 'Where the value came from.' })
  source!: GoalSource;
}

const GoalPointConnection = connectionOf('GoalPoint', () => GoalPointType);

@ObjectType('GoalForecast', {
  description:
    'Where a goal is going if it goes on as so far, in the unit of the goal: as a random walk with drift through where it stood. What cannot be known is null, never a guess.',
})
class GoalForecastType {
  @Field(() => GoalForecastStatusEnum, { description: 'Whether it can be forecast, and why not.' })
  status!: ForecastStatus;

  @Field(() => Int, {
    description: `Steps between the standpoints that it rests on, at most one a day; ${MIN_STEPS} are needed.`,
  })
  steps!: number;

  @Field(() => Float, { nullable: true, description: 'Mean gain in a day over the history.' })
  pacePerDay!: number | null;

  @Field(() => Float, { nullable: true, description: 'Mean gain in seven days over the history.' })
  pacePerWeek!: number | null;

  @Field(() => Float, { nullable: true, description: "The value at the period's end at this pace." })
  expectedEnd!: number | null;

  @Field(() => Float, { nullable: true, description: "Lower end of the interval for the value at the period's end." })
  low!: number | null;

  @Field(() => Float, { nullable: true, description: "Upper end of the interval for the value at the period's end." })
  high!: number | null;

  @Field(() => Float, { description: 'The share of outcomes that the interval from `low` to `high` is made to hold.' })
  confidence!: number;

  @Field(() => Date, {
    nullable: true,
    description:
      'When the target is met at this pace, be it after the period. Null when it is met already, or the pace does not lead there within 10 years.',
  })
  expectedMetAt!: Date | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'What it would take: the gain in a day, from now or from the start of the period on, that still meets the target in time. Needs no history. Null unless the goal is ACTIVE.',
  })
  neededPerDay!: number | null;

  @Field(() => Float, { nullable: true, description: 'The same in seven days.' })
  neededPerWeek!: number | null;
}

const DAYS_PER_WEEK = 7;
const perWeek = (perDay: number | null): number | null => (perDay === null ? null : perDay * DAYS_PER_WEEK);

const toForecast = (forecast: Forecast): GoalForecastType => ({
  ...forecast,
  pacePerWeek: perWeek(forecast.pacePerDay),
  neededPerWeek: perWeek(forecast.neededPerDay),
  confidence: CONFIDENCE,
});

/** Where a goal stood and where it is going. Each is a read of its own, made only when it is asked for. */
@Resolver(() => GoalNode)
export class GoalHistoryResolver {
  constructor(private readonly queries: GoalQueries) {}

  @FieldResolver(() => GoalPointConnection, {
    description:
      'Where it stood, oldest first: at every change and every run of `goal_progress_update`. Of past days the last point is kept; of weeks more than 90 days ago the last of the week. `last: 30` gives the newest.',
  })
  async history(
    @Ctx() context: GraphQLContext,
    @Root() goal: GoalNode,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<Connection<GoalPointType>> {
    const actor = context.actor();
    const page = await this.queries.history(actor, goal.id, parsePageArgs(args));
    return toConnection(page, () => this.queries.countHistory(actor, goal.id));
  }

  @FieldResolver(() => GoalForecastType, { description: 'Where it is going, as of now.' })
  async forecast(@Ctx() context: GraphQLContext, @Root() goal: GoalNode): Promise<GoalForecastType> {
    return toForecast(await this.queries.forecast(context.actor(), goal));
  }
}
