import { GraphQLJSONObject } from 'graphql-scalars';
import { Arg, Args, ArgsType, Ctx, Field, ID, ObjectType, Query, Resolver, registerEnumType } from 'type-graphql';
import type { Actor } from '../../../kernel/actor.js';
import { notFound } from '../../../kernel/errors.js';
import { EVENT_TYPES, type EventType, type LogEvent } from '../../../kernel/events.js';
import { isId } from '../../../kernel/ids.js';
import type { JsonObject } from '../../../kernel/json.js';
import type { Transactor } from '../../../kernel/transaction.js';
import {
  type Connection,
  ConnectionArgs,
  connectionOf,
  parsePageArgs,
  toConnection,
} from '../../../platform/graphql/connection.js';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
import type { LogFilter, LogReader } from '../ports.js';

const DESCRIPTIONS: Readonly<Record<EventType, string>> = {
  'action.allowed': 'A proposal that may run without a person.',
  'approval.requested': 'A proposal that waits for a person; or an action that was allowed, until the ground moved.',
  'approval.escalated': 'Half of a request’s time is over and nobody has decided: the fallback role may decide now.',
  'approval.edited': 'What is asked for was edited; earlier votes no longer count.',
  'approval.renewed': 'What a request stands on has changed: it has to be looked at again, with a new digest.',
  'approval.voted': 'One of several people who have to approve has done so.',
  'approval.invalidated': 'A request can no longer be granted.',
  'approval.cancelled': 'A request was taken back by who proposed the action.',
  'action.cancelled': 'An action that might have run was taken back by who proposed it.',
  'action.invalidated': 'An action that was allowed or approved will not run, because the ground has moved.',
  'action.expired': 'An approval went stale before the action was run.',
  'action.outcome_unknown': 'Whoever ran the action went silent: it may or may not have happened.',
  'action.reconciled': 'A person found out what had become of an action.',
  'action.retried': 'A connector is to try an action again.',
  'policy.changed': 'A new version of the tenant’s policy.',
  'autonomy.paused': 'The tenant, or one clone, was paused.',
  'autonomy.resumed': 'A pause was ended.',
  'delegation.created': 'Somebody lets another decide in their place for a time.',
  'delegation.revoked': 'A delegation was ended before its time.',
  'connector.changed': 'How the server reaches the outside was changed.',
  'action.blocked': 'A proposal that never runs: a hard stop.',
  'approval.approved': 'A person signed.',
  'approval.rejected': 'A person said no.',
  'approval.expired': 'Nobody decided in time.',
  'action.claimed': 'An agent took the action to run it.',
  'action.executed': 'The agent reported success.',
  'action.failed': 'The agent reported failure.',
  'goal.created': 'A goal was set.',
  'goal.progressed': 'The current value or status of a goal changed.',
  'goal.completed': 'A change brought a goal to its target.',
  'goal.missed': 'A change found a goal below target at the end of its period.',
  'goal.cancelled': 'A goal was given up.',
  'account.recorded': 'An account was created or changed.',
  'contact.recorded': 'A contact was created or changed.',
  'deal.recorded': 'A deal was created or changed.',
  'interaction.recorded': 'An interaction was created or changed.',
  'user.changed': 'Roles or owner of a principal were laid down.',
  'user.suspended': 'A principal was locked out.',
  'user.reinstated': 'A suspended principal was let in again.',
  'api_key.created': 'An API key was made.',
  'api_key.revoked': 'An API key was ended.',
  'clone.changed': 'A clone was created or changed.',
  'insight.raised': 'A pattern was found that was not known.',
  'insight.escalated': 'What a pending insight shows has become more severe.',
  'insight.acted': 'An action came of an insight.',
  'insight.dismissed': 'No action is to come of an insight, or it does not show any more.',
  'insight.feedback_given': 'Somebody said whether an insight was useful.',
  'patterns.competitors_set': 'Somebody laid down which competitors the search for patterns watches for.',
  'job.started': 'A run of a job began.',
  'job.progressed': 'A run of a job has come further.',
  'job.finished': 'A run of a job ended: completed, failed, aborted or lost.',
};
const nameOf = (type: EventType): string => type.toUpperCase().replace('.', '_');
const EventTypeEnum = Object.fromEntries(EVENT_TYPES.map((type) => [nameOf(type), type]));
registerEnumType(EventTypeEnum, {
  name: 'EventType',
  description: 'What a log row records.',
  valuesConfig: Object.fromEntries(EVENT_TYPES.map((type) => [nameOf(type), { description: DESCRIPTIONS[type] }])),
});

@ObjectType('LogEvent', {
  description: 'One row of the event log: a change, committed together with the change itself. Rows are never altered.',
})
class LogEventType {
  @Field(() => String, { description: 'Place in the log; the same cursors work in `events` and in subscriptions.' })
  cursor!: string;

  @Field(() => EventTypeEnum, { description: 'What happened.' })
  type!: EventType;

  @Field(() => ID, {
    description:
      'Id of the object it is about: an action, goal, account, contact, deal, interaction, user, API key, clone, insight or run of a job.',
  })
  subjectId!: string;

  @Field(() => GraphQLJSONObject, { description: 'Facts of the change.' })
  data!: JsonObject;

  @Field(() => String, {
    description: 'Who made the change: a principal of the tenant, or `system:` and a part of the server.',
  })
  actor!: string;

  @Field(() => Date, { description: 'When.' })
  at!: Date;
}

const LogEventConnection = connectionOf('LogEvent', () => LogEventType);

@ArgsType()
class EventsArgs extends ConnectionArgs {
  @Field(() => [EventTypeEnum], {
    nullable: true,
    description: 'Only events of one of these types. Left out or empty: all.',
  })
  types?: EventType[] | null;
}

/** The log as people and polling clients read it. */
@Resolver()
export class AuditResolver {
  constructor(
    private readonly transactor: Transactor,
    private readonly log: LogReader,
  ) {}

  @Query(() => LogEventConnection, {
    description:
      'The event log, oldest first. Poll with `after: endCursor` to follow it without a WebSocket; `last: 1` gives the newest cursor. A cursor of the deleted part of the log gives CURSOR_EXPIRED.',
  })
  events(@Ctx() context: GraphQLContext, @Args(() => EventsArgs) args: EventsArgs): Promise<Connection<LogEvent>> {
    return this.read(authorize(context, 'events'), { types: args.types ?? undefined }, args);
  }

  @Query(() => LogEventConnection, {
    description: 'Everything that ever happened to one object, oldest first: who did what, when.',
  })
  async auditTrail(
    @Ctx() context: GraphQLContext,
    @Arg('subjectId', () => ID, { description: 'Id of an action, goal, account, contact, deal or interaction.' })
    subjectId: string,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<Connection<LogEvent>> {
    const actor = authorize(context, 'auditTrail');
    if (!isId(subjectId)) throw notFound('object', subjectId);
    const trail = await this.read(actor, { subjectId }, args);
    // Everything that exists has a row in the log, unless it is older than what is kept.
    if (trail.edges.length === 0 && !args.after && !args.before) throw notFound('object in the log', subjectId);
    return trail;
  }

  private async read(actor: Actor, filter: LogFilter, args: ConnectionArgs): Promise<Connection<LogEvent>> {
    const pageArgs = parsePageArgs(args);
    const page = await this.transactor.run(actor.tenantId, (tx) => this.log.page(tx, filter, pageArgs));
    return toConnection(page, () => this.transactor.run(actor.tenantId, (tx) => this.log.count(tx, filter)));
  }
}
