import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import type { Limit, Metrics, Outcome } from '../telemetry/metrics.js';
import { currentScope } from '../telemetry/scope.js';
import { outcomeOf } from './observed.js';
import type { SocketExtra } from './socket-host.js';

interface Stream {
  readonly begun: number;
  pushed: number;
}

/** Counts sockets and subscriptions, and writes a line where each begins and ends. */
export function recordSockets(metrics: Metrics, logger: Logger) {
  const streams = new WeakMap<SocketExtra, Map<string, Stream>>();
  const begun = new WeakMap<SocketExtra, number>();
  const ofSocket = (extra: SocketExtra): Map<string, Stream> => {
    const known = streams.get(extra) ?? new Map<string, Stream>();
    streams.set(extra, known);
    return known;
  };

  /** Whom and what the scope at hand knows. */
  const ended = (outcome: Outcome, stream?: Stream): void => {
    const { requestId: _inMixin, ...scope } = currentScope() ?? { requestId: '' };
    const figures = stream && { ms: Math.round(performance.now() - stream.begun), pushed: stream.pushed };
    logger.info({ ...scope, outcome, ...figures }, stream ? 'subscription ended' : 'subscription refused');
  };

  return {
    /** A limit of the socket door turned somebody away. */
    refused: (limit: Limit): void => metrics.refused(limit),
    opened(extra: SocketExtra): void {
      begun.set(extra, performance.now());
      metrics.socketOpened();
      logger.info({ principal: extra.principal }, 'socket opened');
    },
    closed(extra: SocketExtra, code: number): void {
      const since = begun.get(extra);
      if (since === undefined) return;
      metrics.socketClosed();
      const ms = Math.round(performance.now() - since);
      logger.info({ principal: extra.principal, code, ms }, 'socket closed');
    },
    streamOpened(extra: SocketExtra, id: string): void {
      ofSocket(extra).set(id, { begun: performance.now(), pushed: 0 });
      metrics.streamOpened();
    },
    pushed(extra: SocketExtra, id: string): void {
      const stream = streams.get(extra)?.get(id);
      if (stream) stream.pushed += 1;
      metrics.pushed();
    },
    /** An error of a subscription, as the client is told: what its line in the log says at the end. */
    failed(extra: SocketExtra, id: string, errors: readonly GraphQLFormattedError[]): void {
      const outcome = outcomeOf(errors);
      const scope = currentScope();
      if (scope) scope.outcome = outcome;
      // A running stream is counted when it ends.
      if (streams.get(extra)?.has(id)) return;
      metrics.operated({ type: 'subscription', outcome });
      ended(outcome);
    },
    streamClosed(extra: SocketExtra, id: string): void {
      const stream = streams.get(extra)?.get(id);
      if (!stream) return;
      streams.get(extra)?.delete(id);
      metrics.streamClosed();
      const outcome = currentScope()?.outcome ?? 'OK';
      metrics.operated({ type: 'subscription', outcome });
      ended(outcome, stream);
    },
  };
}

export type SocketRecords = ReturnType<typeof recordSockets>;
