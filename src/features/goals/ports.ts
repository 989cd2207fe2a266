import type { Id } from '../../kernel/ids.js';
import type { Page, PageArgs } from '../../kernel/page.js';
import type { Tx } from '../../kernel/transaction.js';
import type { GapCandidate } from './domain/gap.js';
import type { Goal, GoalPoint, GoalStatus, GoalType } from './domain/goal.js';

export interface GoalFilter {
  /** Any of these, as of the instant of asking, whatever was stored. */
  readonly status?: readonly GoalStatus[];
  readonly type?: GoalType;
  readonly cloneId?: Id;
}

/** What may change in a goal once it is created. */
export type GoalChange = Pick<Goal, 'updatedAt' | 'status'> &
  Partial<Pick<Goal, 'current' | 'source' | 'cancelledBy' | 'cancelReason'>>;

/** A period that still runs, or is yet to begin. */
export interface UnfinishedFilter {
  readonly cloneId: Id | undefined;
  readonly now: Date;
  readonly limit: number;
}

export interface GoalStore {
  insert(tx: Tx, goal: Goal): Promise<void>;
  find(tx: Tx, id: Id): Promise<Goal | undefined>;
  /**
   * As `find`, and nobody else can lock the goal before this transaction ends. Whoever changes a goal reads it with
   * this, so that of two changes at once the second starts from what the first made.
   */
  lock(tx: Tx, id: Id): Promise<Goal | undefined>;
  /** Changes a goal that this transaction has locked. */
  save(tx: Tx, id: Id, change: GoalChange): Promise<void>;
  /** Newest first. */
  list(tx: Tx, filter: GoalFilter & { readonly now: Date }, page: PageArgs): Promise<Page<Goal>>;
  count(tx: Tx, filter: GoalFilter & { readonly now: Date }): Promise<number>;
  /** Goals that are to be looked at: begun, not cancelled, and running or not yet found to be over. By id. */
  due(tx: Tx, filter: DueFilter): Promise<readonly Goal[]>;
  countDue(tx: Tx, now: Date): Promise<number>;
  /** Goals not cancelled whose period has not ended, those that end soonest first. */
  unfinished(tx: Tx, filter: UnfinishedFilter): Promise<readonly Goal[]>;
}

/** Goals that the job looks at, a page at a time. */
export interface DueFilter {
  readonly now: Date;
  /** Only those behind this id; null: from the first. */
  readonly after: Id | null;
  readonly limit: number;
}

/** Where goals stood over time. */
export interface GoalPointStore {
  insert(tx: Tx, point: GoalPoint): Promise<void>;
  /**
   * Of each goal, keeps the last point of each day before `now`'s, and of each week that is more than 90 days ago. Days
   * are in UTC.
   */
  compact(tx: Tx, now: Date): Promise<void>;
  /** The newest points, at most `limit`, oldest first. */
  newest(tx: Tx, goalId: Id, limit: number): Promise<readonly GoalPoint[]>;
  /** Oldest first. */
  list(tx: Tx, goalId: Id, page: PageArgs): Promise<Page<GoalPoint>>;
  count(tx: Tx, goalId: Id): Promise<number>;
}

/** Finds accounts that may help a goal. */
export interface GapReader {
  /** At most 200, those that look best for the goal's type. */
  candidates(tx: Tx, goal: MeasuredGoal, now: Date): Promise<readonly GapCandidate[]>;
}

/** The part of a goal that says what to measure. */
export type MeasuredGoal = Pick<Goal, 'type' | 'cloneId' | 'periodStart' | 'periodEnd'>;

/** Measures what a goal counts, from the stored data. */
export interface GoalMeter {
  /** In the unit of the goal's type; null when the stored data does not say. */
  measure(tx: Tx, goal: MeasuredGoal): Promise<number | null>;
}

/** The agent personas of the tenant. */
export interface CloneDirectory {
  list(tx: Tx): Promise<readonly { readonly id: Id }[]>;
}
