import type { Id } from '../../kernel/ids.js';
import type { Tx } from '../../kernel/transaction.js';
import type { GoalQueries } from '../goals/index.js';
import type { InsightService } from '../patterns/index.js';
import type { OpenDeal, PlannedInsight } from './domain/grounds.js';
import type { Candidate, RecentProposal } from './domain/plan.js';
import type { Advised } from './domain/refinement.js';

/** What waits for an action. */
export interface PendingInsights {
  readonly insights: readonly PlannedInsight[];
  /** Those that could not be read. */
  readonly unreadable: readonly Id[];
}

export interface RecentQuestion {
  readonly accountIds: readonly Id[];
  readonly insightIds: readonly Id[];
  readonly since: Date;
}

export interface PlanningReader {
  /**
   * Pending insights of accounts, at most `limit`: those of accounts for which nothing was proposed since then first,
   * the weightiest first among them, so that what has to wait never keeps the others from their turn.
   */
  pendingInsights(tx: Tx, since: Date, limit: number): Promise<PendingInsights>;
  /**
   * What anybody proposed for these accounts since then, and what the planner ever proposed for one of these insights;
   * the oldest first.
   */
  recentProposals(tx: Tx, of: RecentQuestion): Promise<readonly RecentProposal[]>;
  /** How many requests for approval of the planner's wait for a decision. */
  waitingRequests(tx: Tx): Promise<number>;
  /** By account, all its open deals; accounts without one are left out. */
  openDeals(tx: Tx, accountIds: readonly Id[]): Promise<ReadonlyMap<Id, readonly OpenDeal[]>>;
}

/** One type of action for one account, at one time. */
export interface TurnQuestion {
  readonly accountId: Id;
  readonly actionType: string;
  readonly now: Date;
  /** A turn that began then or before is over, and a new one begins. */
  readonly over: Date;
}

export interface TurnTaker {
  /** When the turn that runs now began. Of several that ask at once where none runs, one begins it, for all of them. */
  take(tx: Tx, question: TurnQuestion): Promise<Date>;
}

/** A language model that looks at candidates. */
export interface PlanModel {
  readonly isThere: boolean;
  /**
   * Asks of each account by itself, so that nothing that one customer wrote is there when it is asked of another. Those
   * of which nothing came are left out, and their plan stands as it is.
   *
   * @param accounts candidates, each list of one account
   * @throws the signal's reason, nothing else
   */
  advise(tenantId: Id, accounts: readonly (readonly Candidate[])[], signal?: AbortSignal): Promise<readonly Advised[]>;
}

/** How goals stand, and the accounts that would help those behind. */
export type GoalsBehind = Pick<GoalQueries, 'standings' | 'gapAccounts'>;

/** Notes which action came of an insight. */
export type InsightMarker = Pick<InsightService, 'markActed'>;
