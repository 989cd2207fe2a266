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
  /** The principal's name within the tenant: the token's subject. */
  readonly name: string;
  readonly roles: ReadonlySet<Role>;
}

/** Throws FORBIDDEN unless the actor holds one of the roles. */
export function requireRole(actor: Actor, allowed: readonly Role[], what: string): void {
  if (allowed.some((role) => actor.roles.has(role))) return;
  throw new DomainError(
    'FORBIDDEN',
    `${what} needs one of the roles ${allowed.join(', ')}; ${actor.name} has ${[...actor.roles].join(', ') || 'none'}.`,
    { requiredRoles: [...allowed] },
  );
}
