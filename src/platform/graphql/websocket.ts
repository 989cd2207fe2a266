import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { execute, GraphQLError, type GraphQLFormattedError, getOperationAST, subscribe } from 'graphql';
import { handleProtocols, makeServer } from 'graphql-ws';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import { currentScope } from '../telemetry/scope.js';
import type { GraphQLContext } from './context.js';
import { refusal } from './errors.js';
import { hideHints } from './introspection.js';
import { noteCaller, noteOperation } from './observed.js';
import { principalKey } from './rate-limit.js';
import { hostSockets, type SocketExtra } from './socket-host.js';
import type { SocketRecords } from './socket-records.js';
import { checkSubscription, type SubscriptionRules } from './subscription-rules.js';

export interface WebSocketDoorOptions extends SubscriptionRules {
  readonly server: Server;
  readonly path: string;
  /** Origins, beside the server's own, whose pages may open a socket. */
  readonly allowedOrigins: readonly string[];
  /** Makes the context from the connection parameter `authorization`, and counts; rejects with what is to be sent. */
  readonly contextFor: (authorization: string | undefined, address: string | undefined) => Promise<GraphQLContext>;
  readonly formatError: (formatted: GraphQLFormattedError, thrown: unknown) => GraphQLFormattedError;
  readonly logger: Logger;
  /** Told of everything that begins, ends and is refused here. */
  readonly records: SocketRecords;
}

/** Largest message a client may send, in bytes: a subscription document and its variables are far smaller. */
const MAX_MESSAGE = 64 * 1024;
/** Above this a client is closed with 4429; a person's frontend stays far below. */
const MAX_MESSAGES_PER_SECOND = 300;
const MAX_SUBSCRIPTIONS_PER_SOCKET = 100;
const MAX_SOCKETS_PER_PRINCIPAL = 100;
/** How long a client may take to say who it is, and to answer a close, in milliseconds. */
const INIT_MS = 5_000;
const CLOSING_MS = 1_000;

/** Close codes: 1012 and 1013 ask clients to reconnect (and resume from their cursor), 4429 to slow down. */
const SERVICE_RESTART = 1012;
const TRY_AGAIN_LATER = 1013;
const TOO_MUCH = 4429;

/** Serves subscriptions, and nothing else, by the graphql-ws protocol. Returns how to stop. */
export function openWebSocketDoor(options: WebSocketDoorOptions): () => Promise<void> {
  const { server, path, schema, allowedOrigins, formatError, logger, records } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE,
    perMessageDeflate: false,
    // One message for each turn of the event loop, so that a flood on one socket cannot keep all others waiting.
    allowSynchronousEvents: false,
    handleProtocols,
  });
  sockets.on('connection', (socket) => limitMessages(socket, () => records.refused('messages')));
  const principals = new Map<string, number>();

  /**
   * Where the server itself has failed, for instance because the database is restarting, the event at hand would be
   * lost to a client that goes on. So the socket is closed instead: the client comes back and resumes before that event.
   */
  const toClient = (errors: readonly GraphQLError[], socket: WebSocket): GraphQLError[] => {
    const formatted = errors.map((error) => formatError(error.toJSON(), error) as GraphQLError);
    if (formatted.some(({ extensions }) => extensions?.code === 'INTERNAL')) socket.close(TRY_AGAIN_LATER, 'Try again');
    return formatted;
  };

  const contextFor = (parameters: Readonly<Parameters> | undefined, { socket }: IncomingMessage) =>
    options.contextFor(authorizationOf(parameters), socket.remoteAddress);

  const protocol = makeServer<Parameters, SocketExtra>({
    schema,
    execute,
    subscribe,
    connectionInitWaitTimeout: INIT_MS,
    async onConnect({ connectionParams, extra }) {
      const context = await contextFor(connectionParams, extra.request).catch(() => undefined);
      if (!context) {
        extra.socket.close(TRY_AGAIN_LATER, 'Try again later');
        return false;
      }
      const principal = principalOf(context, extra.request);
      // It may have gone in the meantime; counted now, it would count for ever.
      if (extra.socket.readyState !== extra.socket.OPEN) return false;
      const open = principals.get(principal) ?? 0;
      if (open >= MAX_SOCKETS_PER_PRINCIPAL) {
        records.refused('sockets');
        extra.socket.close(TOO_MUCH, `Too many sockets: at most ${MAX_SOCKETS_PER_PRINCIPAL} for one principal`);
        return false;
      }
      extra.principal = principal;
      principals.set(principal, open + 1);
      records.opened(extra);
      return true;
    },
    onClose({ extra }) {
      if (extra.principal === undefined) return;
      const open = (principals.get(extra.principal) ?? 1) - 1;
      if (open > 0) principals.set(extra.principal, open);
      else principals.delete(extra.principal);
    },
    async onSubscribe({ connectionParams, subscriptions, extra }, _id, { query, variables, operationName }) {
      if (Object.keys(subscriptions).length > MAX_SUBSCRIPTIONS_PER_SOCKET) {
        records.refused('subscriptions');
        return [new GraphQLError(`Expected at most ${MAX_SUBSCRIPTIONS_PER_SOCKET} subscriptions on one socket.`)];
      }
      const contextValue = await contextFor(connectionParams, extra.request).catch((error: unknown) => refusal(error));
      if (contextValue instanceof GraphQLError) return [contextValue];
      noteCaller(currentScope(), contextValue);
      const document = await checkSubscription(options, { query, variables, operationName }, contextValue);
      if (!('kind' in document)) return document;
      const operation = getOperationAST(document, operationName);
      if (operation) noteOperation(currentScope(), operation);
      return { schema, document, operationName, variableValues: variables, contextValue };
    },
    onOperation({ extra }, id, _message, _arguments, result) {
      if (Symbol.asyncIterator in result) records.streamOpened(extra, id);
    },
    onError({ extra }, id, _message, errors) {
      const told = toClient(errors, extra.socket);
      records.failed(extra, id, told);
      return told;
    },
    onNext({ extra }, id, _message, { contextValue }, result) {
      records.pushed(extra, id);
      if (!result.errors) return undefined;
      hideHints(result.errors, options.introspection, contextValue as GraphQLContext);
      const errors = toClient(result.errors, extra.socket);
      records.failed(extra, id, errors);
      return { ...result, errors };
    },
    onComplete: ({ extra }, id) => records.streamClosed(extra, id),
  });
  sockets.on(
    'connection',
    hostSockets(protocol, {
      onTrouble: (err, what) => logger.warn({ err }, what),
      onClosed: (extra, code) => records.closed(extra, code),
    }),
  );

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // A connection that breaks during the handshake must not become an uncaught exception.
    socket.on('error', () => socket.destroy());
    const refusal = request.url?.split('?')[0] !== path ? '404 Not Found' : originProblem(request, allowedOrigins);
    if (refusal !== undefined) {
      socket.once('finish', () => socket.destroy());
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => sockets.emit('connection', webSocket, request));
  };
  server.on('upgrade', onUpgrade);

  return async () => {
    server.off('upgrade', onUpgrade);
    for (const webSocket of sockets.clients) webSocket.close(SERVICE_RESTART, 'Server is restarting');
    const impatience = setTimeout(() => {
      for (const webSocket of sockets.clients) webSocket.terminate();
    }, CLOSING_MS);
    await new Promise<void>((resolve) => sockets.close(() => resolve()));
    clearTimeout(impatience);
  };
}

/** What a client says of itself when it connects. */
type Parameters = { authorization?: unknown };

const authorizationOf = (parameters: Readonly<Parameters> | undefined): string | undefined =>
  typeof parameters?.authorization === 'string' ? parameters.authorization : undefined;

/** Whom a socket counts for; callers nobody knows count by address. */
function principalOf(context: GraphQLContext, request: IncomingMessage): string {
  try {
    return principalKey(context.actor());
  } catch {
    return `address ${request.socket.remoteAddress}`;
  }
}

function limitMessages(webSocket: WebSocket, onTooMany: () => void): void {
  let second = 0;
  let messages = 0;
  webSocket.on('message', () => {
    const now = Math.floor(performance.now() / 1000);
    messages = now === second ? messages + 1 : 1;
    second = now;
    if (messages > MAX_MESSAGES_PER_SECOND) {
      if (webSocket.readyState === webSocket.OPEN) onTooMany();
      webSocket.close(TOO_MUCH, `Too many messages: at most ${MAX_MESSAGES_PER_SECOND} a second`);
    }
  });
}

/** A browser names the page's origin; a page of another site must not open a socket from a visitor's machine. */
function originProblem({ headers: { origin, host } }: IncomingMessage, allowed: readonly string[]): string | undefined {
  if (origin === undefined || allowed.includes(origin)) return undefined;
  return URL.canParse(origin) && new URL(origin).host === host ? undefined : '403 Forbidden';
}
