import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Metrics } from '../telemetry/metrics.js';
import type { Scope } from '../telemetry/scope.js';

const scopes = new WeakMap<FastifyRequest, Scope>();

/** What is known of a request, to be filled in by whoever works on it. */
export function scopeOf(request: FastifyRequest): Scope {
  const known = scopes.get(request) ?? { requestId: request.id };
  scopes.set(request, known);
  return known;
}

/** Asked for every few seconds by machines: a line for each would bury the others. */
const PROBES: ReadonlySet<string | undefined> = new Set(['/health/live', '/health/ready', '/metrics']);

/**
 * Gives every request its id, counts it, and writes one line for it when it is answered. Addresses are not written
 * down, because query texts may stand in them; routes are.
 */
export function recordRequests(server: FastifyInstance, parts: { logger: Logger; metrics: Metrics }): void {
  const { logger, metrics } = parts;
  server.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  server.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request;
    const route = routeOptions.url ?? 'unknown';
    const { statusCode: status, elapsedTime } = reply;
    metrics.answered({ method, route, status, seconds: elapsedTime / 1000 });
    const level = PROBES.has(routeOptions.url) ? 'debug' : 'info';
    if (!logger.isLevelEnabled(level)) return;
    logger[level]({ ...scopeOf(request), method, route, status, ms: Math.round(elapsedTime) }, 'request');
  });
  server.setErrorHandler((error, request, reply) => {
    const status = statusOf(error);
    if (status < 500) return reply.send(error);
    logger.error({ err: error, requestId: request.id }, 'answering a request failed');
    const message = `Something failed that should not have. Tell the operator this id: ${request.id}`;
    return reply.status(status).send({ statusCode: status, error: 'Internal Server Error', message });
  });
}

function statusOf(error: unknown): number {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 ? status : 500;
}
