import type { Tx } from '../../kernel/transaction.js';
import type { Action } from './domain/action.js';
import { type Closing, closingAs } from './domain/closing.js';
import type { AttemptReader } from './ports.js';

/**
 * How an action ends, given what its connector has tried, see `closingAs`.
 *
 * @param action held by the transaction
 */
export async function closingOf(
  tx: Tx,
  attempts: Pick<AttemptReader, 'mayHaveRun'>,
  action: Pick<Action, 'id' | 'attempts'>,
  planned: Closing,
): Promise<Closing> {
  return closingAs(planned, action.attempts > 0 && (await attempts.mayHaveRun(tx, action)));
}
