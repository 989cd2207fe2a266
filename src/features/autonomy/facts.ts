import { DomainError } from '../../kernel/errors.js';
import type { Tx } from '../../kernel/transaction.js';
import { GATED_STAGES } from '../guardrails/index.js';
import type { Facts } from '../policy/index.js';
import type { Action } from './domain/action.js';
import { situate } from './domain/proposal.js';
import type { ReferenceReader } from './ports.js';

/**
 * What the check looks at beside the type, as a proposal would find it now. Undefined where what the action names is
 * gone or belongs to another account by now.
 */
export async function factsOf(tx: Tx, reader: ReferenceReader, action: Action): Promise<Facts | undefined> {
  const [references] = await reader.resolve(tx, [action]);
  if (!references) throw new Error('references were not resolved');
  const named = { ...action, dealStage: action.facts.givenStage };
  try {
    const { accountId, facts } = situate(named, references, (stage) => GATED_STAGES.has(stage));
    return accountId === action.accountId ? facts : undefined;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'VALIDATION_FAILED') return undefined;
    throw error;
  }
}
