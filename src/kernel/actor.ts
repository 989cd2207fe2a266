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
  /** The one clone in whose voice the API key may act; absent: any. */
  readonly boundCloneId?: Id;
}

/**
 * The clone in whose voice the actor acts: the one its key is bound to, whether it names it or not, so that leaving it
 * out is no way round that clone's pause and budgets.
 *
 * @throws FORBIDDEN for another clone than the key's
 */
export function voiceOf({ boundCloneId }: Actor, named: Id | null): Id | null {
  if (boundCloneId === undefined) return named;
  if (named === null || named === boundCloneId) return boundCloneId;
  throw new DomainError('FORBIDDEN', `This API key is bound to clone ${boundCloneId}; leave cloneId out, or name it.`, {
    boundCloneId,
  });
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
