import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { z } from 'zod';
import type { Role } from '../../../kernel/actor.js';
import type { LogEvent } from '../../../kernel/events.js';
import { AFTER, authorize, type GraphQLContext, live } from '../../../platform/graphql/context.js';
import { idInput, textInput } from '../../../platform/graphql/fields.js';
import { parseInput } from '../../../platform/graphql/parse.js';
import type { Pause } from '../domain/policy.js';
import type { PauseService } from '../pause.js';
import type { Control } from '../ports.js';

/** Whoever may decide may pull the brake; letting go of it is for those who answer for the agents. */
const STOPPERS: readonly Role[] = ['approver', 'manager', 'admin'];
const RESUMERS: readonly Role[] = ['manager', 'admin'];

@ObjectType('AutonomyPause', { description: 'Nothing new starts in the tenant, or in the voice of one clone.' })
class AutonomyPauseType {
  @Field(() => ID, { nullable: true, description: 'The clone that is paused; null: the whole tenant.' })
  cloneId!: string | null;

  @Field(() => String, { description: 'Who paused it.' })
  by!: string;

  @Field(() => Date, { description: 'When.' })
  at!: Date;

  @Field(() => String, { description: 'Why.' })
  reason!: string;
}

@ObjectType('AutonomyStatus', { description: 'What holds for the tenant’s agents at this moment.' })
class AutonomyStatusType {
  @Field(() => Boolean, { description: 'Whether the whole tenant is paused.' })
  paused!: boolean;

  @Field(() => [AutonomyPauseType], { description: 'Every pause that holds, the whole tenant’s first.' })
  pauses!: readonly AutonomyPauseType[];

  @Field(() => Int, { description: 'Version of the tenant’s policy; 0 before the first.' })
  policyVersion!: number;
}

@ObjectType({ description: 'A pause began or ended, or a new policy holds.' })
class AutonomyEvent {
  @Field(() => String, { description: 'Place in the log. Keep the last one; subscribe with `after` to miss nothing.' })
  cursor!: string;

  @Field(() => Date, { description: 'When it happened.' })
  at!: Date;

  @Field(() => String, { description: 'Who did it.' })
  actor!: string;

  @Field(() => AutonomyStatusType, { description: 'What holds now: for an old event, perhaps more has changed since.' })
  status!: AutonomyStatusType;
}

@ArgsType()
class AutonomyChangedArgs {
  @Field(() => String, { nullable: true, description: AFTER })
  after?: string | null;
}

@InputType({ description: 'What to pause, and why.' })
class PauseAutonomyInput {
  @Field(() => ID, { nullable: true, description: 'Only this clone. Left out: the whole tenant.' })
  cloneId?: string | null;

  @Field(() => String, { description: 'Why, for everybody who meets the pause: 1 to 2,000 characters.' })
  reason!: string;
}
const pauseInput = z.object({ cloneId: idInput.optional(), reason: textInput(2_000) });

@InputType({ description: 'What to resume.' })
class ResumeAutonomyInput {
  @Field(() => ID, { nullable: true, description: 'This clone. Left out: the whole tenant.' })
  cloneId?: string | null;

  @Field(() => String, { nullable: true, description: 'A remark for the record, at most 2,000 characters.' })
  note?: string | null;
}
const resumeInput = z.object({ cloneId: idInput.optional(), note: textInput(2_000).optional() });

/** The emergency brake. */
@Resolver()
export class PauseResolver {
  constructor(private readonly service: PauseService) {}

  @Query(() => AutonomyStatusType, { description: 'Whether agents may start anything now, and under which policy.' })
  async autonomyStatus(@Ctx() context: GraphQLContext): Promise<AutonomyStatusType> {
    return toStatus(await this.service.status(authorize(context, 'autonomyStatus')));
  }

  @Mutation(() => AutonomyStatusType, {
    description:
      'Stops everything that has not started: once this has answered, no action is claimed and no connector starts. What runs already ends by itself. For approvers, managers and admins.',
  })
  async pauseAutonomy(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => PauseAutonomyInput, { description: 'What, and why.' }) input: PauseAutonomyInput,
  ): Promise<AutonomyStatusType> {
    const actor = authorize(context, 'pauseAutonomy', STOPPERS);
    const { cloneId = null, reason } = parseInput(pauseInput, input);
    return toStatus(await this.service.pause(actor, cloneId, reason));
  }

  @Mutation(() => AutonomyStatusType, {
    description:
      'Ends a pause. Whatever waited is checked again, policy, stage, budgets and signatures, before it starts. For managers and admins.',
  })
  async resumeAutonomy(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => ResumeAutonomyInput, { description: 'What.' }) input: ResumeAutonomyInput,
  ): Promise<AutonomyStatusType> {
    const actor = authorize(context, 'resumeAutonomy', RESUMERS);
    const { cloneId = null, note = null } = parseInput(resumeInput, input);
    return toStatus(await this.service.resume(actor, cloneId, note));
  }

  @Subscription(() => AutonomyEvent, {
    description: 'Each pause, each end of one, and each new version of the policy, as it happens.',
    subscribe: live<AutonomyChangedArgs>('autonomyChanged', ['autonomy.paused', 'autonomy.resumed', 'policy.changed']),
  })
  async autonomyChanged(
    @Ctx() context: GraphQLContext,
    @Root() { cursor, at, actor }: LogEvent,
    @Args(() => AutonomyChangedArgs) _args: AutonomyChangedArgs,
  ): Promise<AutonomyEvent> {
    return { cursor, at, actor, status: toStatus(await this.service.status(context.actor())) };
  }
}

const toStatus = ({ pause, pausedClones, policy }: Control): AutonomyStatusType => ({
  paused: pause !== undefined,
  pauses: [
    ...(pause ? [toPause(null, pause)] : []),
    ...[...pausedClones].map(([cloneId, ofClone]) => toPause(cloneId, ofClone)),
  ],
  policyVersion: policy.version,
});

const toPause = (cloneId: string | null, pause: Pause): AutonomyPauseType => ({ cloneId, ...pause });
