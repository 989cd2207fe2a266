import type { AddressInfo } from 'node:net';
import 'reflect-metadata';
import { systemClock } from '../../src/kernel/clock.js';
import { createApolloServer } from '../../src/platform/graphql/apollo.js';
import { RateLimiter } from '../../src/platform/graphql/rate-limit.js';
import { createHttpServer } from '../../src/platform/http/server.js';
import { createTraffic } from '../../src/platform/http/traffic.js';
import { createLogger } from '../../src/platform/telemetry/logger.js';
import { createMetrics } from '../../src/platform/telemetry/metrics.js';
import { NO_TRACING } from '../../src/platform/telemetry/tracing.js';
import { inMemoryApi } from './in-memory.js';

/** The product's API and HTTP door, over rows in memory: token, roles, schema, execution, all as shipped. */
export default async function countersign() {
  const { schema, contextFor, token } = await inMemoryApi(systemClock);
  const metrics = createMetrics();
  // Far above what one round asks, so that counting is part of what is measured.
  const limiter = new RateLimiter({ perPrincipal: 10_000_000, perAddress: 10_000_000 });
  const apollo = createApolloServer({
    schema,
    formatError: (formatted) => formatted,
    introspection: 'admins',
    limiter,
    metrics,
  });
  await apollo.start();
  const http = await createHttpServer({
    apollo,
    contextFor: async (authorization, address) => {
      const context = await contextFor(authorization);
      await limiter.countRequest(context, address);
      return context;
    },
    logger: createLogger({ level: 'error' }),
    allowedOrigins: [],
    metrics,
    metricsToken: undefined,
    development: false,
    health: async () => ({ status: 'ready', failed: [], checks: {} }),
    traffic: createTraffic(),
    tracing: NO_TRACING,
    graphiql: { folder: undefined, settings: async () => ({}) },
  });
  await http.listen({ port: 0, host: '127.0.0.1' });
  return { url: `http://127.0.0.1:${(http.server.address() as AddressInfo).port}/graphql`, token };
}
