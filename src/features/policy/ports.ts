import type { Id } from '../../kernel/ids.js';
import type { Tx } from '../../kernel/transaction.js';
import type { BudgetHold } from './domain/budget.js';
import type { Pause, Policy } from './domain/policy.js';

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
  /** As it stands, and stays until the transaction ends: changes wait for it. */
  hold(tx: Tx): Promise<Control>;
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

export interface CloneDirectory {
  find(tx: Tx, id: Id): Promise<{ readonly id: Id } | undefined>;
}

export interface BudgetStore {
  /** Holds the counts until the transaction ends, and gives how many places of each are taken, by `budgetKey`. */
  lock(tx: Tx, holds: readonly BudgetHold[]): Promise<ReadonlyMap<string, number>>;
  /** Takes one place for each hold; a hold may stand there more than once. The counts must be locked. */
  take(tx: Tx, holds: readonly BudgetHold[]): Promise<void>;
}
