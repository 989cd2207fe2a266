import type { Tx } from '../../kernel/transaction.js';
import { GATED_STAGES } from '../guardrails/index.js';
import type { Facts } from '../policy/index.js';
import type { Action } from './domain/action.js';
import { situate } from './domain/proposal.js';
import type { ReferenceReader } from './ports.js';

/** What the check looks at beside the type, as a proposal would find it now. */
export async function factsOf(tx: Tx, reader: ReferenceReader, action: Action): Promise<Facts> {
  const [references] = await reader.resolve(tx, [action]);
  if (!references) throw new Error('references were not resolved');
  const named = { ...action, dealStage: action.facts.givenStage };
  return situate(named, references, (stage) => GATED_STAGES.has(stage)).facts;
}
