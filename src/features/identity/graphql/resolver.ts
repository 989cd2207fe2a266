import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { notFound } from '../../../kernel/errors.js';
import { isId } from '../../../kernel/ids.js';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
import { parseInput } from '../../../platform/graphql/parse.js';
import type { CloneService } from '../clones.js';
import { CreateCloneInput, createCloneInput, UpdateCloneInput, updateCloneInput } from './inputs.js';
import { CloneType, Viewer } from './types.js';

@Resolver()
export class IdentityResolver {
  constructor(private readonly cloneService: CloneService) {}

  @Query(() => Viewer, { description: 'Who you are here, and what you may do.' })
  viewer(@Ctx() context: GraphQLContext): Viewer {
    const { name, root, tenant, roles } = authorize(context, 'viewer');
    return { name, root, tenant, roles: [...roles] };
  }

  @Query(() => [CloneType], { description: 'The agent personas of your tenant, by short name.' })
  async clones(@Ctx() context: GraphQLContext): Promise<readonly CloneType[]> {
    return this.cloneService.list(authorize(context, 'clones'));
  }

  @Mutation(() => CloneType, { description: 'Creates an agent persona. For managers and admins.' })
  async createClone(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => CreateCloneInput, { description: 'The clone.' }) input: CreateCloneInput,
  ): Promise<CloneType> {
    const actor = authorize(context, 'createClone', ['manager', 'admin']);
    const { slug, name, description = null } = parseInput(createCloneInput, input);
    return this.cloneService.create(actor, { slug, name, description });
  }

  @Mutation(() => CloneType, {
    description: 'Changes the name or description of an agent persona. For managers and admins.',
  })
  async updateClone(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => UpdateCloneInput, { description: 'Which clone, and what to change.' })
    input: UpdateCloneInput,
  ): Promise<CloneType> {
    const actor = authorize(context, 'updateClone', ['manager', 'admin']);
    const { cloneId, name, description } = parseInput(updateCloneInput, input);
    if (!isId(cloneId)) throw notFound('clone', cloneId);
    return this.cloneService.update(actor, cloneId, { name, description });
  }
}
