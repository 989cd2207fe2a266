import { Args, ArgsType, Ctx, Field, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import { EVENT_TYPES, type LogEvent } from '../../../kernel/events.js';
import { AFTER, type GraphQLContext, live } from '../../../platform/graphql/context.js';
import { idInput } from '../../../platform/graphql/fields.js';
import { parseInput } from '../../../platform/graphql/parse.js';
import type { GoalType } from '../domain/goal.js';
import type { GoalQueries } from '../queries.js';
import { type GoalEventKind, GoalEventKindEnum, GoalTypeEnum } from './enums.js';
import { GoalNode, toGoal } from './types.js';

@ObjectType({ description: 'Something happened to a goal.' })
class GoalEvent {
  @Field(() => String, { description: 'Place in the log. Keep the last one; subscribe with `after` to miss nothing.' })
  cursor!: string;

  @Field(() => Date, { description: 'When it happened.' })
  at!: Date;

  @Field(() => String, { description: 'Who did it.' })
  actor!: string;

  @Field(() => GoalEventKindEnum, { description: 'What happened.' })
  kind!: GoalEventKind;

  @Field(() => GoalNode, {
    description: 'The goal as it is now: for an old event it may have moved since. `auditTrail` has each step.',
  })
  goal!: GoalNode;
}

@ArgsType()
class GoalLiveArgs {
  @Field(() => String, { nullable: true, description: AFTER })
  after?: string | null;

  @Field(() => GoalTypeEnum, { nullable: true, description: 'Only goals of this type.' })
  type?: GoalType | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Only goals of this clone; goals of the whole tenant are not among them.',
  })
  cloneId?: string | null;
}

const KINDS: readonly string[] = Object.values(GoalEventKindEnum);
const isKind = (type: string): type is GoalEventKind => KINDS.includes(type);

/** Every event of a goal carries these, so that filtering looks nothing up. */
const factsOf = ({ type, cloneId }: GoalLiveArgs): Readonly<Record<string, string>> => ({
  ...(type && { goalType: type }),
  ...(cloneId && { cloneId: parseInput(idInput, cloneId, 'cloneId') }),
});

/** Goals as they change: a cursor over the event log; each goal is read anew for each event. */
@Resolver()
export class GoalLiveResolver {
  constructor(private readonly queries: GoalQueries) {}

  @Subscription(() => GoalEvent, {
    description:
      'Every change of a goal: set, moved, completed, missed, cancelled. A goal whose period ends is MISSED at once when asked for; told here when `goal_progress_update` next looks.',
    subscribe: live('goalChanged', EVENT_TYPES.filter(isKind), { factsOf }),
  })
  async goalChanged(
    @Ctx() context: GraphQLContext,
    @Root() event: LogEvent,
    @Args(() => GoalLiveArgs) _args: GoalLiveArgs,
  ): Promise<GoalEvent> {
    const { cursor, at, actor, type, subjectId } = event;
    if (!isKind(type)) throw new Error(`asked for goal events, got ${type}`);
    return { cursor, at, actor, kind: type, goal: toGoal(await this.queries.goal(context.actor(), subjectId)) };
  }
}
