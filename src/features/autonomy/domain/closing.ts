import { DomainError } from '../../../kernel/errors.js';
import type { ActionStatus } from './action.js';

/** How an action that will not be started (again) ends, and what people and agents are told. */
export interface Closing {
  readonly status: ActionStatus;
  readonly endedReason: string;
}

/**
 * An action that a connector has tried, with nobody knowing what came of it, may have happened. Ended as "it did not
 * run", it would be proposed again and happen twice; so a person has to find out.
 */
export const closingAs = (planned: Closing, mayHaveHappened: boolean): Closing =>
  mayHaveHappened
    ? {
        status: 'outcome_unknown',
        endedReason:
          'An earlier attempt may have had its effect, and it will not be made again. Find out and reconcile. ' +
          `Why it ended: ${planned.endedReason}`,
      }
    : planned;

/** The refusal of a claim on an action that may have happened. */
export const mayHaveRun = (actionId: string, endedReason: string): DomainError =>
  new DomainError('CONFLICT', endedReason, { actionId, status: 'OUTCOME_UNKNOWN' });
