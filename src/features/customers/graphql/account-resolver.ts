import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { type Connection, ConnectionArgs, parsePageArgs } from '../../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../../platform/graphql/context.js';
import type { CustomerQueries } from '../queries.js';
import { AccountDealsArgs, AccountInteractionsArgs, toDealFilter, toInteractionFilter } from './inputs.js';
import { connect } from './nodes.js';
import {
  AccountType,
  ContactConnection,
  type ContactType,
  DealConnection,
  type DealType,
  InteractionConnection,
  type InteractionType,
} from './types.js';

/** What hangs on an account. Each list is a read of its own, made only when the list is asked for. */
@Resolver(() => AccountType)
export class AccountResolver {
  constructor(private readonly queries: CustomerQueries) {}

  @FieldResolver(() => ContactConnection, { description: 'The people there, by name.' })
  async contacts(
    @Ctx() context: GraphQLContext,
    @Root() account: AccountType,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<Connection<ContactType>> {
    return connect(await this.queries.contacts(context.actor(), account.id, parsePageArgs(args)));
  }

  @FieldResolver(() => DealConnection, { description: 'Its deals, newest first.' })
  async deals(
    @Ctx() context: GraphQLContext,
    @Root() account: AccountType,
    @Args(() => AccountDealsArgs) args: AccountDealsArgs,
  ): Promise<Connection<DealType>> {
    const filter = toDealFilter({ ...args, accountId: account.id });
    return connect(await this.queries.deals(context.actor(), filter, parsePageArgs(args)));
  }

  @FieldResolver(() => InteractionConnection, { description: 'Its interactions, latest first.' })
  async interactions(
    @Ctx() context: GraphQLContext,
    @Root() account: AccountType,
    @Args(() => AccountInteractionsArgs) args: AccountInteractionsArgs,
  ): Promise<Connection<InteractionType>> {
    const filter = toInteractionFilter({ ...args, accountId: account.id });
    return connect(await this.queries.interactions(context.actor(), filter, parsePageArgs(args)));
  }
}
