import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { Role } from '../../../kernel/actor.js';
import { notFound } from '../../../kernel/errors.js';
import { isId } from '../../../kernel/ids.js';
import { type Connection, parsePageArgs, toConnection } from '../../../platform/graphql/connection.js';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
import { parseInput } from '../../../platform/graphql/parse.js';
import type { InsightQueries } from '../queries.js';
import type { InsightService } from '../service.js';
import {
  DismissInsightInput,
  dismissInput,
  feedbackInput,
  GiveInsightFeedbackInput,
  InsightsArgs,
  toInsightFilter,
} from './inputs.js';
import {
  GiveInsightFeedbackPayload,
  InsightConnection,
  InsightNode,
  PatternThresholdType,
  toInsight,
} from './types.js';

/** Agents act on insights; whether one was worth it is for people to say. */
const JUDGES: readonly Role[] = ['approver', 'manager', 'admin'];

@Resolver()
export class InsightResolver {
  constructor(
    private readonly service: InsightService,
    private readonly queries: InsightQueries,
  ) {}

  @Query(() => InsightNode, { description: 'One insight.' })
  async insight(
    @Ctx() context: GraphQLContext,
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
  ): Promise<InsightNode> {
    const actor = authorize(context, 'insight');
    if (!isId(id)) throw notFound('insight', id);
    return toInsight(await this.queries.insight(actor, id));
  }

  @Query(() => InsightConnection, { description: 'Patterns that were found, newest first.' })
  async insights(
    @Ctx() context: GraphQLContext,
    @Args(() => InsightsArgs) args: InsightsArgs,
  ): Promise<Connection<InsightNode>> {
    const actor = authorize(context, 'insights');
    const filter = toInsightFilter(args);
    const page = await this.queries.insights(actor, filter, parsePageArgs(args));
    const edges = page.edges.map(({ cursor, node }) => ({ cursor, node: toInsight(node) }));
    return toConnection({ ...page, edges }, () => this.queries.countInsights(actor, filter));
  }

  @Query(() => [PatternThresholdType], {
    description: 'From which confidence on each type of pattern is reported, and the feedback behind it.',
  })
  async patternThresholds(@Ctx() context: GraphQLContext): Promise<readonly PatternThresholdType[]> {
    return this.queries.thresholds(authorize(context, 'patternThresholds'));
  }

  @Mutation(() => GiveInsightFeedbackPayload, {
    description:
      'Says whether an insight was useful, which moves the threshold of its type. Each person counts once for an insight; the last word holds. For approvers, managers and admins.',
  })
  async giveInsightFeedback(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => GiveInsightFeedbackInput, { description: 'Which insight, and what you think.' })
    input: GiveInsightFeedbackInput,
  ): Promise<GiveInsightFeedbackPayload> {
    const actor = authorize(context, 'giveInsightFeedback', JUDGES);
    const { insightId, verdict } = parseInput(feedbackInput, input);
    const { insight, ...threshold } = await this.service.giveFeedback(actor, insightId, verdict);
    return { insight: toInsight(insight), threshold };
  }

  @Mutation(() => InsightNode, {
    description: 'No action is to come of an insight. For approvers, managers and admins.',
  })
  async dismissInsight(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => DismissInsightInput, { description: 'Which insight, and why.' }) input: DismissInsightInput,
  ): Promise<InsightNode> {
    const actor = authorize(context, 'dismissInsight', JUDGES);
    const { insightId, reason } = parseInput(dismissInput, input);
    return toInsight(await this.service.dismiss(actor, insightId, reason));
  }
}
