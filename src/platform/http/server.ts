import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import fastifyCors from '@fastify/cors';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { GraphQLContext } from '../graphql/context.js';
import { MAX_BODY } from '../graphql/limits.js';

export interface HttpServerOptions {
  readonly apollo: ApolloServer<GraphQLContext>;
  readonly contextFor: (authorization: string | undefined, address: string) => Promise<GraphQLContext>;
  readonly logger: FastifyBaseLogger;
  /** Origins, beside the server's own, whose pages may call. */
  readonly allowedOrigins: readonly string[];
  /** Why the server cannot serve now; undefined when it can. */
  readonly notReady: () => Promise<string | undefined>;
  readonly graphiql: {
    /** Folder of the built page; undefined serves none. */
    readonly folder: string | undefined;
    /** What the page is told beside the endpoint; only a browser on this machine is told. */
    readonly settings: () => Promise<object>;
  };
}

/** How long a client may take to send a request, in milliseconds. */
const REQUEST_MS = 30_000;

/** The HTTP door: GraphQL, GraphiQL, health. The caller listens and closes. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const { apollo, contextFor, logger, allowedOrigins, notReady, graphiql } = options;
  const server = Fastify({
    loggerInstance: logger,
    bodyLimit: MAX_BODY,
    requestTimeout: REQUEST_MS,
    logController: new LogController({ disableRequestLogging: true }),
  });

  if (allowedOrigins.length > 0) await server.register(fastifyCors, { origin: [...allowedOrigins] });
  server.route({
    url: '/graphql',
    method: ['GET', 'POST'],
    handler: fastifyApolloHandler(apollo, {
      context: (request) => contextFor(request.headers.authorization, request.ip),
    }),
  });
  server.get('/health/live', async () => ({ status: 'live' }));
  server.get('/health/ready', async (_request, reply) => {
    const problem = await notReady();
    return problem === undefined ? { status: 'ready' } : reply.status(503).send({ status: 'not ready', problem });
  });
  server.get('/', async (_request, reply) => reply.redirect('/graphiql/'));
  if (graphiql.folder !== undefined) {
    server.get('/graphiql/config.json', async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const settings = isLocal(request.hostname, request.ip) ? await graphiql.settings() : {};
      return { endpoint: '/graphql', ...settings };
    });
    await server.register(fastifyStatic, { root: graphiql.folder, prefix: '/graphiql', redirect: true });
  }
  return server;
}

/** Tokens are only shown to a browser on this machine that asks for this machine by its local name. */
const isLocal = (hostname: string, ip: string): boolean =>
  ['localhost', '127.0.0.1', '::1', '[::1]'].includes(hostname) &&
  ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(ip);
