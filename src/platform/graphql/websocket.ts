import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  execute,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  parse,
  subscribe,
  validate,
} from 'graphql';
import { useServer as serveSockets } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { GraphQLContext } from './context.js';
import { DOCUMENT_LIMITS } from './limits.js';

export interface WebSocketDoorOptions {
  readonly server: Server;
  readonly path: string;
  readonly schema: GraphQLSchema;
  /** Makes the context from the connection parameter `authorization`. */
  readonly contextFor: (authorization: string | undefined) => Promise<GraphQLContext>;
  readonly formatError: (formatted: GraphQLFormattedError, thrown: unknown) => GraphQLFormattedError;
}

/** Largest message a client may send, in bytes: a subscription document and its variables are far smaller. */
const MAX_MESSAGE = 64 * 1024;

/** How long a client may take to answer the close, in milliseconds. */
const CLOSING_MS = 1_000;

/** Serves subscriptions, and nothing else, by the graphql-ws protocol. Returns how to stop. */
export function openWebSocketDoor({
  server,
  path,
  schema,
  contextFor,
  formatError,
}: WebSocketDoorOptions): () => Promise<void> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE, perMessageDeflate: false });

  const door = serveSockets<{ authorization?: unknown }>(
    {
      schema,
      execute,
      subscribe,
      connectionInitWaitTimeout: 5_000,
      async onSubscribe(socket, _id, { query, variables, operationName }) {
        const document = documentOf(query);
        if (document instanceof GraphQLError) return [document];
        const errors = validate(schema, document);
        if (errors.length > 0) return errors;
        if (getOperationAST(document, operationName)?.operation !== 'subscription') {
          return [
            new GraphQLError('Only subscriptions are served over WebSocket; send queries and mutations by HTTP.'),
          ];
        }
        const authorization = socket.connectionParams?.authorization;
        const contextValue = await contextFor(typeof authorization === 'string' ? authorization : undefined);
        return { schema, document, operationName, variableValues: variables, contextValue };
      },
      onError: (_socket, _id, _message, errors) => errors.map((error) => formatError(error.toJSON(), error)),
      onNext(_socket, _id, _message, _arguments, result) {
        if (!result.errors) return undefined;
        return { ...result, errors: result.errors.map((error) => formatError(error.toJSON(), error) as GraphQLError) };
      },
    },
    sockets,
  );

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (new URL(request.url ?? '/', 'http://localhost').pathname !== path) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
      return;
    }
    if (!isSameOrigin(request)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => sockets.emit('connection', webSocket, request));
  };
  server.on('upgrade', onUpgrade);

  return async () => {
    server.off('upgrade', onUpgrade);
    // 1012: "service restart", on which clients reconnect and resume from their cursor.
    for (const webSocket of sockets.clients) webSocket.close(1012, 'Server is restarting');
    const impatience = setTimeout(() => {
      for (const webSocket of sockets.clients) webSocket.terminate();
    }, CLOSING_MS);
    await door.dispose();
    clearTimeout(impatience);
  };
}

function documentOf(query: string) {
  try {
    return parse(query, DOCUMENT_LIMITS);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

/** A browser names the page's origin; a page of another site must not open a socket with the visitor's network. */
function isSameOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
