import { cursorToPosition } from '../realtime/event-log.js';
import type { EventTail } from '../realtime/event-tail.js';
import type { EventType, LogEvent } from '../../kernel/events.js';
import type { Role } from '../../kernel/actor.js';
import { authorize, type GraphQLContext } from './context.js';

/** What a subscription asks of the log. */
export interface LiveRequest {
  readonly context: GraphQLContext;
  /** Name of the subscription field. */
  readonly operation: string;
  readonly roles?: readonly Role[];
  readonly types: readonly EventType[];
  readonly after: string | null | undefined;
}

/** Opens a subscription: a cursor over the log of the caller's tenant, of certain event types only. */
export type FollowLog = (request: LiveRequest) => AsyncGenerator<LogEvent, void>;

export const followLog =
  (tail: EventTail): FollowLog =>
  ({ context, operation, roles, types, after }) => {
    // Checked at once, so that a refusal answers the subscribe message and not the first event.
    const { tenantId } = authorize(context, operation, roles);
    const position = after === null || after === undefined ? tail.end() : cursorToPosition(after, 'after');
    const wanted = new Set(types);
    const stop = new AbortController();
    const events = tail.follow(tenantId, position, stop.signal);
    const next = async (): Promise<IteratorResult<LogEvent, void>> => {
      for (;;) {
        const result = await events.next();
        if (result.done) return result;
        // A token that ran out in the meantime ends the stream.
        authorize(context, operation, roles);
        if (wanted.has(result.value.type)) return result;
      }
    };
    // Not an async generator function: its return() would wait behind a pending next(), which waits for an event.
    const end = async (): Promise<IteratorResult<LogEvent, void>> => {
      stop.abort();
      await events.return();
      return { done: true, value: undefined };
    };
    return {
      next,
      return: end,
      throw: end,
      [Symbol.asyncIterator]() {
        return this;
      },
      async [Symbol.asyncDispose]() {
        await end();
      },
    };
  };
