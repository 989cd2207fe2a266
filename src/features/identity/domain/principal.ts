import { nameKey, type Role } from '../../../kernel/actor.js';
import { DomainError, invalid } from '../../../kernel/errors.js';
import type { Id } from '../../../kernel/ids.js';

/** What a tenant has laid down about one of its principals. Who has no such record is what their token says. */
export interface User {
  readonly tenantId: Id;
  readonly id: Id;
  /** As first written; compared by `nameKey`. */
  readonly name: string;
  /** The roles it may have at most; null: those its token gives. */
  readonly roles: readonly Role[] | null;
  /** The principal who answers for this one; null: itself. Never one that belongs to somebody in turn. */
  readonly owner: string | null;
  /** Since when it is locked out; null: it is not. */
  readonly suspendedAt: Date | null;
  readonly suspendedBy: string | null;
  readonly suspendReason: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const isSamePrincipal = (a: string, b: string): boolean => nameKey(a) === nameKey(b);

/** A token can lose roles by what the tenant lays down, never gain one. */
export const effectiveRoles = (proven: readonly Role[], laidDown: readonly Role[] | null): ReadonlySet<Role> =>
  new Set(laidDown === null ? proven : proven.filter((role) => laidDown.includes(role)));

/**
 * An administrator cannot lock out themselves. Changes of one tenant's users go one after the other and each first
 * asks whether the one who makes it still may, so whoever changed last is an administrator still: there is always one.
 *
 * @throws FORBIDDEN
 */
export function requireNotOneself(actor: string, name: string, what: string): void {
  if (!isSamePrincipal(actor, name)) return;
  throw new DomainError('FORBIDDEN', `Nobody can ${what}; ask another admin.`, { name });
}

/** What `setUser` asks to be laid down. */
export interface UserOrder {
  readonly name: string;
  readonly roles: readonly Role[];
  /** Undefined: as it is now. The user's own name: nobody but itself. */
  readonly owner: string | undefined;
}

/** What is stored of the principals that an order names. */
export interface UserSituation {
  readonly user: User | undefined;
  readonly owner: User | undefined;
  /** A principal that belongs to the user, if there is one. */
  readonly belongingToUser: string | undefined;
}

/**
 * Who answers for the user after the order. Ownership is one step deep: what belongs to an agent belongs to that
 * agent's owner, so that a root is found without a walk and no circle can come about.
 *
 * @throws VALIDATION_FAILED when the user owns others and would get an owner
 */
export function ownerAfter({ name, owner }: UserOrder, situation: UserSituation): string | null {
  if (owner === undefined) return situation.user?.owner ?? null;
  if (isSamePrincipal(owner, name)) return null;
  const root = situation.owner?.owner ?? situation.owner?.name ?? owner;
  const before = situation.user?.owner ?? null;
  if (before !== null && isSamePrincipal(root, before)) return before;
  if (isSamePrincipal(root, name)) {
    throw invalid(['input', 'owner'], `${owner} belongs to ${name}; expected a principal that does not.`);
  }
  if (situation.belongingToUser !== undefined) {
    throw invalid(
      ['input', 'owner'],
      `${situation.belongingToUser} belongs to ${name}, so ${name} cannot belong to somebody. Give ${situation.belongingToUser} to ${owner} first.`,
    );
  }
  return root;
}
