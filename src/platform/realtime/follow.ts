import type { LogEvent } from '../../kernel/events.js';
import type { Facts, GraphQLContext } from '../graphql/context.js';
import { cursorToPosition } from './event-log.js';
import type { EventTail } from './event-tail.js';

/**
 * Subscriptions as cursors over the log, read from this process's tail.
 *
 * @param watch calls what it is given again and again, and gives how to end that: who may no longer listen is told so
 *   soon, also while nothing happens
 */
export const followLog =
  (tail: EventTail, watch: (check: () => void) => () => void): GraphQLContext['follow'] =>
  async ({ mayGoOn, types, facts, subjectId, after }) => {
    // Asked at once, so that a refusal answers the subscribe message and not the first event.
    const { tenantId } = mayGoOn();
    const position = after === null || after === undefined ? tail.end() : cursorToPosition(after, 'after');
    await tail.requireKept(tenantId, position);
    const stop = new AbortController();
    const events = tail.follow(tenantId, position, stop.signal, matcher(types, facts, subjectId));
    let refusal: { readonly error: unknown } | undefined;
    const unwatch = watch(() => {
      try {
        mayGoOn();
      } catch (error) {
        refusal = { error };
        unwatch();
        stop.abort();
      }
    });
    // Not an async generator function: its return() would wait behind a pending next(), which waits for an event.
    const end = async (): Promise<IteratorResult<LogEvent, void>> => {
      unwatch();
      stop.abort();
      await events.return();
      return { done: true, value: undefined };
    };
    const next = async (): Promise<IteratorResult<LogEvent, void>> => {
      try {
        const result = await events.next();
        if (refusal) throw refusal.error;
        if (result.done) return end();
        mayGoOn();
        return result;
      } catch (error) {
        // Nobody else does: graphql-js does not call return() after a next() that failed.
        await end();
        throw error;
      }
    };
    const cursor: AsyncGenerator<LogEvent, void> = {
      next,
      return: end,
      throw: end,
      [Symbol.asyncIterator]: () => cursor,
      async [Symbol.asyncDispose]() {
        await end();
      },
    };
    return cursor;
  };

function matcher(types: readonly string[], facts: Facts, subjectId: string | undefined): (event: LogEvent) => boolean {
  const wanted = new Set(types);
  const required = Object.entries(facts).map(([fact, values]) => [fact, new Set<unknown>([values].flat())] as const);
  return ({ type, data, subjectId: about }) =>
    wanted.has(type) &&
    (subjectId === undefined || about === subjectId) &&
    required.every(([fact, values]) => values.has(data[fact]));
}
