import type { Id } from '../../../kernel/ids.js';
import type { CitedEvidence, OpenDeal } from './grounds.js';

/**
 * The deal that a proposal names, so that the stage gate looks at it. A named deal decides alone; without one, all open
 * deals of the account count. So one that is not gated itself is named only where it is the account's only one: naming
 * it must not open a gate that another deal closes.
 *
 * @param about the deal that the ground is about; null: it is about none
 * @param open all open deals of the account
 */
export function dealToName(about: Id | null, open: readonly OpenDeal[]): Id | null {
  const deal = open.find(({ id }) => id === about);
  return deal && (deal.isGated || open.length === 1) ? deal.id : null;
}

/** Whom a word to the customer goes to: who took part in the newest piece of evidence that names somebody. */
export const contactToName = (evidence: readonly CitedEvidence[]): Id | null =>
  evidence.reduce<CitedEvidence | undefined>(
    (newest, piece) => (piece.contactId !== null && (!newest || piece.at > newest.at) ? piece : newest),
    undefined,
  )?.contactId ?? null;
