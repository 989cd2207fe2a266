import { DomainError, invalid } from '../../../kernel/errors.js';
import type { JsonObject } from '../../../kernel/json.js';
import { DECIDING_ROLES, type Demands } from '../../policy/domain/index.js';
import type { Action } from './action.js';
import type { Approval } from './approval.js';
import { hardStopMatter } from './edit-content.js';

/**
 * An edit crosses into no hard stop, neither by its type nor by what it says.
 *
 * @throws HARD_STOP
 */
export function requireWithinReach(
  { decision }: Demands,
  payload: { readonly before: JsonObject; readonly after: JsonObject },
): void {
  const { actionType, reason } = decision;
  if (reason === 'hard_stop' || reason === 'policy_hard_stop') {
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

/**
 * An edit changes something, and what it makes of a request still has to be asked for: at least by as many people,
 * and by as strong a role.
 *
 * @throws VALIDATION_FAILED
 */
export function requireAskedFor(edit: {
  readonly action: Action;
  readonly approval: Approval;
  readonly demands: Demands;
  readonly isSame: boolean;
}): void {
  const { action, approval, demands, isSame } = edit;
  if (isSame) throw invalid(['input', 'payload'], 'expected something else than what is asked for already.');
  const { decision, quorum, requiredRole } = demands;
  if (decision.actionType === action.actionType) return;
  const isWeaker =
    decision.allowed ||
    quorum < approval.quorum ||
    DECIDING_ROLES.indexOf(requiredRole) < DECIDING_ROLES.indexOf(approval.requiredRole);
  if (!isWeaker) return;
  throw invalid(
    ['input', 'actionType'],
    `${decision.actionType} needs fewer or weaker signatures than ${action.actionType}. Reject the request, and let the agent propose that.`,
  );
}
