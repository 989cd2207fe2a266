import type { Id } from '../../../kernel/ids.js';
import type { DecidingRole } from '../../policy/domain/index.js';

/** One person's word on one request; counts for exactly the digest it names. */
export interface Vote {
  readonly tenantId: Id;
  readonly id: Id;
  readonly approvalId: Id;
  readonly digest: string;
  readonly verdict: 'approved' | 'rejected';
  readonly voter: string;
  /** Who answered for the voter then. */
  readonly voterRoot: string;
  /** The role by which the voter, or whoever it stood in for, was entitled to decide. */
  readonly role: DecidingRole;
  /** In whose place; null: in the voter's own right. */
  readonly onBehalfOf: string | null;
  readonly delegationId: Id | null;
  readonly comment: string | null;
  readonly at: Date;
}
