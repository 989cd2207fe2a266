import type { LogEvent } from '../../kernel/events.js';
import type { GraphQLContext } from '../graphql/context.js';
import { cursorToPosition } from './event-log.js';
import type { EventTail } from './event-tail.js';

/** Subscriptions as cursors over the log, read from this process's tail. */
export const followLog =
  (tail: EventTail): GraphQLContext['follow'] =>
  ({ mayGoOn, types, after }) => {
    // Asked at once, so that a refusal answers the subscribe message and not the first event.
    const { tenantId } = mayGoOn();
    const position = after === null || after === undefined ? tail.end() : cursorToPosition(after, 'after');
    const wanted = new Set(types);
    const stop = new AbortController();
    const events = tail.follow(tenantId, position, stop.signal);
    const next = async (): Promise<IteratorResult<LogEvent, void>> => {
      for (;;) {
        const result = await events.next();
        if (result.done) return result;
        mayGoOn();
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
