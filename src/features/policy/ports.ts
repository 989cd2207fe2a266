import type { Id } from '../../kernel/ids.js';
import type { Page, PageArgs } from '../../kernel/page.js';
import type { Tx } from '../../kernel/transaction.js';
import type { BudgetHold } from './domain/budget.js';
import type { Pause, Policy, PolicyDocument } from './domain/policy.js';
import type { RecordedProposal } from './domain/replay.js';

/** What holds in a tenant at this moment. */
export interface Control {
  readonly policy: Policy;
  /** The pause of the whole tenant; undefined: there is none. */
  readonly pause: Pause | undefined;
  readonly pausedClones: ReadonlyMap<Id, Pause>;
}

export interface ControlReader {
  /** As it stands for the transaction's next statement. */
  read(tx: Tx): Promise<Control>;
  /**
   * From now on changes wait until the transaction ends: what is read after this stays. Holds no row, which would give the
   * transaction its place in the log before it has waited for anything else.
   */
  hold(tx: Tx): Promise<void>;
}

export interface ControlStore extends ControlReader {
  /** Holds the row alone until the transaction ends: waits for who started to run something, lets nobody else start. */
  lock(tx: Tx): Promise<Control>;
  /**
   * @param cloneId null: the whole tenant
   * @param pause null: ends it
   */
  setPause(tx: Tx, cloneId: Id | null, pause: Pause | null): Promise<void>;
}

/** What waits while the tenant or a clone is paused. */
export interface PausedWork {
  /** Lets it look again now, once the transaction commits, instead of when it next would. */
  hasten(tx: Tx): Promise<void>;
}

export interface CloneDirectory {
  find(tx: Tx, id: Id): Promise<{ readonly id: Id } | undefined>;
}

/** A version of a tenant's policy as it was laid down. */
export interface PolicyVersion extends Policy {
  readonly reason: string;
  readonly changedBy: string;
  readonly changedAt: Date;
  /** What held before it. */
  readonly previous: PolicyDocument;
}

export interface PolicyStore {
  /** Number of the version in force; nobody else changes it before the transaction ends. */
  lock(tx: Tx): Promise<number>;
  find(tx: Tx, version: number): Promise<PolicyVersion | undefined>;
  /** The version in force; undefined while nothing was laid down. */
  current(tx: Tx): Promise<PolicyVersion | undefined>;
  /** Newest first. */
  list(tx: Tx, page: PageArgs): Promise<Page<PolicyVersion>>;
  count(tx: Tx): Promise<number>;
  /** Puts a version in force. The number must be locked. */
  put(tx: Tx, version: Omit<PolicyVersion, 'previous'>): Promise<void>;
}

/** Reads what was proposed. */
export interface ProposalHistory {
  /** In the order of proposal, from `from` on (or behind a proposal) and before `to`. */
  page(
    tx: Tx,
    range: {
      readonly from: Date;
      readonly to: Date;
      readonly behind: RecordedProposal | undefined;
      readonly limit: number;
    },
  ): Promise<readonly RecordedProposal[]>;
}

export interface BudgetStore {
  /** Holds the counts until the transaction ends, and gives how many places of each are taken, by `budgetKey`. */
  lock(tx: Tx, holds: readonly BudgetHold[]): Promise<ReadonlyMap<string, number>>;
  /** How many places of each are taken at this moment, by `budgetKey`; holds nothing. */
  read(tx: Tx, holds: readonly BudgetHold[]): Promise<ReadonlyMap<string, number>>;
  /** Takes one place for each hold; a hold may stand there more than once. The counts must be locked. */
  take(tx: Tx, holds: readonly BudgetHold[]): Promise<void>;
  /** How many places are taken of each count of a budget, the most first. */
  used(
    tx: Tx,
    of: { readonly budget: string; readonly windowStart: Date; readonly limit: number },
  ): Promise<readonly { readonly scope: string; readonly used: number }[]>;
}
