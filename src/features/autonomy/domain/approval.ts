import type { Id } from '../../../kernel/ids.js';

/** Closed list; all but `pending` are final. */
export const APPROVAL_STATUSES = ['pending', 'approved', 'rejected', 'expired', 'invalidated', 'cancelled'] as const;
export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number];

/** A request to a person: a token that is spent once, not a flag that is read. */
export interface Approval {
  readonly tenantId: Id;
  readonly id: Id;
  readonly actionId: Id;
  readonly status: ApprovalStatus;
  /** Why a person is needed: the guardrail's reason. */
  readonly reason: string;
  /** Digest of what is to be signed. */
  readonly digest: string;
  readonly requestedAt: Date;
  readonly expiresAt: Date;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly comment: string | null;
}
