import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Role } from '../../../kernel/actor.js';
import { notFound } from '../../../kernel/errors.js';
import { isId } from '../../../kernel/ids.js';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
import { parseInput } from '../../../platform/graphql/parse.js';
import { ActionType, type DispatchService, toAction } from '../../autonomy/index.js';
import type { ConnectorService } from '../connectors.js';
import type { AttemptQueries } from '../queries.js';
import {
  ConnectorConfiguration,
  ExecutionAttempt,
  SetConnectorInput,
  SetConnectorPayload,
  setConnectorInput,
  toAttempt,
  toConnector,
} from './types.js';

const DISPATCHERS: readonly Role[] = ['agent', 'manager', 'admin'];
const RETRIERS: readonly Role[] = ['manager', 'admin'];

/** What the server runs by itself: its connectors, what they tried, and trying once more. */
@Resolver(() => ActionType)
export class ExecutionResolver {
  constructor(
    private readonly connectorService: ConnectorService,
    private readonly dispatch: DispatchService,
    private readonly attemptQueries: AttemptQueries,
  ) {}

  @FieldResolver(() => [ExecutionAttempt], {
    description: 'What its connector tried, the first attempt first; empty where an agent runs it.',
  })
  async attempts(@Root() action: ActionType, @Ctx() context: GraphQLContext): Promise<ExecutionAttempt[]> {
    if (action.connector === 'agent') return [];
    return (await this.attemptQueries.ofAction(context.actor(), action.id)).map(toAttempt);
  }

  @Query(() => [ConnectorConfiguration], { description: 'The tenant’s connectors, without their secrets. For admins.' })
  async connectors(@Ctx() context: GraphQLContext): Promise<ConnectorConfiguration[]> {
    const actor = authorize(context, 'connectors', ['admin']);
    return (await this.connectorService.all(actor)).map(toConnector);
  }

  @Mutation(() => SetConnectorPayload, {
    description: 'Lays down how the tenant’s webhook is reached, or how its emails are sent. For admins.',
  })
  async setConnector(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => SetConnectorInput, { description: 'The connector.' }) input: SetConnectorInput,
  ): Promise<SetConnectorPayload> {
    const actor = authorize(context, 'setConnector', ['admin']);
    const { connector, secret } = await this.connectorService.set(actor, parseInput(setConnectorInput, input));
    return { connector: toConnector(connector), secret };
  }

  @Mutation(() => ActionType, {
    description:
      'Lets the connector of an allowed or approved action run it now. It is queued by itself when it is allowed or signed; this only hurries, and only managers and admins before the next attempt is due. For agents, managers and admins.',
  })
  async executeAction(
    @Ctx() context: GraphQLContext,
    @Arg('actionId', () => ID, { description: 'The action.' }) actionId: string,
  ): Promise<ActionType> {
    const actor = authorize(context, 'executeAction', DISPATCHERS);
    if (!isId(actionId)) throw notFound('action', actionId);
    return toAction(await this.dispatch.execute(actor, actionId.toLowerCase()));
  }

  @Mutation(() => ActionType, {
    description:
      'Lets the connector try an action that it gave up (FAILED) once more, unless a person said that it did not run. Everything is checked again. For managers and admins.',
  })
  async retryAction(
    @Ctx() context: GraphQLContext,
    @Arg('actionId', () => ID, { description: 'The action.' }) actionId: string,
  ): Promise<ActionType> {
    const actor = authorize(context, 'retryAction', RETRIERS);
    if (!isId(actionId)) throw notFound('action', actionId);
    return toAction(await this.dispatch.retry(actor, actionId.toLowerCase()));
  }
}
