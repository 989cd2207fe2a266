import { INITIAL_THRESHOLD } from './pattern.js';

/** What people said about insights of one type: how many were useful, how many false alarms. */
export interface FeedbackTally {
  readonly useful: number;
  readonly falseAlarms: number;
}

/** No feedback makes a pattern show on anything, or never. */
export const THRESHOLD_BOUNDS = { least: 0.5, most: 0.95 } as const;

/** As if so many had spoken before anybody did, in the share that leaves the threshold where it begins. */
const PRIOR_WEIGHT = 4;
const PRIOR_FALSE = 0.3;
/** How far the threshold moves when all say the same, without the prior. */
const REACH = 0.5;

/**
 * The threshold of one pattern after feedback. The share of false alarms is estimated with a prior, so the first voice
 * moves it a little and the hundredth hardly; false alarms raise it, useful ones lower it, always within the bounds.
 */
export function thresholdAfter({ useful, falseAlarms }: FeedbackTally): number {
  const share = (falseAlarms + PRIOR_FALSE * PRIOR_WEIGHT) / (useful + falseAlarms + PRIOR_WEIGHT);
  const moved = INITIAL_THRESHOLD + (share - PRIOR_FALSE) * REACH;
  const bounded = Math.min(THRESHOLD_BOUNDS.most, Math.max(THRESHOLD_BOUNDS.least, moved));
  return Math.round(bounded * 1_000) / 1_000;
}
