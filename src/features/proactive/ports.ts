import type { Id } from '../../kernel/ids.js';
import type { Tx } from '../../kernel/transaction.js';
import type { GoalQueries } from '../goals/index.js';
import type { InsightService } from '../patterns/index.js';
import type { OpenDeal, PlannedInsight } from './domain/grounds.js';
import type { RecentProposal } from './domain/plan.js';

/** What waits for an action. */
export interface PendingInsights {
  readonly insights: readonly PlannedInsight[];
  /** Those that could not be read. */
  readonly unreadable: readonly Id[];
}

export interface PlanningReader {
  /**
   * Pending insights of accounts, at most `limit`: those of accounts for which nothing was proposed since then first,
   * the weightiest first among them, so that what has to wait never keeps the others from their turn.
   */
  pendingInsights(tx: Tx, since: Date, limit: number): Promise<PendingInsights>;
  /** What anybody proposed for these accounts since then; the oldest first. */
  recentProposals(tx: Tx, accountIds: readonly Id[], since: Date): Promise<readonly RecentProposal[]>;
  /** By account, all its open deals; accounts without one are left out. */
  openDeals(tx: Tx, accountIds: readonly Id[]): Promise<ReadonlyMap<Id, readonly OpenDeal[]>>;
}

/** How goals stand, and the accounts that would help those behind. */
export type GoalsBehind = Pick<GoalQueries, 'standings' | 'gapAccounts'>;

/** Notes which action came of an insight. */
export type InsightMarker = Pick<InsightService, 'markActed'>;
