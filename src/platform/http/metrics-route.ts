import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Metrics } from '../telemetry/metrics.js';

export interface MetricsRouteOptions {
  readonly metrics: Metrics;
  /** What a scraper has to send as its bearer token; undefined: there is none. */
  readonly token: string | undefined;
  /** Whether this request may look without a token. */
  readonly isTrusted: (request: FastifyRequest) => boolean;
}

/**
 * `/metrics`, for who sends the token. Nobody else learns that it is there: figures of load, refusals and pending
 * requests are the operator's own.
 */
export function serveMetrics(server: FastifyInstance, { metrics, token, isTrusted }: MetricsRouteOptions): void {
  server.get('/metrics', async (request, reply) => {
    if (!isTrusted(request) && !(token !== undefined && sends(request, token))) return reply.callNotFound();
    const text = await metrics.text();
    return reply.header('cache-control', 'no-store').type(metrics.contentType).send(text);
  });
}

function sends({ headers: { authorization } }: FastifyRequest, token: string): boolean {
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  // Digests have one length, which comparing in constant time needs.
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
