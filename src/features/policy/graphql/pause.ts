import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { z } from 'zod';
import type { Role } from '../../../kernel/actor.js';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
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
