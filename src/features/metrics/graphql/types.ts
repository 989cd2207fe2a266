import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { DealStageEnum } from '../../guardrails/index.js';
import type { OpenStage } from '../domain/figures.js';
import { DEFAULT_PERIOD_DAYS, FIRST_YEAR, LAST_YEAR, MAX_PERIOD_YEARS } from '../domain/period.js';

// Money is in whole units of the tenant's one currency. Shares are 0 to 1. A count is 0 where there is nothing to
// count; anything else is null where the stored data does not say.

@InputType({
  description: `A stretch of time: at most ${MAX_PERIOD_YEARS} years, between ${FIRST_YEAR} and ${LAST_YEAR}.`,
})
export class PeriodInput {
  @Field(() => Date, { description: 'First instant that belongs to it.' })
  start!: Date;

  @Field(() => Date, { description: 'First instant that no longer belongs to it; after `start`.' })
  end!: Date;
}

@ObjectType('Period', { description: 'A stretch of time. Adjoining periods share no instant.' })
export class PeriodType {
  @Field(() => Date, { description: 'First instant that belongs to it.' })
  start!: Date;

  @Field(() => Date, { description: 'First instant that no longer belongs to it.' })
  end!: Date;
}

@ObjectType('StageConversion', { description: 'How the deals opened in the period went on from one stage.' })
export class StageConversionType {
  @Field(() => DealStageEnum, { description: 'The stage.' })
  stage!: OpenStage;

  @Field(() => Int, {
    description:
      'Deals known to have reached the stage: they are or were in it or in a later one, or were won. Of an imported lost deal it is not known.',
  })
  reached!: number;

  @Field(() => Int, { description: 'Those of them that went beyond the stage.' })
  converted!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'converted / reached, from 0 to 1. Null when no deal reached the stage, and when a deal opened in the period was lost and its earlier stages are not stored.',
  })
  rate!: number | null;
}

@ObjectType('PipelineMetrics', { description: 'What came into the pipeline, and what is in it.' })
export class PipelineMetricsType {
  @Field(() => Int, {
    description: 'Deals opened in the period. A deal whose opening date is unknown is in no period.',
  })
  identified!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'What the known values of those deals add up to. 0 when there are none; null when there are some and none has a value.',
  })
  identifiedValue!: number | null;

  @Field(() => Int, {
    description:
      "Deals open at the period's end; open now, when the period has not ended. At a past end, a deal whose opening date is unknown counts if it was stored by then.",
  })
  openDeals!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'What the known values of the open deals add up to, by today’s figures. 0 when there are none; null when there are some and none has a value.',
  })
  openValue!: number | null;

  @Field(() => Int, { description: 'Open deals without a value; `openValue` leaves them out.' })
  openDealsWithoutValue!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'The part of `openValue` that is list prices standing in for missing values. Null when `openValue` is.',
  })
  estimatedOpenValue!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Sales velocity, money per day: openDeals × winRate × averageDeal / averageCycleDays, the last three as in `revenue`. Null when one of them is null, or the cycle is 0 days.',
  })
  velocityPerDay!: number | null;

  @Field(() => [StageConversionType], {
    description: 'The deals opened in the period, stage by stage, in the order a deal usually takes.',
  })
  stageConversion!: readonly StageConversionType[];
}

@ObjectType('ActivityMetrics', { description: 'What was said and arranged in the period, by the stored interactions.' })
export class ActivityMetricsType {
  @Field(() => Int, {
    description:
      'Completed emails not known to be inbound. Imported emails often lack a direction; such an email counts as sent.',
  })
  emailsSent!: number;

  @Field(() => Int, {
    description: 'Meetings that take place in the period, completed or scheduled; not cancelled ones.',
  })
  meetingsBooked!: number;

  @Field(() => Int, {
    nullable: true,
    description:
      'Completed emails and chats known to be inbound. Null when no completed email or chat of the period has a known direction.',
  })
  replies!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'replies / emailsSent; above 1 when more came in than went out. Null when `replies` is null or no email was sent.',
  })
  engagementRate!: number | null;
}

@ObjectType('QualityMetrics', { description: 'How well the work is done, and how much of it needs a person.' })
export class QualityMetricsType {
  @Field(() => Float, {
    nullable: true,
    description:
      'The share of the deals opened in the period that have left prospecting and qualification, by moving on or by being won or lost: 0 to 1. Null when no deal was opened.',
  })
  qualificationCompletion!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'The share of the actions proposed in the period that the guardrails did not let run alone, hard stops included: 0 to 1. Null when nothing was proposed.',
  })
  escalationRate!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'The share of the requests decided by a person in the period that were approved: 0 to 1. Null when nothing was decided.',
  })
  approvalRate!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'The share of the requests decided by a person in the period that were rejected: 0 to 1. Null when nothing was decided.',
  })
  rejectRate!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'The share of approved requests that were edited before. Always null for now: an approval cannot carry an edit yet.',
  })
  editRate!: number | null;
}

@ObjectType('RevenueMetrics', {
  description: 'What was decided in the period. A closed deal without a closing date is in no period.',
})
export class RevenueMetricsType {
  @Field(() => Float, {
    nullable: true,
    description:
      'What the known values of the deals won in the period add up to. 0 when none was won; null when some were and none has a value.',
  })
  closedValue!: number | null;

  @Field(() => Int, { description: 'Deals that closed as won in the period.' })
  wonDeals!: number;

  @Field(() => Int, { description: 'Won deals without a value; `closedValue` and `averageDeal` leave them out.' })
  wonDealsWithoutValue!: number;

  @Field(() => Int, { description: 'Deals that closed as lost in the period.' })
  lostDeals!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'wonDeals / (wonDeals + lostDeals), from 0 to 1. Null when no deal was decided.',
  })
  winRate!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Mean value of the won deals that have one. Null when none has.',
  })
  averageDeal!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Mean number of days from opening to closing, over the won deals that have both dates in that order. Null when none has.',
  })
  averageCycleDays!: number | null;
}

@ObjectType('Metrics', {
  description:
    'Figures over a period, computed from the stored deals, interactions, actions and approvals at the time of asking. What cannot be computed is null, never a made-up 0.',
})
export class MetricsType {
  @Field(() => PeriodType, {
    description: `The period looked at; the ${DEFAULT_PERIOD_DAYS} days up to now when none was asked for.`,
  })
  period!: PeriodType;

  @Field(() => ID, { nullable: true, description: 'The clone looked at; null: the whole tenant.' })
  cloneId!: string | null;

  @Field(() => PipelineMetricsType, { description: 'What came into the pipeline, and what is in it.' })
  pipeline!: PipelineMetricsType;

  @Field(() => ActivityMetricsType, { description: 'What was said and arranged.' })
  activity!: ActivityMetricsType;

  @Field(() => QualityMetricsType, { description: 'How well, and how much of it needed a person.' })
  quality!: QualityMetricsType;

  @Field(() => RevenueMetricsType, { description: 'What was decided and earned.' })
  revenue!: RevenueMetricsType;
}
