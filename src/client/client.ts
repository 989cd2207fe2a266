import { print } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { TypedDocument, VariablesArgument } from './document.js';
import { type Endpoint, post } from './http.js';
import { LiveEvents } from './live-events.js';
import { endOfLog } from './start.js';

/** A subscription that can be resumed takes the cursor to start behind. */
export type LiveVariables = { readonly after?: string | null };

export interface LiveOptions<Result> {
  /** Picks the cursor out of an event, so that the subscription can continue behind it. */
  readonly cursorOf: (event: Result) => string;
}

/** Talks to one server in the name of one token, through typed documents. */
export interface CountersignClient {
  /** Sends a query or mutation. @throws CountersignError with the server's code and details */
  request<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    ...variables: VariablesArgument<Variables>
  ): Promise<Result>;
  /**
   * Starts a subscription, from now on unless the variables say `after`. It outlives lost connections and server
   * restarts without a gap or a repeat. Leaving the `for await` loop, `return()` or `close()` ends it.
   */
  subscribe<Result, Variables extends LiveVariables>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    options: LiveOptions<Result>,
  ): LiveEvents<Result>;
  /** Ends all subscriptions and the connection they share. Safe to call twice. */
  close(): Promise<void>;
}

/** How often an idle connection is tried, and how long the answer may take, in milliseconds. */
const PING_MS = 10_000;
const PONG_MS = 5_000;

/** Nothing is opened before it is needed. All subscriptions share one WebSocket. */
export function createCountersignClient(endpoint: Endpoint): CountersignClient {
  const socket = openSocket(endpoint);
  const open = new Set<LiveEvents<unknown>>();

  return {
    request: (document, ...[variables]) => post(endpoint, document, variables),
    subscribe<Result, Variables extends LiveVariables>(
      document: TypedDocument<Result, Variables>,
      variables: Variables,
      { cursorOf }: LiveOptions<Result>,
    ): LiveEvents<Result> {
      const query = print(document);
      const events = new LiveEvents<Result>(
        {
          cursorOf,
          start: async () => variables.after ?? endOfLog(endpoint),
          open: (after, sink) =>
            socket.subscribe<Result>(
              { query, variables: { ...variables, after } },
              {
                next: ({ data, errors }) => {
                  if (data !== undefined && data !== null && errors === undefined) sink.event(data);
                  else sink.end(errors ?? []);
                },
                error: (problem) => sink.end(problem),
                complete: () => sink.end(),
              },
            ),
        },
        () => open.delete(events),
      );
      open.add(events);
      return events;
    },
    async close() {
      await Promise.all([...open].map((events) => events.return()));
      await socket.dispose();
    },
  };
}

/** Reconnecting is left to `LiveEvents`, which alone knows behind which event to continue. */
function openSocket({ url, token }: Endpoint) {
  let impatience: NodeJS.Timeout | undefined;
  const socket = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    connectionAckWaitTimeout: PONG_MS,
    retryAttempts: 0,
    keepAlive: PING_MS,
    on: {
      // A connection may die without a word. Only an answer shows that somebody is still there.
      ping: (received) => {
        if (!received) impatience = setTimeout(() => socket.terminate(), PONG_MS);
      },
      pong: (received) => {
        if (received) clearTimeout(impatience);
      },
      closed: () => clearTimeout(impatience),
    },
  });
  return socket;
}
