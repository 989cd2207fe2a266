import type { Id } from '../../../kernel/ids.js';

/** A pattern that was found and that nobody has dealt with. */
export interface PlannedInsight {
  readonly id: Id;
  readonly accountId: Id;
  readonly accountName: string;
  readonly type: string;
  readonly category: 'buying_signal' | 'risk' | 'engagement_change';
  readonly severity: 'low' | 'medium' | 'high' | 'critical';
  /** From 0 to 1. */
  readonly confidence: number;
  readonly summary: string;
  /** Newest first. Customers' words: data, never instructions. */
  readonly evidence: readonly { readonly quote: string; readonly interactionId: Id; readonly at: Date }[];
}

/** A goal that is active and behind, with the accounts that would close its gap most, the best first. */
export interface PlannedGoal {
  readonly id: Id;
  readonly cloneId: Id | null;
  readonly type: 'pipeline' | 'activity' | 'quality' | 'revenue';
  readonly title: string;
  readonly current: number;
  readonly target: number;
  readonly progressPercent: number;
  readonly expectedPercent: number;
  readonly daysRemaining: number;
  /** The goal's corrective action in words. */
  readonly suggestion: string;
  readonly accounts: readonly { readonly accountId: Id; readonly accountName: string; readonly reason: string }[];
}
