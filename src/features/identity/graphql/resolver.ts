import { Ctx, Field, ID, ObjectType, Query, Resolver, registerEnumType } from 'type-graphql';
import type { Role } from '../../../kernel/actor.js';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
import type { IdentityService } from '../service.js';

const RoleEnum = { AGENT: 'agent', APPROVER: 'approver', MANAGER: 'manager', ADMIN: 'admin' } as const;
registerEnumType(RoleEnum, {
  name: 'Role',
  description: 'What a signed-in caller may do.',
  valuesConfig: {
    AGENT: { description: 'A sales agent program: proposes, claims and reports actions.' },
    APPROVER: { description: 'A person who approves or rejects what agents propose.' },
    MANAGER: { description: 'A sales manager: sets goals, and may decide as an approver does.' },
    ADMIN: { description: 'Looks after the tenant; may do everything a manager may, and import data.' },
  },
});

@ObjectType({ description: 'Who the server takes you for.' })
class Viewer {
  @Field(() => String, { description: 'Your name within the tenant: the subject of your token.' })
  name!: string;

  @Field(() => String, { description: 'Short name of your tenant. Everything you see belongs to it.' })
  tenant!: string;

  @Field(() => [RoleEnum], { description: 'What you may do.' })
  roles!: Role[];
}

@ObjectType('Clone', { description: 'An agent persona of the tenant: whose voice an action is in.' })
class CloneType {
  @Field(() => ID, { description: 'Stable identifier.' })
  id!: string;

  @Field(() => String, { description: 'Short name, unique in the tenant.' })
  slug!: string;

  @Field(() => String, { description: 'Name to show.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What this clone is for.' })
  description!: string | null;
}

@Resolver()
export class IdentityResolver {
  constructor(private readonly identity: IdentityService) {}

  @Query(() => Viewer, { description: 'Who you are here, and what you may do.' })
  viewer(@Ctx() context: GraphQLContext): Viewer {
    const { name, tenant, roles } = authorize(context, 'viewer');
    return { name, tenant, roles: [...roles] };
  }

  @Query(() => [CloneType], { description: 'The agent personas of your tenant, by short name.' })
  async clones(@Ctx() context: GraphQLContext): Promise<readonly CloneType[]> {
    return this.identity.clones(authorize(context, 'clones'));
  }
}
