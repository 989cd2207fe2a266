import { nameKey, type Role } from '../../../kernel/actor.js';
import type { Id } from '../../../kernel/ids.js';
import { DECIDING_ROLES, type DecidingRole, rolesFrom } from '../../policy/domain/index.js';
import type { Approval } from './approval.js';
import type { Delegation } from './delegation.js';
import { holdsOneOf, type VoterStanding } from './vote.js';

/** By what somebody may decide on a request. */
export interface Right {
  readonly role: DecidingRole;
  /** Whose right it is; null: one's own. */
  readonly onBehalfOf: string | null;
  readonly delegationId: Id | null;
}

/** A delegation to the decider, and what has to be known of who gave it. */
export interface Lent {
  readonly delegation: Delegation;
  /** How who gave it stands today. */
  readonly standing: VoterStanding;
  /** Every name of who gave it: its own, and who answered for it then and answers for it now. */
  readonly names: readonly string[];
}

/** What a caller's roles are worth inside this transaction: those proven, as far as they were not taken away since. */
export const heldRoles = (proven: ReadonlySet<Role>, laidDown: VoterStanding): ReadonlySet<Role> => {
  if (laidDown?.suspended) return new Set();
  const most = laidDown?.roles ?? null;
  return most === null ? proven : new Set([...proven].filter((role) => most.includes(role)));
};

/** The roles that may decide on a request at this moment, the weakest first. */
export const decidingRoles = ({ requiredRole, fallbackRole, escalatedAt }: Approval): readonly DecidingRole[] => {
  const weakest = escalatedAt === null ? [requiredRole] : [requiredRole, fallbackRole];
  return DECIDING_ROLES.filter((role) => weakest.some((least) => rolesFrom(least).includes(role)));
};

/**
 * By what the decider may decide: by a role of its own, else by one that is lent to it. What is lent counts only as
 * long as who lent it could decide itself: not suspended, still holding the role, and not upon its own proposal.
 *
 * @param held the roles the decider holds itself
 * @param lent in the order in which they were given
 * @param proposer every name of who proposed
 */
export function rightToDecide(
  approval: Approval,
  held: ReadonlySet<Role>,
  lent: readonly Lent[],
  proposer: readonly string[],
): Right | undefined {
  const entitled = decidingRoles(approval);
  const own = entitled.find((role) => held.has(role));
  if (own !== undefined) return { role: own, onBehalfOf: null, delegationId: null };
  if (!DECIDING_ROLES.some((role) => held.has(role))) return undefined;
  const proposers = new Set(proposer.map(nameKey));
  for (const { delegation, standing, names } of lent) {
    if (names.some((name) => proposers.has(nameKey(name)))) continue;
    const role = entitled.find((fit) => delegation.roles.includes(fit) && holdsOneOf([fit], standing));
    if (role !== undefined) return { role, onBehalfOf: delegation.fromUser, delegationId: delegation.id };
  }
  return undefined;
}
