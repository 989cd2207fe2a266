import type { Id } from '../../kernel/ids.js';
import type { Tx } from '../../kernel/transaction.js';
import type {
  DealFigures,
  DecisionFigures,
  ExecutionFigures,
  InteractionFigures,
  JourneyFigures,
} from './domain/figures.js';
import type { Period } from './domain/period.js';

/** Which of the tenant's data to look at. */
export interface Scope {
  readonly period: Period;
  /** Only what belongs to this clone; null for the whole tenant. */
  readonly cloneId: Id | null;
  /** Tells a period that is over from one that still runs. */
  readonly now: Date;
}

/** Counts and adds up in the store, set by set, so that cost does not depend on what is sent to this process. */
export interface FigureReader {
  deals(tx: Tx, scope: Scope): Promise<DealFigures>;
  journeys(tx: Tx, scope: Scope): Promise<JourneyFigures>;
  interactions(tx: Tx, scope: Scope): Promise<InteractionFigures>;
  decisions(tx: Tx, scope: Scope): Promise<DecisionFigures>;
  executions(tx: Tx, scope: Scope): Promise<ExecutionFigures>;
}

/** The agent personas of the tenant. */
export interface CloneDirectory {
  list(tx: Tx): Promise<readonly { readonly id: Id }[]>;
}
