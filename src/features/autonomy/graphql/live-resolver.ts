import { Args, ArgsType, Ctx, Field, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import { EVENT_TYPES, type EventType, type LogEvent } from '../../../kernel/events.js';
import { AFTER, type GraphQLContext, live } from '../../../platform/graphql/context.js';
import { idInput } from '../../../platform/graphql/fields.js';
import { parseInput } from '../../../platform/graphql/parse.js';
import { parseActionType } from '../../guardrails/index.js';
import type { ActionQueries } from '../queries.js';
import { ActionType, ApprovalType, toAction, toApproval } from './types.js';

@ObjectType({ description: 'Something happened to a request for approval.' })
class ApprovalEvent {
  @Field(() => String, { description: 'Place in the log. Keep the last one; subscribe with `after` to miss nothing.' })
  cursor!: string;

  @Field(() => Date, { description: 'When it happened.' })
  at!: Date;

  @Field(() => ApprovalType, {
    description: 'The request as it is now: for an old event it may have been decided since.',
  })
  approval!: ApprovalType;
}

@ObjectType({ description: 'Something happened to an action.' })
class ActionEvent {
  @Field(() => String, { description: 'Place in the log. Keep the last one; subscribe with `after` to miss nothing.' })
  cursor!: string;

  @Field(() => Date, { description: 'When it happened.' })
  at!: Date;

  @Field(() => String, { description: 'Who did it.' })
  actor!: string;

  @Field(() => ActionType, { description: 'The action as it is now.' })
  action!: ActionType;
}

/** Arguments of every subscription here. */
@ArgsType()
class LiveArgs {
  @Field(() => String, { nullable: true, description: AFTER })
  after?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only what concerns this account.' })
  accountId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only what is in the voice of this clone.' })
  cloneId?: string | null;

  @Field(() => String, { nullable: true, description: 'Only actions of this type, e.g. `send_proposal`.' })
  actionType?: string | null;
}

/** Every event of an action's life carries these, so that filtering looks nothing up. */
const factsOf = ({ accountId, cloneId, actionType }: LiveArgs): Readonly<Record<string, string>> => ({
  ...(accountId && { accountId: parseInput(idInput, accountId, 'accountId') }),
  ...(cloneId && { cloneId: parseInput(idInput, cloneId, 'cloneId') }),
  ...(actionType && { actionType: parseActionType(actionType, ['actionType']) }),
});
/** Arguments of `actionChanged`. */
@ArgsType()
class ActionChangedArgs extends LiveArgs {
  @Field(() => ID, { nullable: true, description: 'Only this action.' })
  actionId?: string | null;
}
const subjectOf = ({ actionId }: ActionChangedArgs): string | undefined =>
  actionId ? parseInput(idInput, actionId, 'actionId') : undefined;

const liveActions = (operation: string, types: readonly EventType[]) => live<LiveArgs>(operation, types, { factsOf });

/** Subscriptions of this feature: each a cursor over the event log; the objects are read anew for each event. */
@Resolver()
export class AutonomyLiveResolver {
  constructor(private readonly queries: ActionQueries) {}

  @Subscription(() => ApprovalEvent, {
    description:
      'Each new request for approval, as it is made; and again when half its time is over and nobody has decided, for those who may decide from then on.',
    subscribe: liveActions('approvalRequested', ['approval.requested', 'approval.escalated']),
  })
  approvalRequested(
    @Ctx() context: GraphQLContext,
    @Root() event: LogEvent,
    @Args(() => LiveArgs) _args: LiveArgs,
  ): Promise<ApprovalEvent> {
    return this.toApprovalEvent(context, event);
  }

  @Subscription(() => ApprovalEvent, {
    description: 'Each request that was approved, rejected, taken back or invalidated, or ran out, as it happens.',
    subscribe: liveActions('approvalResolved', [
      'approval.approved',
      'approval.rejected',
      'approval.expired',
      'approval.cancelled',
      'approval.invalidated',
    ]),
  })
  approvalResolved(
    @Ctx() context: GraphQLContext,
    @Root() event: LogEvent,
    @Args(() => LiveArgs) _args: LiveArgs,
  ): Promise<ApprovalEvent> {
    return this.toApprovalEvent(context, event);
  }

  @Subscription(() => ActionEvent, {
    description: 'Every change of an action: proposed, edited, decided, claimed, ended.',
    subscribe: live<ActionChangedArgs>(
      'actionChanged',
      EVENT_TYPES.filter((type) => type.startsWith('action.') || type.startsWith('approval.')),
      { factsOf, subjectOf },
    ),
  })
  async actionChanged(
    @Ctx() context: GraphQLContext,
    @Root() event: LogEvent,
    @Args(() => ActionChangedArgs) _args: ActionChangedArgs,
  ): Promise<ActionEvent> {
    const { cursor, at, actor } = event;
    return { cursor, at, actor, action: toAction(await this.queries.action(context.actor(), event.subjectId)) };
  }

  private async toApprovalEvent(context: GraphQLContext, { cursor, at, data }: LogEvent): Promise<ApprovalEvent> {
    const approval = await this.queries.approval(context.actor(), String(data.approvalId));
    return { cursor, at, approval: toApproval(approval) };
  }
}
