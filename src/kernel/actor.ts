import { DomainError } from './errors.js';
import type { Id } from './ids.js';

/** Closed list; each GraphQL operation declares which of these may call it. */
export const ROLES = ['agent', 'approver', 'manager', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who is calling, inside which tenant. Every use case takes one; nothing runs without an actor. */
export interface Actor {
  readonly tenantId: Id;
  /** The tenant's short name, as in tokens and on the command line. */
  readonly tenant: string;
  /** The principal's name within the tenant: the token's subject, or the agent of the API key. */
  readonly name: string;
  /** Who answers for the principal: the person an agent belongs to; itself when it belongs to nobody. */
  readonly root: string;
  readonly roles: ReadonlySet<Role>;
}

/**
 * A principal's name in the form that decides who is who. Names are ASCII, and another case is not another person:
 * `Ana` must not be able to sign what `ana` proposed, nor to get in where `ana` is suspended.
 */
export const nameKey = (name: string): string => name.toLowerCase();

/** Throws FORBIDDEN unless the actor holds one of the roles. */
export function requireRole(actor: Actor, allowed: readonly Role[], what: string): void {
  if (allowed.some((role) => actor.roles.has(role))) return;
  throw new DomainError(
    'FORBIDDEN',
    `${what} needs one of the roles ${allowed.join(', ')}; ${actor.name} has ${[...actor.roles].join(', ') || 'none'}.`,
    { requiredRoles: [...allowed] },
  );
}
