import { createHash } from 'node:crypto';
import type { ApprovalRecording } from '../../src/features/autonomy/ports.js';

/** The same for every contestant. */
export interface Fixture {
  /** The API, for those who bring a schema of their own. */
  readonly sdl: string;
  /** What `document` must give. */
  readonly data: ApprovalsData;
}

export interface ApprovalsData {
  readonly approvals: {
    readonly edges: readonly { readonly node: { readonly requestedAt: string; readonly expiresAt: string } }[];
    readonly pageInfo: object;
  };
}

export const ROWS = 20;

/** Twenty rows of nine fields, as an approver's screen asks for them. */
export const DOCUMENT = `query PendingApprovals($first: Int!) {
  approvals(first: $first) {
    edges { node {
      id status digest requestedAt expiresAt
      action { id actionType rationale proposedBy }
    } }
    pageInfo { hasNextPage endCursor }
  }
}`;

export const BODY = JSON.stringify({
  query: DOCUMENT,
  variables: { first: ROWS },
  operationName: 'PendingApprovals',
});

const TENANT = '01900000-0000-7000-8000-000000000000';
const START = Date.UTC(2026, 0, 5, 9);
const idOf = (kind: string, index: number): string => `01900000-0000-7000-8${kind}-${String(index).padStart(12, '0')}`;

/** Twenty requests for approval, as the store would give them. */
export function pendingRecordings(): readonly ApprovalRecording[] {
  return Array.from({ length: ROWS }, (_, index) => {
    const canonical = JSON.stringify({
      form: 'countersign.action.v2',
      payload: {
        to: `buyer-${index}@example.com`,
        subject: 'Our proposal',
        text: 'Dear all, as we agreed. '.repeat(8),
      },
    });
    const digest = createHash('sha256').update(canonical).digest('hex');
    const at = new Date(START + index * 60_000);
    const action = {
      tenantId: TENANT,
      id: idOf('000', index),
      actionType: 'send_proposal',
      tier: 'approval_required' as const,
      reason: 'approval_required' as const,
      explanation: null,
      status: 'pending_approval' as const,
      dealStage: 'evaluation' as const,
      accountId: idOf('001', index),
      dealId: null,
      cloneId: null,
      contactId: null,
      connector: 'agent' as const,
      policyVersion: 0,
      facts: { dealStage: null, givenStage: null, contactTitles: [], optedOut: false },
      revision: 0,
      endedReason: null,
      attempts: 0,
      nextAttemptAt: null,
      budgets: [],
      canonical,
      digest,
      rationale: 'They asked for an offer by the end of the week, and the terms are the ones from the last call.',
      idempotencyKey: `key-${index}`,
      requestDigest: digest,
      proposedBy: 'agent-one',
      proposedByRoot: 'agent-one',
      proposedAt: at,
      updatedAt: at,
      claimedBy: null,
      claimedAt: null,
      claimKey: null,
      leaseEpoch: 0,
      leaseUntil: null,
      finishedAt: null,
      outcome: null,
      failure: null,
    };
    const approval = {
      tenantId: TENANT,
      id: idOf('002', index),
      actionId: action.id,
      status: 'pending' as const,
      reason: action.reason,
      digest,
      requestedAt: at,
      expiresAt: new Date(at.getTime() + 72 * 3_600_000),
      quorum: 1,
      requiredRole: 'approver' as const,
      fallbackRole: 'approver' as const,
      escalatesAt: new Date(at.getTime() + 36 * 3_600_000),
      escalatedAt: null,
      validUntil: null,
      policyVersion: 0,
      decidedBy: null,
      decidedAt: null,
      comment: null,
    };
    return { action, approval };
  });
}
