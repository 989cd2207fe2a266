import { nameKey, type Role } from '../../../kernel/actor.js';
import { DomainError, invalid } from '../../../kernel/errors.js';
import type { Id } from '../../../kernel/ids.js';
import { DECIDING_ROLES, type DecidingRole } from '../../policy/domain/index.js';
import { holdsOneOf, type VoterStanding } from './vote.js';

/** A right to decide that one person lends another, for a time. What is lent cannot be lent on. */
export interface Delegation {
  readonly tenantId: Id;
  readonly id: Id;
  readonly fromUser: string;
  /** Who answered for the lender then. */
  readonly fromRoot: string;
  readonly toUser: string;
  readonly roles: readonly DecidingRole[];
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly reason: string | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
  readonly revokedBy: string | null;
}

/** Longest time for which a right may be lent, in days. */
export const MAX_DELEGATION_DAYS = 90;
const DAY_MS = 86_400_000;

/** What somebody asks to lend. */
export interface DelegationOrder {
  readonly to: string;
  readonly until: Date;
  /** Undefined: every deciding role that the lender holds. */
  readonly roles: readonly DecidingRole[] | undefined;
}

/** What is known of the two, as the transaction sees it. */
export interface DelegationSituation {
  readonly now: Date;
  /** Roles that the lender itself holds now. */
  readonly held: ReadonlySet<Role>;
  /** Every name of the lender. */
  readonly fromNames: readonly string[];
  /** Every name of who is to get it. */
  readonly toNames: readonly string[];
  /** What is laid down about who is to get it. */
  readonly standing: VoterStanding;
}

/**
 * The roles that are lent.
 *
 * @throws VALIDATION_FAILED for a time, role or person that will not do, FORBIDDEN for a role the lender does not hold
 */
export function rolesToLend({ to, until, roles }: DelegationOrder, situation: DelegationSituation): DecidingRole[] {
  const { now, held, fromNames, toNames, standing } = situation;
  const longest = new Date(now.getTime() + MAX_DELEGATION_DAYS * DAY_MS);
  if (until <= now || until > longest) {
    throw invalid(
      ['input', 'until'],
      `expected a time from now until ${longest.toISOString()}, ${MAX_DELEGATION_DAYS} days from now, got ${until.toISOString()}.`,
    );
  }
  const own = new Set(fromNames.map(nameKey));
  if (toNames.some((name) => own.has(nameKey(name)))) {
    throw invalid(['input', 'to'], `${to} and you are the same person; expected somebody else.`);
  }
  if (!holdsOneOf(DECIDING_ROLES, standing)) {
    throw invalid(
      ['input', 'to'],
      `${to} decides on nothing: expected an approver, manager or admin who is not suspended.`,
    );
  }
  const holds = DECIDING_ROLES.filter((role) => held.has(role));
  const lent = roles ?? holds;
  const missing = lent.filter((role) => !holds.includes(role));
  if (missing.length > 0 || lent.length === 0) {
    throw new DomainError(
      'FORBIDDEN',
      `You can lend only roles that you hold yourself (${holds.join(', ') || 'none'}), got ${missing.join(', ') || 'none'}.`,
      { held: holds, missing },
    );
  }
  return DECIDING_ROLES.filter((role) => lent.includes(role));
}
