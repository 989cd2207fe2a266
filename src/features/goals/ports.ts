import type { Id } from '../../kernel/ids.js';
import type { Page, PageArgs } from '../../kernel/page.js';
import type { Tx } from '../../kernel/transaction.js';
import type { Goal, GoalStatus, GoalType } from './domain/goal.js';

export interface GoalFilter {
  /** Any of these, as of the instant of asking, whatever was stored. */
  readonly status?: readonly GoalStatus[];
  readonly type?: GoalType;
  readonly cloneId?: Id;
}

/** What may change in a goal once it is created. */
export type GoalChange = Pick<Goal, 'updatedAt' | 'status'> &
  Partial<Pick<Goal, 'current' | 'cancelledBy' | 'cancelReason'>>;

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
  /** Goals not cancelled whose period has not ended, those that end soonest first. */
  unfinished(tx: Tx, filter: UnfinishedFilter): Promise<readonly Goal[]>;
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
