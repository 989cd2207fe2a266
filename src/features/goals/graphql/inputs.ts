import { ArgsType, Field, Float, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import { ConnectionArgs } from '../../../platform/graphql/connection.js';
import { idInput, textInput } from '../../../platform/graphql/fields.js';
import { GOAL_TYPES, type GoalStatus, type GoalType } from '../domain/goal.js';
import { MAX_PERIOD_YEARS } from '../domain/rules.js';
import { GoalStatusEnum, GoalTypeEnum } from './enums.js';

/** Instants outside are typing errors, not plans; and not every one of them can be stored. */
const instant = z
  .date()
  .min(new Date('1970-01-01T00:00:00Z'), 'expected an instant from 1970 on')
  .max(new Date('2199-12-31T23:59:59.999Z'), 'expected an instant up to the year 2199');

@InputType({ description: 'A number to reach within a period.' })
export class CreateGoalInput {
  @Field(() => GoalTypeEnum, { description: 'What it is about.' })
  type!: GoalType;

  @Field(() => String, {
    nullable: true,
    description: 'What to call it, at most 200 characters. Left out: by its type.',
  })
  title?: string | null;

  @Field(() => Float, { description: 'The number to reach: above 0, at most 1,000,000,000,000.' })
  target!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'What is reached already: 0 or more; then the value is yours to tell. Left out: 0, and the server measures it.',
  })
  current?: number | null;

  @Field(() => Date, { description: 'First instant of the period.' })
  periodStart!: Date;

  @Field(() => Date, {
    description: `First instant after the period: after its start, by at most ${MAX_PERIOD_YEARS} years.`,
  })
  periodEnd!: Date;

  @Field(() => ID, { nullable: true, description: 'The clone it is for. Left out: the whole tenant.' })
  cloneId?: string | null;
}

export const createInput = z.object({
  type: z.enum(GOAL_TYPES),
  title: textInput(200).optional(),
  target: z.number(),
  current: z.number().optional(),
  periodStart: instant,
  periodEnd: instant,
  cloneId: idInput.optional(),
});

@InputType({ description: 'How far a goal has come.' })
export class UpdateGoalProgressInput {
  @Field(() => ID, { description: 'The goal.' })
  goalId!: string;

  @Field(() => Float, {
    nullable: true,
    description:
      'The value it has reached, 0 or more, whatever it was before; from then on the value is yours to tell. Left out: it is measured from the stored data, by the type of the goal, now and by `goal_progress_update` from then on.',
  })
  current?: number | null;
}

export const progressInput = z.object({ goalId: idInput, current: z.number().optional() });

@InputType({ description: 'Giving up a goal.' })
export class CancelGoalInput {
  @Field(() => ID, { description: 'The goal; it must be ACTIVE.' })
  goalId!: string;

  @Field(() => String, { description: 'Why, for the record: 1 to 2,000 characters.' })
  reason!: string;
}

export const cancelInput = z.object({ goalId: idInput, reason: textInput(2_000) });

@ArgsType()
export class GoalsArgs extends ConnectionArgs {
  @Field(() => [GoalStatusEnum], {
    nullable: true,
    description: 'Only goals that are in one of these states now. Left out or empty: all.',
  })
  status?: GoalStatus[] | null;

  @Field(() => GoalTypeEnum, { nullable: true, description: 'Only goals of this type.' })
  type?: GoalType | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Only goals of this clone; goals of the whole tenant are not among them.',
  })
  cloneId?: string | null;
}
