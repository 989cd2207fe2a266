import { Arg, Args, Ctx, ID, Query, Resolver } from 'type-graphql';
import { notFound } from '../../../kernel/errors.js';
import { isId } from '../../../kernel/ids.js';
import { type Connection, parsePageArgs } from '../../../platform/graphql/connection.js';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
import type { CustomerQueries } from '../queries.js';
import {
  AccountsArgs,
  DealsArgs,
  InteractionsArgs,
  toAccountFilter,
  toDealFilter,
  toInteractionFilter,
} from './inputs.js';
import { connect, toAccount } from './nodes.js';
import {
  AccountConnection,
  AccountType,
  DealConnection,
  DealType,
  InteractionConnection,
  type InteractionType,
} from './types.js';

/** Reads customers. Open to every signed-in caller. */
@Resolver()
export class CustomersResolver {
  constructor(private readonly queries: CustomerQueries) {}

  @Query(() => AccountType, { description: 'One account.' })
  async account(
    @Ctx() context: GraphQLContext,
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
  ): Promise<AccountType> {
    const actor = authorize(context, 'account');
    if (!isId(id)) throw notFound('account', id);
    return toAccount(actor, this.queries)(await this.queries.account(actor, id));
  }

  @Query(() => AccountConnection, { description: 'Accounts, by name.' })
  async accounts(
    @Ctx() context: GraphQLContext,
    @Args(() => AccountsArgs) args: AccountsArgs,
  ): Promise<Connection<AccountType>> {
    const actor = authorize(context, 'accounts');
    const found = await this.queries.accounts(actor, toAccountFilter(args), parsePageArgs(args));
    return connect(found, toAccount(actor, this.queries));
  }

  @Query(() => DealType, { description: 'One deal.' })
  async deal(
    @Ctx() context: GraphQLContext,
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
  ): Promise<DealType> {
    const actor = authorize(context, 'deal');
    if (!isId(id)) throw notFound('deal', id);
    return this.queries.deal(actor, id);
  }

  @Query(() => DealConnection, { description: 'Deals, newest first.' })
  async deals(@Ctx() context: GraphQLContext, @Args(() => DealsArgs) args: DealsArgs): Promise<Connection<DealType>> {
    const actor = authorize(context, 'deals');
    return connect(await this.queries.deals(actor, toDealFilter(args), parsePageArgs(args)));
  }

  @Query(() => InteractionConnection, { description: 'Interactions, latest first.' })
  async interactions(
    @Ctx() context: GraphQLContext,
    @Args(() => InteractionsArgs) args: InteractionsArgs,
  ): Promise<Connection<InteractionType>> {
    const actor = authorize(context, 'interactions');
    return connect(await this.queries.interactions(actor, toInteractionFilter(args), parsePageArgs(args)));
  }
}
