import { DomainError } from '../../kernel/errors.js';
import type { Tx } from '../../kernel/transaction.js';
import { GATED_STAGES } from '../guardrails/index.js';
import { connectorOf, type Facts, type Policy } from '../policy/index.js';
import type { Action } from './domain/action.js';
import { addressesIn } from './domain/addresses.js';
import { payloadOf } from './domain/canonical.js';
import { type ProposeCommand, situate } from './domain/proposal.js';
import type { ReferenceReader } from './ports.js';

/** What of an action an edit puts another in the place of. */
export type Content = Pick<ProposeCommand, 'actionType' | 'payload'>;

/**
 * What the check looks at beside the type, as a proposal would find it now. Undefined where what the action names is
 * gone or belongs to another account by now.
 *
 * @param policy by which it is told who runs it, and so whether it leaves the house
 * @param content what it shall be from now on; left out: as it is
 */
export async function factsOf(
  tx: Tx,
  { references: reader, policy }: { readonly references: ReferenceReader; readonly policy: Policy },
  action: Action,
  content: Content = { ...action, payload: payloadOf(action.canonical) },
): Promise<Facts | undefined> {
  const [references] = await reader.resolve(tx, [
    { ...action, addresses: addressesIn({ ...content, connector: connectorOf(policy, content.actionType) }) },
  ]);
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
