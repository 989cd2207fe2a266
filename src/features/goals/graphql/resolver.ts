import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { Role } from '../../../kernel/actor.js';
import { notFound } from '../../../kernel/errors.js';
import { isId } from '../../../kernel/ids.js';
import { type Connection, parsePageArgs, toConnection } from '../../../platform/graphql/connection.js';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
import { idInput } from '../../../platform/graphql/fields.js';
import { parseInput } from '../../../platform/graphql/parse.js';
import type { GoalFilter } from '../ports.js';
import { type GoalQueries, MAX_STANDINGS } from '../queries.js';
import type { GoalService } from '../service.js';
import {
  CancelGoalInput,
  CreateGoalInput,
  cancelInput,
  createInput,
  GoalsArgs,
  progressInput,
  UpdateGoalProgressInput,
} from './inputs.js';
import { GoalConnection, GoalNode, GoalStandingType, toGoal, toStanding } from './types.js';

const SETTERS: readonly Role[] = ['manager', 'admin'];
const MOVERS: readonly Role[] = ['agent', 'manager', 'admin'];

@Resolver()
export class GoalResolver {
  constructor(
    private readonly goalService: GoalService,
    private readonly queries: GoalQueries,
  ) {}

  @Query(() => GoalNode, { description: 'One goal.' })
  async goal(
    @Ctx() context: GraphQLContext,
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
  ): Promise<GoalNode> {
    const actor = authorize(context, 'goal');
    if (!isId(id)) throw notFound('goal', id);
    return toGoal(await this.queries.goal(actor, id));
  }

  @Query(() => GoalConnection, { description: 'Goals, newest first.' })
  async goals(@Ctx() context: GraphQLContext, @Args(() => GoalsArgs) args: GoalsArgs): Promise<Connection<GoalNode>> {
    const actor = authorize(context, 'goals');
    const filter = toFilter(args);
    const page = await this.queries.goals(actor, filter, parsePageArgs(args));
    const edges = page.edges.map(({ cursor, node }) => ({ cursor, node: toGoal(node) }));
    return toConnection({ ...page, edges }, () => this.queries.countGoals(actor, filter));
  }

  @Query(() => [GoalStandingType], {
    description: `How every goal stands that is not cancelled and whose period has not ended, those that end soonest first; at most ${MAX_STANDINGS}.`,
  })
  async goalStatuses(
    @Ctx() context: GraphQLContext,
    @Arg('cloneId', () => ID, { nullable: true, description: 'Only goals of this clone. Left out: all goals.' })
    cloneId: string | null | undefined,
  ): Promise<readonly GoalStandingType[]> {
    const actor = authorize(context, 'goalStatuses');
    const standings = await this.queries.standings(actor, toCloneId(cloneId));
    return standings.map(toStanding);
  }

  @Mutation(() => GoalNode, { description: 'Sets a goal. For managers and admins.' })
  async createGoal(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => CreateGoalInput, { description: 'What to reach, and by when.' }) input: CreateGoalInput,
  ): Promise<GoalNode> {
    const actor = authorize(context, 'createGoal', SETTERS);
    const { title = null, cloneId = null, current = null, ...rest } = parseInput(createInput, input);
    return toGoal(await this.goalService.create(actor, { ...rest, title, cloneId, current }));
  }

  @Mutation(() => GoalNode, {
    description:
      'Tells how far a goal has come, or has it measured from the stored data. Its status follows. For agents, managers and admins.',
  })
  async updateGoalProgress(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => UpdateGoalProgressInput, { description: 'Which goal, and how far.' })
    input: UpdateGoalProgressInput,
  ): Promise<GoalNode> {
    const actor = authorize(context, 'updateGoalProgress', MOVERS);
    const { goalId, current = null } = parseInput(progressInput, input);
    return toGoal(await this.goalService.updateProgress(actor, goalId, current));
  }

  @Mutation(() => GoalNode, { description: 'Gives up an active goal, with the reason. For managers and admins.' })
  async cancelGoal(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => CancelGoalInput, { description: 'Which goal, and why.' }) input: CancelGoalInput,
  ): Promise<GoalNode> {
    const actor = authorize(context, 'cancelGoal', SETTERS);
    const { goalId, reason } = parseInput(cancelInput, input);
    return toGoal(await this.goalService.cancel(actor, goalId, reason));
  }
}

const toCloneId = (cloneId: string | null | undefined) =>
  parseInput(idInput.optional(), cloneId ?? undefined, 'cloneId');

function toFilter({ status, type, cloneId }: GoalsArgs): GoalFilter {
  const clone = toCloneId(cloneId);
  return {
    ...(status && status.length > 0 && { status }),
    ...(type && { type }),
    ...(clone !== undefined && { cloneId: clone }),
  };
}
