import { DomainError } from '../../kernel/errors.js';
import type { Tx } from '../../kernel/transaction.js';
import type { Action, ActionStatus } from './domain/action.js';
import type { AttemptReader } from './ports.js';

/** How an action that will not be started (again) ends, and what people and agents are told. */
export interface Closing {
  readonly status: ActionStatus;
  readonly endedReason: string;
}

/**
 * An action that a connector has tried, with nobody knowing what came of it, may have happened. Ended as "it did not
 * run", it would be proposed again and happen twice; so a person has to find out.
 *
 * @param action held by the transaction
 */
export async function closingOf(
  tx: Tx,
  attempts: Pick<AttemptReader, 'mayHaveRun'>,
  action: Pick<Action, 'id' | 'attempts'>,
  planned: Closing,
): Promise<Closing> {
  if (action.attempts === 0 || !(await attempts.mayHaveRun(tx, action))) return planned;
  return {
    status: 'outcome_unknown',
    endedReason:
      'An earlier attempt may have had its effect, and it will not be made again. Find out and reconcile. ' +
      `Why it ended: ${planned.endedReason}`,
  };
}

/** The refusal of a claim on such an action. */
export const mayHaveRun = (actionId: string, endedReason: string): DomainError =>
  new DomainError('CONFLICT', endedReason, { actionId, status: 'OUTCOME_UNKNOWN' });
