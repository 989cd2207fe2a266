import { type Actor, ROLES, requireRole, type Role } from '../../kernel/actor.js';
import { DomainError } from '../../kernel/errors.js';

/** What a resolver receives, the same over HTTP and over WebSocket, made anew for every operation. */
export interface GraphQLContext {
  /** Throws UNAUTHENTICATED, saying what was wrong with the token, unless the caller proved who they are. */
  readonly actor: () => Actor;
}

export const anonymous = (why: string): GraphQLContext => ({
  actor: () => {
    throw new DomainError('UNAUTHENTICATED', why);
  },
});

/** The first line of every root resolver: who calls, and may they? `roles` empty means any signed-in caller. */
export function authorize(context: GraphQLContext, operation: string, roles: readonly Role[] = ROLES): Actor {
  const actor = context.actor();
  requireRole(actor, roles, operation);
  return actor;
}
