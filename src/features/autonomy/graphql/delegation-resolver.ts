import { Arg, Args, Ctx, Field, ID, InputType, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { z } from 'zod';
import type { Role } from '../../../kernel/actor.js';
import {
  type Connection,
  ConnectionArgs,
  connectionOf,
  parsePageArgs,
  toConnection,
} from '../../../platform/graphql/connection.js';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
import { idInput, textInput } from '../../../platform/graphql/fields.js';
import { parseInput } from '../../../platform/graphql/parse.js';
import { DECIDING_ROLES, type DecidingRole } from '../../policy/index.js';
import type { DelegateService } from '../delegate.js';
import { type Delegation, MAX_DELEGATION_DAYS } from '../domain/delegation.js';
import { DecidingRoleEnum } from './enums.js';

const DECIDERS: readonly Role[] = DECIDING_ROLES;

@ObjectType('Delegation', { description: 'A right to decide that one person lends another, for a time.' })
class DelegationType {
  @Field(() => ID, { description: 'Stable identifier.' })
  id!: string;

  @Field(() => String, { description: 'Who lends it.' })
  from!: string;

  @Field(() => String, { description: 'Who may decide in their place.' })
  to!: string;

  @Field(() => [DecidingRoleEnum], { description: 'What is lent.' })
  roles!: readonly DecidingRole[];

  @Field(() => Date, { description: 'From when on.' })
  startsAt!: Date;

  @Field(() => Date, { description: 'Until when.' })
  endsAt!: Date;

  @Field(() => String, { nullable: true, description: 'Why.' })
  reason!: string | null;

  @Field(() => Date, { nullable: true, description: 'When it was taken back; null: it was not.' })
  revokedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Who took it back.' })
  revokedBy!: string | null;
}

const DelegationConnection = connectionOf('Delegation', () => DelegationType);

@InputType({ description: 'A right to lend.' })
class DelegateApprovalsInput {
  @Field(() => String, { description: 'Name of who shall decide in your place: somebody who decides already.' })
  to!: string;

  @Field(() => Date, { description: `Until when, at most ${MAX_DELEGATION_DAYS} days from now.` })
  until!: Date;

  @Field(() => [DecidingRoleEnum], {
    nullable: true,
    description: 'Which of your roles. Left out: every one by which you decide.',
  })
  roles?: DecidingRole[] | null;

  @Field(() => String, { description: 'Why, for the record: 1 to 2,000 characters.' })
  reason!: string;
}

const delegateInput = z.object({
  to: textInput(128),
  until: z.date(),
  roles: z.array(z.enum(DECIDING_ROLES)).optional(),
  reason: textInput(2_000),
});

@InputType({ description: 'A right to take back.' })
class RevokeDelegationInput {
  @Field(() => ID, { description: 'The delegation.' })
  delegationId!: string;
}

const revokeInput = z.object({ delegationId: idInput });

@Resolver()
export class DelegationResolver {
  constructor(private readonly service: DelegateService) {}

  @Query(() => DelegationConnection, {
    description:
      'Rights to decide that were lent, newest first, those that have ended too. For approvers, managers and admins.',
  })
  async delegations(
    @Ctx() context: GraphQLContext,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<Connection<DelegationType>> {
    const actor = authorize(context, 'delegations', DECIDERS);
    const page = await this.service.list(actor, parsePageArgs(args));
    const edges = page.edges.map(({ cursor, node }) => ({ cursor, node: toDelegation(node) }));
    return toConnection({ ...page, edges }, () => this.service.count(actor));
  }

  @Mutation(() => DelegationType, {
    description:
      'Lends your right to decide to somebody who decides already but has a weaker role, until a date. What is lent cannot be lent on, ends with your own role, and does not count for your own proposals. For approvers, managers and admins.',
  })
  async delegateApprovals(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => DelegateApprovalsInput, { description: 'To whom, until when.' }) input: DelegateApprovalsInput,
  ): Promise<DelegationType> {
    const actor = authorize(context, 'delegateApprovals', DECIDERS);
    const { roles, ...order } = parseInput(delegateInput, input);
    return toDelegation(await this.service.delegate(actor, { ...order, roles }));
  }

  @Mutation(() => DelegationType, {
    description: 'Takes a lent right back, at once. For who lent it, and admins.',
  })
  async revokeDelegation(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => RevokeDelegationInput, { description: 'Which.' }) input: RevokeDelegationInput,
  ): Promise<DelegationType> {
    const actor = authorize(context, 'revokeDelegation', DECIDERS);
    return toDelegation(await this.service.revoke(actor, parseInput(revokeInput, input).delegationId));
  }
}

const toDelegation = ({ fromUser, toUser, ...rest }: Delegation): DelegationType => ({
  ...rest,
  from: fromUser,
  to: toUser,
});
