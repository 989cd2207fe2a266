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
  readonly evidence: readonly CitedEvidence[];
}

/** A piece of evidence, as far as a plan needs it. */
export interface CitedEvidence {
  readonly quote: string;
  readonly interactionId: Id;
  readonly at: Date;
  /** Who took part in the interaction, where that is a contact of the account still. */
  readonly contactId: Id | null;
}

/** An open deal of an account. */
export interface OpenDeal {
  readonly id: Id;
  /** Whether it is in a stage in which even autonomous actions wait for a person. */
  readonly isGated: boolean;
  /** Null: nobody has said. */
  readonly value: number | null;
}

/** An account that would help a goal. */
export interface GoalAccount {
  readonly accountId: Id;
  readonly accountName: string;
  /** The open deal to work on; null where the goal is about no one deal. */
  readonly dealId: Id | null;
  readonly reason: string;
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
  readonly accounts: readonly GoalAccount[];
}
