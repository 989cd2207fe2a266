import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../../../platform/graphql/connection.js';
import type { Goal, GoalSource, GoalStatus, GoalType } from '../domain/goal.js';
import type { GoalStanding } from '../queries.js';
import { GoalSourceEnum, GoalStatusEnum, GoalTypeEnum } from './enums.js';

@ObjectType('Goal', { description: 'A number that the tenant, or one of its clones, means to reach within a period.' })
export class GoalNode {
  @Field(() => ID, { description: 'Stable identifier.' })
  id!: string;

  @Field(() => GoalTypeEnum, { description: 'What it is about.' })
  type!: GoalType;

  @Field(() => String, { description: 'What it is called.' })
  title!: string;

  @Field(() => Float, { description: 'The number to reach.' })
  target!: number;

  @Field(() => Float, { description: 'The number reached, as of the last update.' })
  current!: number;

  @Field(() => GoalSourceEnum, { description: 'Where `current` comes from.' })
  source!: GoalSource;

  @Field(() => GoalStatusEnum, {
    description: 'What has become of it, as of now: at the end of its period a goal below target is MISSED at once.',
  })
  status!: GoalStatus;

  @Field(() => Date, { description: 'First instant of the period.' })
  periodStart!: Date;

  @Field(() => Date, { description: 'First instant after the period.' })
  periodEnd!: Date;

  @Field(() => ID, { nullable: true, description: 'The clone it is for; null: the whole tenant.' })
  cloneId!: string | null;

  @Field(() => String, { description: 'Who set it.' })
  createdBy!: string;

  @Field(() => Date, { description: 'When it was set.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'When its value or stored status last changed.' })
  updatedAt!: Date;

  @Field(() => String, {
    nullable: true,
    description: 'Who cancelled it, at `updatedAt`; null unless it is cancelled.',
  })
  cancelledBy!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was cancelled; null unless it is.' })
  cancelReason!: string | null;
}

export const GoalConnection = connectionOf('Goal', () => GoalNode);

export const toGoal = ({ tenantId: _tenant, ...fields }: Goal): GoalNode => fields;

@ObjectType('GoalStanding', { description: 'How a goal stands at the time of asking.' })
export class GoalStandingType {
  @Field(() => GoalNode, { description: 'The goal.' })
  goal!: GoalNode;

  @Field(() => GoalStatusEnum, { description: 'What has become of it.' })
  status!: GoalStatus;

  @Field(() => Float, {
    description: 'current / target in percent, at most 100; 100 exactly when the target is reached.',
  })
  progressPercent!: number;

  @Field(() => Float, {
    description: 'The share of the period that is over, in percent: the progress that an even pace would show.',
  })
  expectedPercent!: number;

  @Field(() => Boolean, { description: 'Whether current is at least where an even pace would have brought it.' })
  onTrack!: boolean;

  @Field(() => Int, { description: 'Days until the period ends, a begun day counting whole; never below 0.' })
  daysRemaining!: number;

  @Field(() => [String], { description: 'What to do next; empty unless the goal is active and behind.' })
  suggestions!: readonly string[];
}

export const toStanding = ({ goal, progress }: GoalStanding): GoalStandingType => ({ goal: toGoal(goal), ...progress });
