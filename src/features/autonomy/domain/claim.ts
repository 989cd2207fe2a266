import { type Actor, nameKey } from '../../../kernel/actor.js';
import { DomainError } from '../../../kernel/errors.js';
import { classifyAction } from '../../guardrails/domain/index.js';
import type { Connector } from '../../policy/domain/index.js';
import { type Action, statesBefore } from './action.js';
import type { Approval } from './approval.js';

/**
 * The server runs no hard stop, whatever state it is recorded in.
 *
 * @throws HARD_STOP
 */
export function requireNoHardStop({ id, actionType, status }: Action): void {
  if (status !== 'blocked' && classifyAction(actionType) !== 'hard_stop') return;
  throw new DomainError(
    'HARD_STOP',
    `${actionType} is a hard stop: the server never runs it. A person does it, outside.`,
    { actionId: id },
  );
}

/**
 * A claim is for an action that is allowed or approved, and for whoever the policy lets run it.
 *
 * @param connector who claims: an agent, or a connector of the server
 * @throws CONFLICT with the state it is in now
 */
export function requireClaimable(action: Action, connector: Connector): void {
  const claimable = statesBefore('executing');
  if (!claimable.includes(action.status)) throw claimConflict(action, `claiming needs ${claimable.join(' or ')}`);
  if (action.connector === connector) return;
  throw claimConflict(action, `it is run by the connector ${action.connector}, not by ${connector}`);
}

/**
 * A key that is bound to a clone runs what is done in that clone's voice and nothing else, or a pause of the clone would
 * not stop its key.
 *
 * @throws FORBIDDEN for an action of another clone, or of none
 */
export function requireOwnVoice({ boundCloneId }: Actor, { id, cloneId }: Action): void {
  if (boundCloneId === undefined || cloneId === boundCloneId) return;
  throw new DomainError(
    'FORBIDDEN',
    `This API key is bound to clone ${boundCloneId}; the action is ${cloneId === null ? 'of no clone' : `of clone ${cloneId}`}. Claim it by another key.`,
    { actionId: id, boundCloneId, cloneId },
  );
}

/** Whether the actor has the claim, or had the last one. Whether it still runs is for the conditional write to say. */
export const holdsClaim = (actor: Actor, { claimedBy }: Action): boolean =>
  claimedBy !== null && nameKey(claimedBy) === nameKey(actor.name);

/** Whether the holder of a running claim sends that very claim again. */
export const isSentAgain = (actor: Actor, action: Action, claimKey: string | undefined): boolean =>
  claimKey !== undefined && action.claimKey === claimKey && action.status === 'executing' && holdsClaim(actor, action);

/** How long a claim on what nobody signed may be held, in milliseconds. */
export const LONGEST_CLAIM_MS = 24 * 3_600_000;

/**
 * Up to when a claim may be put off: as long as what was signed is good, and a day where nobody had to sign. An answer
 * to a question of the past is not run for ever.
 */
export function heldAtMostUntil(
  { claimedAt, updatedAt }: Pick<Action, 'claimedAt' | 'updatedAt'>,
  approval: Pick<Approval, 'validUntil'> | undefined,
): Date {
  return approval?.validUntil ?? new Date((claimedAt ?? updatedAt).getTime() + LONGEST_CLAIM_MS);
}

/** Tells the state the action is in now, and who has it. */
export const claimConflict = ({ id, status, claimedBy, leaseEpoch, updatedAt }: Action, needed: string): DomainError =>
  new DomainError('CONFLICT', `The action is ${status} since ${updatedAt.toISOString()}; ${needed}.`, {
    actionId: id,
    status,
    claimedBy,
    leaseEpoch,
    since: updatedAt.toISOString(),
  });
