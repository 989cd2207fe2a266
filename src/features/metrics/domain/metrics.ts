import {
  type DealFigures,
  type DealSum,
  type Figures,
  type JourneyFigures,
  OPEN_STAGES,
  type OpenStage,
} from './figures.js';

/** How many deals got how far. */
export interface StageConversion {
  readonly stage: OpenStage;
  /** Deals known to have reached the stage: they are or were in it or in a later one, or are won. */
  readonly reached: number;
  /** Those of them known to have gone beyond it. */
  readonly converted: number;
  /** 0 to 1; null when it cannot be known. */
  readonly rate: number | null;
}

export interface PipelineMetrics {
  readonly identified: number;
  readonly identifiedValue: number | null;
  readonly identifiedDealsWithoutValue: number;
  readonly openDeals: number;
  readonly openValue: number | null;
  readonly openDealsWithoutValue: number;
  readonly estimatedOpenValue: number | null;
  readonly velocityPerDay: number | null;
  readonly stageConversion: readonly StageConversion[];
}

export interface ActivityMetrics {
  readonly emailsSent: number;
  readonly meetingsBooked: number;
  readonly replies: number | null;
  readonly accountsWrittenTo: number;
  readonly engagementRate: number | null;
  readonly actionsExecuted: number;
  readonly actionsFailed: number;
  readonly actionsOfUnknownOutcome: number;
}

export interface QualityMetrics {
  readonly qualificationCompletion: number | null;
  readonly escalationRate: number | null;
  readonly approvalRate: number | null;
  readonly rejectRate: number | null;
  readonly editRate: number | null;
  readonly executionSuccessRate: number | null;
}

export interface RevenueMetrics {
  readonly closedValue: number | null;
  readonly wonDeals: number;
  readonly wonDealsWithoutValue: number;
  readonly lostDeals: number;
  readonly winRate: number | null;
  readonly averageDeal: number | null;
  readonly averageCycleDays: number | null;
}

/** The four sections of the metrics. A count without anything to count is 0; what cannot be computed is null. */
export interface MetricSections {
  readonly pipeline: PipelineMetrics;
  readonly activity: ActivityMetrics;
  readonly quality: QualityMetrics;
  readonly revenue: RevenueMetrics;
}

export function metricsOf(figures: Figures): MetricSections {
  const revenue = revenueOf(figures.deals);
  return {
    pipeline: pipelineOf(figures, revenue),
    activity: activityOf(figures),
    quality: qualityOf(figures),
    revenue,
  };
}

/** A share or an average; null where there is nothing to divide by. */
const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** The value of no deals is 0: that there are none is a fact. The value of deals none of which has one is unknown. */
export const knownValue = ({ deals, valued, value }: DealSum): number | null =>
  deals > 0 && valued === 0 ? null : value;

function revenueOf({ won, lost, cycles, cycleDays }: DealFigures): RevenueMetrics {
  return {
    closedValue: knownValue(won),
    wonDeals: won.deals,
    wonDealsWithoutValue: won.deals - won.valued,
    lostDeals: lost,
    winRate: ratio(won.deals, won.deals + lost),
    averageDeal: ratio(won.value, won.valued),
    averageCycleDays: ratio(cycleDays, cycles),
  };
}

function pipelineOf({ deals, journeys }: Figures, revenue: RevenueMetrics): PipelineMetrics {
  const { identified, open, openEstimate } = deals;
  const openValue = knownValue(open);
  return {
    identified: identified.deals,
    identifiedValue: knownValue(identified),
    identifiedDealsWithoutValue: identified.deals - identified.valued,
    openDeals: open.deals,
    openValue,
    openDealsWithoutValue: open.deals - open.valued,
    estimatedOpenValue: openValue === null ? null : openEstimate,
    velocityPerDay: salesVelocity(open.deals, revenue),
    stageConversion: stageConversion(journeys),
  };
}

/**
 * Sales velocity, by its usual formula: open deals × win rate × average deal / average cycle. What the open deals
 * would bring a day, if they went as those decided in the period did.
 *
 * @returns money per day; null when a factor is unknown or deals close on the day they open
 */
export function salesVelocity(
  openDeals: number,
  { winRate, averageDeal, averageCycleDays }: Pick<RevenueMetrics, 'winRate' | 'averageDeal' | 'averageCycleDays'>,
): number | null {
  if (winRate === null || averageDeal === null || averageCycleDays === null) return null;
  return ratio(openDeals * winRate * averageDeal, averageCycleDays);
}

/**
 * How many deals went on from each stage. A deal that entered the pipeline late passes for one that came through the
 * earlier stages. Where nobody knows how far some lost deal had come, no rate can be known.
 */
export function stageConversion({ furthest, unplaced }: JourneyFigures): StageConversion[] {
  let beyond = furthest.closed_won ?? 0;
  return OPEN_STAGES.toReversed()
    .map((stage) => {
      const converted = beyond;
      beyond += furthest[stage] ?? 0;
      return { stage, reached: beyond, converted, rate: unplaced > 0 ? null : ratio(converted, beyond) };
    })
    .toReversed();
}

function activityOf({ interactions, executions }: Figures): ActivityMetrics {
  const { emailsSent, meetings, inbound, directed, writtenTo, answered } = interactions;
  const replies = directed === 0 ? null : inbound;
  return {
    emailsSent,
    meetingsBooked: meetings,
    replies,
    accountsWrittenTo: writtenTo,
    engagementRate: replies === null ? null : ratio(answered, writtenTo),
    actionsExecuted: executions.executed,
    actionsFailed: executions.failed,
    actionsOfUnknownOutcome: executions.unknown,
  };
}

function qualityOf({ deals, decisions, executions }: Figures): QualityMetrics {
  const { proposals, escalated, approved, editedBefore, rejected } = decisions;
  return {
    qualificationCompletion: qualificationCompletion(deals),
    escalationRate: ratio(escalated, proposals),
    approvalRate: ratio(approved, approved + rejected),
    rejectRate: ratio(rejected, approved + rejected),
    editRate: ratio(editedBefore, approved),
    executionSuccessRate: ratio(executions.executed, executions.executed + executions.failed),
  };
}

/** The share of the deals opened in the period whose qualification is over: by moving on, or by being decided. */
export const qualificationCompletion = ({ identified, unqualified }: DealFigures): number | null =>
  ratio(identified.deals - unqualified, identified.deals);
