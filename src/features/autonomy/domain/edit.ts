import { DomainError, invalid } from '../../../kernel/errors.js';
import type { JsonObject } from '../../../kernel/json.js';
import { DECIDING_ROLES, type DecidingRole, type Demands } from '../../policy/domain/index.js';
import type { Action } from './action.js';
import { hardStopMatter } from './edit-content.js';

/** Whether nobody signs it, here. */
export const isHardStop = ({ decision: { reason } }: Demands): boolean =>
  reason === 'hard_stop' || reason === 'policy_hard_stop';

/**
 * An edit crosses into no hard stop, neither by its type nor by what it says.
 *
 * @throws HARD_STOP
 */
export function requireWithinReach(
  demands: Demands,
  payload: { readonly before: JsonObject; readonly after: JsonObject },
): void {
  const { actionType, reason } = demands.decision;
  if (isHardStop(demands)) {
    throw new DomainError('HARD_STOP', `${actionType} is a hard stop: nobody signs it. A person does it, outside.`, {
      actionType,
      reason: reason.toUpperCase(),
    });
  }
  const findings = hardStopMatter(payload.before, payload.after);
  const [first] = findings;
  if (!first) return;
  throw new DomainError(
    'HARD_STOP',
    `The edit brings in what only people do, outside (${first.matter}, at ${first.path}). Nothing was changed. Leave it out, or reject the request.`,
    { findings: findings.slice(0, 20).map((finding) => ({ ...finding, found: finding.found.slice(0, 200) })) },
  );
}

/** How many people, and of which roles, have to sign. */
type Strictness = Pick<Demands, 'quorum' | 'requiredRole' | 'fallbackRole'>;

/**
 * An edit changes something, and what it makes of a request still has to be asked for: at least by as many people,
 * and by as strong roles.
 *
 * @param edit.atLeast what the request asks for, and what today's policy asks for what it was made for: a policy that
 *   was tightened since is not got round by another type
 * @throws VALIDATION_FAILED
 */
export function requireAskedFor(edit: {
  readonly action: Action;
  readonly demands: Demands;
  readonly atLeast: readonly Strictness[];
  readonly isSame: boolean;
}): void {
  const { action, demands, atLeast, isSame } = edit;
  if (isSame) throw invalid(['input', 'payload'], 'expected something else than what is asked for already.');
  const { decision } = demands;
  if (decision.actionType === action.actionType) return;
  if (!decision.allowed && atLeast.every((floor) => isAsStrict(demands, floor))) return;
  throw invalid(
    ['input', 'actionType'],
    `${decision.actionType} needs fewer or weaker signatures than ${action.actionType}. Reject the request, and let the agent propose that.`,
  );
}

const isAsStrict = (demands: Strictness, floor: Strictness): boolean =>
  demands.quorum >= floor.quorum &&
  isAsStrong(demands.requiredRole, floor.requiredRole) &&
  isAsStrong(demands.fallbackRole, floor.fallbackRole);

const isAsStrong = (role: DecidingRole, than: DecidingRole): boolean =>
  DECIDING_ROLES.indexOf(role) >= DECIDING_ROLES.indexOf(than);
