import { Args, ArgsType, Ctx, Field, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { LogEvent } from '../../../kernel/events.js';
import { AFTER, type GraphQLContext, live } from '../../../platform/graphql/context.js';
import { idInput } from '../../../platform/graphql/fields.js';
import { parseInput } from '../../../platform/graphql/parse.js';
import type { PatternType, Severity } from '../domain/pattern.js';
import type { InsightQueries } from '../queries.js';
import { PatternTypeEnum, SeverityEnum } from './enums.js';
import { InsightNode, toInsight } from './types.js';

@ObjectType({ description: 'An insight was raised, or what it shows has become more severe.' })
class InsightEvent {
  @Field(() => String, { description: 'Place in the log. Keep the last one; subscribe with `after` to miss nothing.' })
  cursor!: string;

  @Field(() => Date, { description: 'When it happened.' })
  at!: Date;

  @Field(() => InsightNode, { description: 'The insight as it is now.' })
  insight!: InsightNode;
}

@ArgsType()
class InsightLiveArgs {
  @Field(() => String, { nullable: true, description: AFTER })
  after?: string | null;

  @Field(() => [SeverityEnum], {
    nullable: true,
    description: 'Only of one of these. Left out or empty: HIGH and CRITICAL.',
  })
  severity?: Severity[] | null;

  @Field(() => PatternTypeEnum, { nullable: true, description: 'Only of this type.' })
  type?: PatternType | null;

  @Field(() => ID, { nullable: true, description: 'Only of this account; themes are not among them.' })
  accountId?: string | null;
}

/** What interrupts people, unless they ask for something else. */
const INTERRUPTING: readonly Severity[] = ['high', 'critical'];

/** Every event of an insight carries these, so that filtering looks nothing up. */
const factsOf = ({ severity, type, accountId }: InsightLiveArgs) => ({
  severity: severity && severity.length > 0 ? severity : INTERRUPTING,
  ...(type && { pattern: type }),
  ...(accountId && { accountId: parseInput(idInput, accountId, 'accountId') }),
});

/** Insights as they are found: a cursor over the event log; each is read anew for each event. */
@Resolver()
export class InsightLiveResolver {
  constructor(private readonly queries: InsightQueries) {}

  @Subscription(() => InsightEvent, {
    description:
      'Each insight as it is raised, and again when it becomes more severe. High and critical ones, unless you ask for others.',
    subscribe: live<InsightLiveArgs>('insightRaised', ['insight.raised', 'insight.escalated'], { factsOf }),
  })
  async insightRaised(
    @Ctx() context: GraphQLContext,
    @Root() { cursor, at, subjectId }: LogEvent,
    @Args(() => InsightLiveArgs) _args: InsightLiveArgs,
  ): Promise<InsightEvent> {
    return { cursor, at, insight: toInsight(await this.queries.insight(context.actor(), subjectId)) };
  }
}
