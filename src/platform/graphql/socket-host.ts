import type { IncomingMessage } from 'node:http';
import { CloseCode, type Server } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { inScope, requestIdOf } from '../telemetry/scope.js';

/** What the protocol's hooks know of a socket. */
export interface SocketExtra {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  /** Goes with every line in the log that is about this socket. */
  readonly id: string;
  /** Whom it counts for, once that is known. */
  principal?: string;
}

export interface SocketHost {
  /** Failures of a connection, and of the server at a message. The socket is closed. */
  readonly onTrouble: (error: unknown, what: string) => void;
  readonly onClosed: (extra: SocketExtra, code: number) => void;
}

/** How long a peer may leave a ping unanswered, and how often it gets one, in milliseconds. */
const KEEP_ALIVE_MS = 12_000;

/**
 * Connects the graphql-ws protocol to the sockets of `ws`. The package's own connection writes troubles to standard
 * error, with frames of the client in them; here they go to the log.
 *
 * @returns what to do with each new socket
 */
export const hostSockets =
  (protocol: Server<SocketExtra>, { onTrouble, onClosed }: SocketHost) =>
  (socket: WebSocket, request: IncomingMessage): void => {
    const extra: SocketExtra = { socket, request, id: requestIdOf(request.headers['x-request-id']) };
    const within = <Result>(work: () => Result): Result => inScope({ requestId: extra.id }, work);
    const fail = (error: unknown, what: string): void => {
      onTrouble(error, what);
      socket.close(CloseCode.InternalServerError, 'Internal server error');
    };
    const stopPinging = keepAlive(socket);
    // A frame that is too large, a connection that breaks: ws closes by itself.
    socket.on('error', (error) => within(() => onTrouble(error, 'a socket failed')));

    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (data) =>
          new Promise((resolve, reject) => {
            if (socket.readyState !== socket.OPEN) return resolve();
            socket.send(data, (error) => (error ? reject(error) : resolve()));
          }),
        close: (code, reason) => socket.close(code, reason),
        onMessage(handle) {
          socket.on('message', (data) => {
            const work = async (): Promise<void> => handle(String(data));
            void within(() => work().catch((error: unknown) => fail(error, 'a message on a socket failed')));
          });
        },
      },
      extra,
    );
    socket.once('close', (code, reason) => {
      stopPinging();
      within(() => {
        onClosed(extra, code);
        closed(code, String(reason)).catch((error: unknown) => onTrouble(error, 'closing a socket failed'));
      });
    });
  };

/** Ends a connection whose peer no longer answers. */
function keepAlive(socket: WebSocket): () => void {
  let patience: NodeJS.Timeout | undefined;
  socket.on('pong', () => {
    clearTimeout(patience);
    patience = undefined;
  });
  const pings = setInterval(() => {
    if (socket.readyState !== socket.OPEN) return;
    patience ??= setTimeout(() => socket.terminate(), KEEP_ALIVE_MS);
    socket.ping();
  }, KEEP_ALIVE_MS);
  return () => {
    clearInterval(pings);
    clearTimeout(patience);
  };
}
