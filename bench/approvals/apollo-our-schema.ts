import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import 'reflect-metadata';
import { systemClock } from '../../src/kernel/clock.js';
import type { GraphQLContext } from '../../src/platform/graphql/context.js';
import { inMemoryApi } from './in-memory.js';

/** The product's own schema and resolvers, on Apollo as its guide sets it up: what compiling adds is the difference. */
export default async function apolloOurSchema() {
  const { schema, contextFor, token } = await inMemoryApi(systemClock);
  const apollo = new ApolloServer<GraphQLContext>({ schema });
  const { url } = await startStandaloneServer(apollo, {
    listen: { port: 0, host: '127.0.0.1' },
    context: ({ req }) => contextFor(req.headers.authorization),
  });
  return { url, token };
}
