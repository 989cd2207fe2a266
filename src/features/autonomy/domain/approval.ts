import { nameKey } from '../../../kernel/actor.js';
import type { Id } from '../../../kernel/ids.js';
import type { DecisionReason } from '../../guardrails/domain/index.js';
import type { DecidingRole } from '../../policy/domain/index.js';

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
  readonly reason: DecisionReason;
  /** Digest of what is to be signed. */
  readonly digest: string;
  readonly requestedAt: Date;
  readonly expiresAt: Date;
  /** How many different people have to approve. */
  readonly quorum: number;
  /** The weakest role that may decide. */
  readonly requiredRole: DecidingRole;
  /** The weakest role that may decide once the request was escalated. */
  readonly fallbackRole: DecidingRole;
  /** When it is escalated if nobody has decided. */
  readonly escalatesAt: Date | null;
  readonly escalatedAt: Date | null;
  /** Once approved: when the approval itself goes stale. */
  readonly validUntil: Date | null;
  /** The policy the request was made under. */
  readonly policyVersion: number;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly comment: string | null;
}

/**
 * Whether a decision would be one's own on one's own proposal. Each side comes with every name it goes by: its own,
 * and who answered for it then and answers for it now. One name in common, in whatever case, is enough.
 */
export function isOwnProposal(proposer: readonly string[], decider: readonly string[]): boolean {
  const names = new Set(proposer.map(nameKey));
  return decider.some((name) => names.has(nameKey(name)));
}

/** Up to when a request that is approved now stays good: as long again as it was open. */
export const goodUntil = ({ requestedAt, expiresAt }: Pick<Approval, 'requestedAt' | 'expiresAt'>, now: Date): Date =>
  new Date(now.getTime() + expiresAt.getTime() - requestedAt.getTime());
