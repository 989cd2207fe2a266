import { type Actor, ROLES, type Role, requireRole } from '../../kernel/actor.js';
import type { EventType, LogEvent } from '../../kernel/events.js';

/** What a resolver receives, the same over HTTP and over WebSocket, made anew for every operation. */
export interface GraphQLContext {
  /** Throws UNAUTHENTICATED, saying what was wrong with the token, unless the caller proved who they are. */
  readonly actor: () => Actor;
  /** Opens a cursor over the log of the caller's tenant. Rejects with CURSOR_EXPIRED when the place is not kept. */
  readonly follow: (request: LiveRequest) => Promise<AsyncGenerator<LogEvent, void>>;
}

/** What the data of an event must say, by the fact's name. */
export type Facts = Readonly<Record<string, string | readonly string[]>>;

/** What a subscription asks of the log. */
export interface LiveRequest {
  /** Asked before the first event and again before each one, so that a token that ran out ends the stream. */
  readonly mayGoOn: () => Actor;
  readonly types: readonly EventType[];
  /** Only events whose data says exactly this, or one of these. */
  readonly facts: Facts;
  /** Only events about this object; undefined: about any. */
  readonly subjectId?: string | undefined;
  readonly after: string | null | undefined;
}

/** The first line of every root resolver: who calls, and may they? */
export function authorize(context: GraphQLContext, operation: string, roles: readonly Role[] = ROLES): Actor {
  const actor = context.actor();
  requireRole(actor, roles, operation);
  return actor;
}

/** What the arguments of a subscription may have. */
interface LiveArgs {
  readonly after?: string | null;
}

export interface LiveOptions<Args> {
  readonly roles?: readonly Role[];
  /** Reads the filter arguments: what an event's data must say. Throws VALIDATION_FAILED for what can never match. */
  readonly factsOf?: (args: Args) => Facts;
  /** Reads the argument that names the object the events are about. */
  readonly subjectOf?: (args: Args) => string | undefined;
}

/** The `subscribe` function of a subscription field: a cursor over the log, of certain event types only. */
export const live =
  <Args extends LiveArgs>(
    operation: string,
    types: readonly EventType[],
    { roles = ROLES, factsOf = () => ({}), subjectOf = () => undefined }: LiveOptions<Args> = {},
  ) =>
  async ({ args, context }: { args: Args; context: GraphQLContext }): Promise<AsyncGenerator<LogEvent, void>> => {
    const mayGoOn = () => authorize(context, operation, roles);
    mayGoOn();
    return context.follow({ mayGoOn, types, facts: factsOf(args), subjectId: subjectOf(args), after: args.after });
  };

/** Description of the `after` argument that every subscription has. */
export const AFTER =
  'The `cursor` of the last event you have seen: you get exactly what came behind it, in order, then live. Left out: from now on.';
