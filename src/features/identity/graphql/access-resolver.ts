import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { notFound } from '../../../kernel/errors.js';
import { isId } from '../../../kernel/ids.js';
import { type Connection, ConnectionArgs, parsePageArgs, toConnection } from '../../../platform/graphql/connection.js';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
import { parseInput } from '../../../platform/graphql/parse.js';
import type { ApiKeyService } from '../api-keys.js';
import type { UserService } from '../users.js';
import {
  CreateApiKeyInput,
  createApiKeyInput,
  ReinstateUserInput,
  RevokeApiKeyInput,
  reinstateUserInput,
  revokeApiKeyInput,
  SetUserInput,
  SuspendUserInput,
  setUserInput,
  suspendUserInput,
} from './inputs.js';
import {
  ApiKeyConnection,
  ApiKeyType,
  CreateApiKeyPayload,
  toApiKey,
  toNewApiKey,
  UserConnection,
  UserType,
} from './types.js';

/** Who may call: users and API keys. */
@Resolver()
export class AccessResolver {
  constructor(
    private readonly userService: UserService,
    private readonly apiKeyService: ApiKeyService,
  ) {}

  @Query(() => UserConnection, { description: 'What is laid down about principals, by name. For admins.' })
  async users(
    @Ctx() context: GraphQLContext,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<Connection<UserType>> {
    const actor = authorize(context, 'users', ['admin']);
    const page = await this.userService.list(actor, parsePageArgs(args));
    return toConnection<UserType>(page, () => this.userService.count(actor));
  }

  @Query(() => ApiKeyConnection, { description: 'API keys, newest first, with those that have ended. For admins.' })
  async apiKeys(
    @Ctx() context: GraphQLContext,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<Connection<ApiKeyType>> {
    const actor = authorize(context, 'apiKeys', ['admin']);
    const page = await this.apiKeyService.list(actor, parsePageArgs(args));
    const edges = page.edges.map(({ cursor, node }) => ({ cursor, node: toApiKey(node) }));
    return toConnection({ ...page, edges }, () => this.apiKeyService.count(actor));
  }

  @Mutation(() => CreateApiKeyPayload, {
    description: 'Makes an API key for an agent and shows its secret, this once. For admins.',
  })
  async createApiKey(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => CreateApiKeyInput, { description: 'The key.' }) input: CreateApiKeyInput,
  ): Promise<CreateApiKeyPayload> {
    const actor = authorize(context, 'createApiKey', ['admin']);
    const { name, agent, owner = null, cloneId = null, expiresAt = null } = parseInput(createApiKeyInput, input);
    return toNewApiKey(await this.apiKeyService.create(actor, { name, agent, owner, cloneId, expiresAt }));
  }

  @Mutation(() => ApiKeyType, {
    description: 'Ends an API key for good, within a second also where it is in use. For admins.',
  })
  async revokeApiKey(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => RevokeApiKeyInput, { description: 'Which key.' }) input: RevokeApiKeyInput,
  ): Promise<ApiKeyType> {
    const actor = authorize(context, 'revokeApiKey', ['admin']);
    const { apiKeyId } = parseInput(revokeApiKeyInput, input);
    if (!isId(apiKeyId)) throw notFound('API key', apiKeyId);
    return toApiKey(await this.apiKeyService.revoke(actor, apiKeyId));
  }

  @Mutation(() => UserType, {
    description: 'Lays down which roles a principal may have at most, and who answers for it. For admins.',
  })
  async setUser(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => SetUserInput, { description: 'What to lay down.' }) input: SetUserInput,
  ): Promise<UserType> {
    const actor = authorize(context, 'setUser', ['admin']);
    const { name, roles, owner } = parseInput(setUserInput, input);
    return this.userService.set(actor, { name, roles, owner });
  }

  @Mutation(() => UserType, {
    description: 'Locks a principal out within a second, whatever tokens and keys it has. For admins.',
  })
  async suspendUser(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => SuspendUserInput, { description: 'Whom, and why.' }) input: SuspendUserInput,
  ): Promise<UserType> {
    const actor = authorize(context, 'suspendUser', ['admin']);
    const { name, reason } = parseInput(suspendUserInput, input);
    return this.userService.suspend(actor, name, reason);
  }

  @Mutation(() => UserType, { description: 'Lets a suspended principal in again. For admins.' })
  async reinstateUser(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => ReinstateUserInput, { description: 'Whom.' }) input: ReinstateUserInput,
  ): Promise<UserType> {
    const actor = authorize(context, 'reinstateUser', ['admin']);
    const { name } = parseInput(reinstateUserInput, input);
    return this.userService.reinstate(actor, name);
  }
}
