import { Arg, Args, Ctx, Field, FieldResolver, ID, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { notFound } from '../../../kernel/errors.js';
import { isId } from '../../../kernel/ids.js';
import { type Connection, ConnectionArgs, parsePageArgs, toConnection } from '../../../platform/graphql/connection.js';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
import { AccountType, type CustomerQueries, toAccount } from '../../customers/index.js';
import { FULL_DAYS, WEEKLY_DAYS } from '../domain/view.js';
import type { CustomerViewQueries } from '../queries.js';
import { PeriodSummaryType, SignalType, TimelineConnection, type TimelineEntryType, toEntry } from './types.js';

@ObjectType('CustomerView', {
  description: 'All that is known of one customer. Each part is one read, made only when it is asked for.',
})
class CustomerViewType {
  @Field(() => AccountType, { description: 'The account, with its contacts and deals.' })
  account!: AccountType;

  /** Whether the timeline goes back to the beginning. */
  isFull!: boolean;
}

/** One customer over all channels. */
@Resolver(() => CustomerViewType)
export class CustomerViewResolver {
  constructor(
    private readonly views: CustomerViewQueries,
    private readonly customers: CustomerQueries,
  ) {}

  @Query(() => CustomerViewType, {
    description:
      'One customer over all channels: timeline with the agents’ actions and their outcomes, summaries of what is older, signals, contacts, deals.',
  })
  async customerView(
    @Ctx() context: GraphQLContext,
    @Arg('accountId', () => ID, { description: 'The account.' }) accountId: string,
    @Arg('full', () => Boolean, {
      defaultValue: false,
      description: `Whether \`timeline\` goes back to the beginning; otherwise ${FULL_DAYS} days.`,
    })
    isFull: boolean,
  ): Promise<CustomerViewType> {
    const actor = authorize(context, 'customerView');
    if (!isId(accountId)) throw notFound('account', accountId);
    const account = await this.customers.account(actor, accountId);
    return { account: toAccount(actor, this.customers)(account), isFull };
  }

  @FieldResolver(() => TimelineConnection, {
    description: 'Everything that happened, over all channels, oldest first; what is planned stands at the end.',
  })
  async timeline(
    @Ctx() context: GraphQLContext,
    @Root() { account, isFull }: CustomerViewType,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<Connection<TimelineEntryType>> {
    const actor = context.actor();
    const range = this.views.rangeOf(account.id, isFull);
    const page = await this.views.timeline(actor, range, parsePageArgs(args));
    const edges = page.edges.map(({ cursor, node }) => ({ cursor, node: toEntry(node) }));
    return toConnection({ ...page, edges }, () => this.views.timelineLength(actor, range));
  }

  @FieldResolver(() => [PeriodSummaryType], {
    description: `The time before the last ${FULL_DAYS} days, oldest first: by week back to ${WEEKLY_DAYS} days ago, by month before that. Periods in which nothing happened are left out.`,
  })
  async earlier(
    @Ctx() context: GraphQLContext,
    @Root() { account }: CustomerViewType,
  ): Promise<readonly PeriodSummaryType[]> {
    return this.views.periods(context.actor(), account.id);
  }

  @FieldResolver(() => [SignalType], {
    description:
      'What was said last about each thing, newest first. Where channels disagree, what was said last holds.',
  })
  async signals(@Ctx() context: GraphQLContext, @Root() { account }: CustomerViewType): Promise<readonly SignalType[]> {
    return this.views.signals(context.actor(), account.id);
  }
}
