import type { Action } from '../../../src/features/autonomy/domain/action.js';
import type { Approval } from '../../../src/features/autonomy/domain/approval.js';
import { canonicalAction, type SignedContent } from '../../../src/features/autonomy/domain/canonical.js';
import type { CastVote, Vote } from '../../../src/features/autonomy/domain/vote.js';
import type { Demands, Facts, Policy, PolicyDocument } from '../../../src/features/policy/domain/index.js';

export const NOW = new Date('2026-03-04T12:00:00Z');
export const HOUR_MS = 3_600_000;
export const later = (hours: number): Date => new Date(NOW.getTime() + hours * HOUR_MS);

export const FACTS: Facts = { dealStage: null, givenStage: null, contactTitles: [], optedOut: false };

export const policyOf = (document: Partial<PolicyDocument> = {}, version = 3): Policy => ({
  version,
  document: { rules: {}, budgets: [], ...document },
});

const CONTENT = {
  tenantId: 'tenant-1',
  actionType: 'send_proposal',
  accountId: 'account-1',
  dealId: 'deal-1',
  cloneId: 'clone-1',
  contactId: 'contact-1',
  connector: 'agent' as const,
  policyVersion: 3,
  revision: 0,
};

/** An action as it is recorded while it waits for a person, with whatever is to be different. */
export function actionOf({
  payload = { text: 'Dear Kim' },
  ...more
}: Partial<Action> & { payload?: object } = {}): Action {
  const content = { ...CONTENT, ...more };
  return {
    ...content,
    id: 'action-1',
    tier: 'approval_required',
    reason: 'approval_required',
    explanation: 'It waits for a person.',
    status: 'pending_approval',
    dealStage: null,
    facts: FACTS,
    rationale: null,
    idempotencyKey: 'key',
    requestDigest: '',
    proposedBy: 'agent-one',
    proposedByRoot: 'agent-one',
    proposedAt: NOW,
    updatedAt: NOW,
    claimedBy: null,
    claimedAt: null,
    claimKey: null,
    leaseEpoch: 0,
    leaseUntil: null,
    finishedAt: null,
    outcome: null,
    failure: null,
    endedReason: null,
    attempts: 0,
    nextAttemptAt: null,
    budgets: [],
    ...canonicalAction({ ...signedPart(content), payload: { ...payload } }),
    ...more,
  };
}

const signedPart = ({
  tenantId,
  actionType,
  accountId,
  dealId,
  cloneId,
  contactId,
  connector,
  policyVersion,
  revision,
}: Omit<SignedContent, 'payload'>) => ({
  tenantId,
  actionType,
  accountId,
  dealId,
  cloneId,
  contactId,
  connector,
  policyVersion,
  revision,
});

export const approvalOf = (more: Partial<Approval> = {}): Approval => ({
  tenantId: 'tenant-1',
  id: 'approval-1',
  actionId: 'action-1',
  status: 'pending',
  reason: 'approval_required',
  digest: 'digest',
  requestedAt: NOW,
  expiresAt: later(24),
  quorum: 1,
  requiredRole: 'approver',
  fallbackRole: 'approver',
  escalatesAt: later(12),
  escalatedAt: null,
  validUntil: null,
  policyVersion: 3,
  decidedBy: null,
  decidedAt: null,
  comment: null,
  ...more,
});

export const voteOf = (more: Partial<Vote> = {}): Vote => ({
  tenantId: 'tenant-1',
  id: 'vote-1',
  approvalId: 'approval-1',
  digest: 'digest',
  verdict: 'approved',
  voter: 'ana',
  voterRoot: 'ana',
  role: 'approver',
  onBehalfOf: null,
  delegationId: null,
  comment: null,
  at: NOW,
  ...more,
});

/** A vote of somebody about whom nothing is laid down. */
export const castOf = (vote: Partial<Vote> = {}, more: Partial<CastVote> = {}): CastVote => ({
  vote: voteOf(vote),
  voter: undefined,
  entitled: undefined,
  isTakenBack: false,
  ...more,
});

export const demandsAs = (more: Partial<Demands> = {}): Demands => ({
  decision: {
    actionType: 'send_proposal',
    tier: 'approval_required',
    allowed: false,
    reason: 'approval_required',
    requiresHuman: true,
    explanation: 'It waits.',
  },
  quorum: 1,
  requiredRole: 'approver',
  fallbackRole: 'approver',
  openMs: 24 * HOUR_MS,
  connector: 'agent',
  ...more,
});
