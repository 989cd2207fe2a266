import { newId } from '../../../kernel/ids.js';
import type { Demands } from '../../policy/domain/index.js';
import type { Action } from './action.js';
import type { Approval } from './approval.js';

/** The request to a person that an action opens: as strict as the policy demands, escalated at half its time. */
export function requestFor(action: Action, demands: Demands, now: Date): Approval {
  return {
    tenantId: action.tenantId,
    id: newId(now),
    actionId: action.id,
    status: 'pending',
    reason: demands.decision.reason,
    digest: action.digest,
    requestedAt: now,
    expiresAt: new Date(now.getTime() + demands.openMs),
    quorum: demands.quorum,
    requiredRole: demands.requiredRole,
    fallbackRole: demands.fallbackRole,
    escalatesAt: new Date(now.getTime() + demands.openMs / 2),
    escalatedAt: null,
    validUntil: null,
    policyVersion: action.policyVersion,
    decidedBy: null,
    decidedAt: null,
    comment: null,
  };
}
