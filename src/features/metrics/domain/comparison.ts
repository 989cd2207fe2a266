import type { ActivityMetrics, MetricSections, PipelineMetrics, QualityMetrics, RevenueMetrics } from './metrics.js';

/** Every figure that is one number; stage conversion, which is several, is compared by whoever looks at it. */
export type FigureName =
  | Exclude<keyof PipelineMetrics, 'stageConversion'>
  | keyof ActivityMetrics
  | keyof QualityMetrics
  | keyof RevenueMetrics;

/** A figure beside what it was in the period before. */
export interface FigureComparison {
  readonly figure: FigureName;
  readonly value: number | null;
  readonly previous: number | null;
  /** value − previous; null unless both are known. */
  readonly change: number | null;
  /** change / |previous|; null unless both are known, and where previous is 0. */
  readonly changeShare: number | null;
}

/** Compares every figure, section by section. @param before undefined: there is no period before */
export function compare(now: MetricSections, before: MetricSections | undefined): readonly FigureComparison[] {
  const past = before && numbersOf(before);
  return [...numbersOf(now)].map(([figure, value]) => {
    const previous = past?.get(figure) ?? null;
    const change = value === null || previous === null ? null : value - previous;
    const changeShare = change === null || !previous ? null : change / Math.abs(previous);
    return { figure, value, previous, change, changeShare };
  });
}

function numbersOf({ pipeline, activity, quality, revenue }: MetricSections): ReadonlyMap<FigureName, number | null> {
  const { stageConversion: _several, ...single } = pipeline;
  const figures: Readonly<Record<FigureName, number | null>> = { ...single, ...activity, ...quality, ...revenue };
  return new Map(FIGURE_NAMES.map((name) => [name, figures[name]]));
}

/** In the order of the sections. */
export const FIGURE_NAMES = [
  'identified',
  'identifiedValue',
  'identifiedDealsWithoutValue',
  'openDeals',
  'openValue',
  'openDealsWithoutValue',
  'estimatedOpenValue',
  'velocityPerDay',
  'emailsSent',
  'meetingsBooked',
  'replies',
  'accountsWrittenTo',
  'engagementRate',
  'actionsExecuted',
  'actionsFailed',
  'actionsOfUnknownOutcome',
  'qualificationCompletion',
  'escalationRate',
  'approvalRate',
  'rejectRate',
  'editRate',
  'executionSuccessRate',
  'closedValue',
  'wonDeals',
  'wonDealsWithoutValue',
  'lostDeals',
  'winRate',
  'averageDeal',
  'averageCycleDays',
] as const satisfies readonly FigureName[];
