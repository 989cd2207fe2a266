import { DomainError } from '../../../kernel/errors.js';
import type { Action } from './action.js';
import type { Approval } from './approval.js';
import type { Revision } from './revision.js';

/** Tells who was first, and when. */
export const alreadyDecided = ({ id, status, decidedBy, decidedAt }: Approval): DomainError =>
  new DomainError(
    'CONFLICT',
    decidedAt === null
      ? `The request is ${status} already.`
      : `${decidedBy ?? 'Somebody'} was first: the request was ${status} at ${decidedAt.toISOString()}.`,
    { approvalId: id, status, decidedBy, decidedAt: decidedAt?.toISOString() ?? null },
  );

export const expired = ({ id, expiresAt }: Approval): DomainError =>
  new DomainError(
    'EXPIRED',
    `The request ran out at ${expiresAt.toISOString()} and nobody had decided. Nothing ran; the agent may propose again.`,
    { approvalId: id, expiresAt: expiresAt.toISOString() },
  );

/**
 * Tells who was shown something else what has been changed since, where that is known.
 *
 * @param action as it is now
 * @param revisions all of the action, the first one first
 */
export function digestMismatch(action: Action, received: string, revisions: readonly Revision[]): DomainError {
  const from = revisions.findIndex(({ digest }) => digest === received);
  const since = from < 0 ? [] : revisions.slice(from);
  const said = since.map(({ kind, editedBy }) =>
    kind === 'edited' ? `${editedBy} edited it` : 'its ground has moved',
  );
  return new DomainError(
    'DIGEST_MISMATCH',
    `What you were shown is not what is stored${said.length > 0 ? `: ${said.join(', then ')}` : ''}. Look at it again, and decide on the new digest.`,
    {
      expected: action.digest,
      received,
      revision: action.revision,
      changes: since.flatMap(({ diff }) => diff),
    },
  );
}
