import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { DealStageEnum } from '../../guardrails/index.js';
import type { FigureName } from '../domain/comparison.js';
import type { OpenStage } from '../domain/figures.js';
import { DEFAULT_PERIOD_DAYS, FIRST_YEAR, LAST_YEAR, MAX_PERIOD_YEARS } from '../domain/period.js';
import type { Metrics } from '../service.js';
import { DEFINITIONS } from './definitions.js';
import { FigureNameEnum } from './figure-enum.js';

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
  @Field(() => Int, { description: DEFINITIONS.identified })
  identified!: number;

  @Field(() => Float, { nullable: true, description: DEFINITIONS.identifiedValue })
  identifiedValue!: number | null;

  @Field(() => Int, { description: DEFINITIONS.identifiedDealsWithoutValue })
  identifiedDealsWithoutValue!: number;

  @Field(() => Int, { description: DEFINITIONS.openDeals })
  openDeals!: number;

  @Field(() => Float, { nullable: true, description: DEFINITIONS.openValue })
  openValue!: number | null;

  @Field(() => Int, { description: DEFINITIONS.openDealsWithoutValue })
  openDealsWithoutValue!: number;

  @Field(() => Float, { nullable: true, description: DEFINITIONS.estimatedOpenValue })
  estimatedOpenValue!: number | null;

  @Field(() => Float, { nullable: true, description: DEFINITIONS.velocityPerDay })
  velocityPerDay!: number | null;

  @Field(() => [StageConversionType], {
    description: 'The deals opened in the period, stage by stage, in the order a deal usually takes.',
  })
  stageConversion!: readonly StageConversionType[];
}

@ObjectType('ActivityMetrics', {
  description: 'What was said, arranged and done in the period, by the stored interactions and actions.',
})
export class ActivityMetricsType {
  @Field(() => Int, { description: DEFINITIONS.emailsSent })
  emailsSent!: number;

  @Field(() => Int, { description: DEFINITIONS.meetingsBooked })
  meetingsBooked!: number;

  @Field(() => Int, { nullable: true, description: DEFINITIONS.replies })
  replies!: number | null;

  @Field(() => Int, { description: DEFINITIONS.accountsWrittenTo })
  accountsWrittenTo!: number;

  @Field(() => Float, { nullable: true, description: DEFINITIONS.engagementRate })
  engagementRate!: number | null;

  @Field(() => Int, { description: DEFINITIONS.actionsExecuted })
  actionsExecuted!: number;

  @Field(() => Int, { description: DEFINITIONS.actionsFailed })
  actionsFailed!: number;

  @Field(() => Int, { description: DEFINITIONS.actionsOfUnknownOutcome })
  actionsOfUnknownOutcome!: number;
}

@ObjectType('QualityMetrics', { description: 'How well the work is done, and how much of it needs a person.' })
export class QualityMetricsType {
  @Field(() => Float, { nullable: true, description: DEFINITIONS.qualificationCompletion })
  qualificationCompletion!: number | null;

  @Field(() => Float, { nullable: true, description: DEFINITIONS.escalationRate })
  escalationRate!: number | null;

  @Field(() => Float, { nullable: true, description: DEFINITIONS.approvalRate })
  approvalRate!: number | null;

  @Field(() => Float, { nullable: true, description: DEFINITIONS.rejectRate })
  rejectRate!: number | null;

  @Field(() => Float, { nullable: true, description: DEFINITIONS.editRate })
  editRate!: number | null;

  @Field(() => Float, { nullable: true, description: DEFINITIONS.executionSuccessRate })
  executionSuccessRate!: number | null;
}

@ObjectType('RevenueMetrics', {
  description: 'What was decided in the period. A closed deal without a closing date is in no period.',
})
export class RevenueMetricsType {
  @Field(() => Float, { nullable: true, description: DEFINITIONS.closedValue })
  closedValue!: number | null;

  @Field(() => Int, { description: DEFINITIONS.wonDeals })
  wonDeals!: number;

  @Field(() => Int, { description: DEFINITIONS.wonDealsWithoutValue })
  wonDealsWithoutValue!: number;

  @Field(() => Int, { description: DEFINITIONS.lostDeals })
  lostDeals!: number;

  @Field(() => Float, { nullable: true, description: DEFINITIONS.winRate })
  winRate!: number | null;

  @Field(() => Float, { nullable: true, description: DEFINITIONS.averageDeal })
  averageDeal!: number | null;

  @Field(() => Float, { nullable: true, description: DEFINITIONS.averageCycleDays })
  averageCycleDays!: number | null;
}

@ObjectType('FigureComparison', { description: 'A figure beside what it was in the period before.' })
export class FigureComparisonType {
  @Field(() => FigureNameEnum, { description: 'Which figure.' })
  figure!: FigureName;

  @Field(() => Float, { nullable: true, description: 'In the period; null where it cannot be computed.' })
  value!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'In the period of the same length just before; null where it cannot be computed.',
  })
  previous!: number | null;

  @Field(() => Float, { nullable: true, description: 'value − previous. Null unless both are known.' })
  change!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'change / |previous|: 0.1 is a tenth more. Null unless both are known, and where `previous` is 0.',
  })
  changeShare!: number | null;
}

@ObjectType('MetricSections', { description: 'The figures of a period.' })
export class MetricSectionsType {
  @Field(() => PeriodType, { description: 'The period looked at.' })
  period!: PeriodType;

  @Field(() => PipelineMetricsType, { description: 'What came into the pipeline, and what is in it.' })
  pipeline!: PipelineMetricsType;

  @Field(() => ActivityMetricsType, { description: 'What was said, arranged and done.' })
  activity!: ActivityMetricsType;

  @Field(() => QualityMetricsType, { description: 'How well, and how much of it needed a person.' })
  quality!: QualityMetricsType;

  @Field(() => RevenueMetricsType, { description: 'What was decided and earned.' })
  revenue!: RevenueMetricsType;
}

@ObjectType('Metrics', {
  description: `Figures over a period, computed from the stored deals, interactions, actions and approvals at the time of asking; the ${DEFAULT_PERIOD_DAYS} days up to now when no period was asked for. What cannot be computed is null, never a made-up 0.`,
})
export class MetricsType extends MetricSectionsType {
  @Field(() => ID, { nullable: true, description: 'The clone looked at; null: the whole tenant.' })
  cloneId!: string | null;

  before!: () => Promise<Metrics | undefined>;
  compared!: () => Promise<readonly FigureComparisonType[]>;

  @Field(() => MetricSectionsType, {
    nullable: true,
    description: `The same of the period of the same length just before; computed only when asked for. Null when it would begin before ${FIRST_YEAR}.`,
  })
  async previous(): Promise<MetricSectionsType | null> {
    return (await this.before()) ?? null;
  }

  @Field(() => [FigureComparisonType], {
    description: 'Every figure beside what it was in the period before, section by section.',
  })
  comparison(): Promise<readonly FigureComparisonType[]> {
    return this.compared();
  }
}
