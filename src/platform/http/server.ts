import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import fastifyCors from '@fastify/cors';
import fastifyStatic from '@fastify/static';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Logger } from 'pino';
import type { ErrorCode } from '../../kernel/errors.js';
import type { GraphQLContext } from '../graphql/context.js';
import { MAX_BODY } from '../graphql/limits.js';
import type { Metrics } from '../telemetry/metrics.js';
import { requestIdOf } from '../telemetry/scope.js';
import type { Tracing } from '../telemetry/tracing.js';
import type { HealthReport } from './health.js';
import { serveMetrics } from './metrics-route.js';
import { recordRequests } from './request-records.js';
import { tracedRequest } from './traced-request.js';
import type { Traffic } from './traffic.js';

export interface HttpServerOptions {
  readonly apollo: ApolloServer<GraphQLContext>;
  readonly contextFor: (authorization: string | undefined, address: string) => Promise<GraphQLContext>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** What a scraper of `/metrics` has to send; undefined: only a browser or program on this machine may look, if at all. */
  readonly metricsToken: string | undefined;
  /** Whether this machine's own user is trusted with metrics, without a token. */
  readonly development: boolean;
  /** Origins, beside the server's own, whose pages may call. */
  readonly allowedOrigins: readonly string[];
  readonly health: () => Promise<HealthReport>;
  readonly traffic: Traffic;
  readonly tracing: Tracing;
  readonly graphiql: {
    /** Folder of the built page; undefined serves none. */
    readonly folder: string | undefined;
    /** What the page is told beside the endpoint; only a browser on this machine is told. */
    readonly settings: () => Promise<object>;
  };
}

/** How long a client may take to send a request, in milliseconds. */
const REQUEST_MS = 30_000;

/** The HTTP door: GraphQL, GraphiQL, health, metrics. The caller listens and closes. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const { apollo, contextFor, logger, metrics, allowedOrigins, health, traffic, tracing, graphiql } = options;
  const loggerInstance: FastifyBaseLogger = logger;
  const server = Fastify({
    loggerInstance,
    bodyLimit: MAX_BODY,
    requestTimeout: REQUEST_MS,
    // What comes while the server ends is refused in GraphQL's words, see `traffic`.
    return503OnClosing: false,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: ({ headers }) => requestIdOf(headers['x-request-id']),
  });
  recordRequests(server, { logger, metrics });

  if (allowedOrigins.length > 0) {
    await server.register(fastifyCors, { origin: [...allowedOrigins], exposedHeaders: ['x-request-id'] });
  }
  const answer = fastifyApolloHandler(apollo, {
    context: (request) => contextFor(request.headers.authorization, request.ip),
  });
  server.route({
    url: '/graphql',
    method: ['GET', 'POST'],
    errorHandler: answerUnread,
    handler: (request, reply) =>
      traffic.admit(() => tracedRequest(tracing, request, reply, async () => answer.call(server, request, reply))) ??
      reply.status(503).headers({ connection: 'close', 'retry-after': '1' }).send(UNAVAILABLE),
  });
  server.get('/health/live', async () => ({ status: 'live' }));
  server.get('/health/ready', async (_request, reply) => {
    const report = await health();
    return reply
      .status(report.status === 'ready' ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(report);
  });
  const isTrusted = (request: FastifyRequest): boolean => options.development && isLocal(request);
  serveMetrics(server, { metrics, token: options.metricsToken, isTrusted });
  server.get('/', async (_request, reply) => reply.redirect('/graphiql/'));
  if (graphiql.folder !== undefined) {
    server.get('/graphiql/config.json', async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const settings = isLocal(request) ? await graphiql.settings() : {};
      return { endpoint: '/graphql', ...settings };
    });
    await server.register(fastifyStatic, { root: graphiql.folder, prefix: '/graphiql', redirect: true });
  }
  return server;
}

/** A request that was refused before GraphQL saw it is answered in GraphQL's words, too. */
function answerUnread(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { statusCode = 500, message } = error;
  if (statusCode < 400 || statusCode >= 500) throw error;
  const isUnread = error.code === 'FST_ERR_CTP_INVALID_JSON_BODY';
  const code: ErrorCode = 'BAD_REQUEST';
  return reply.status(statusCode).send({ errors: [{ message: isUnread ? UNREAD : message, extensions: { code } }] });
}

const UNREAD =
  'expected a JSON object with the operation as `query`; got no JSON, or a key that is refused everywhere in it: `__proto__`, or `prototype` below `constructor`.';

const CODE: ErrorCode = 'UNAVAILABLE';
const UNAVAILABLE = {
  errors: [{ message: 'This instance is shutting down; send the operation again.', extensions: { code: CODE } }],
};

/** Tokens and figures are only shown to a caller on this machine that asks for this machine by its local name. */
const isLocal = ({ hostname, ip }: FastifyRequest): boolean =>
  ['localhost', '127.0.0.1', '::1', '[::1]'].includes(hostname) &&
  ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(ip);
