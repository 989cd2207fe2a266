import { DomainError } from '../../../kernel/errors.js';
import type { Action } from './action.js';
import { canonicalAction, payloadOf, sha256 } from './canonical.js';

/**
 * What runs is, byte for byte, what was recorded and, where a person was asked, what that person signed.
 *
 * @throws DIGEST_MISMATCH
 */
export function requireAsSigned(action: Action, signed: string): void {
  const stored = sha256(action.canonical);
  // The text too: two texts may parse alike (a key that stands twice, a key more), and the text is what is handed out.
  if (action.digest === signed && stored === signed && rebuild(action) === action.canonical) return;
  throw new DomainError(
    'DIGEST_MISMATCH',
    'What is stored is not what was signed; it will not run. Tell the operator.',
    { actionId: action.id, signed, stored },
  );
}

/** The text as the fields of the action have it; undefined where what is stored is not the text of any action. */
function rebuild(action: Action): string | undefined {
  try {
    return canonicalAction({ ...signedPart(action), payload: payloadOf(action.canonical) }).canonical;
    // Stryker disable next-line BlockStatement: undefined comes of it either way
  } catch {
    return undefined;
  }
}

const signedPart = (action: Action) => {
  const { tenantId, actionType, accountId, dealId, cloneId, contactId, connector, policyVersion, revision } = action;
  return { tenantId, actionType, accountId, dealId, cloneId, contactId, connector, policyVersion, revision };
};
