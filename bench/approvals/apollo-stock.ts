import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import type { Fixture } from './fixture.js';
import { plainSchema } from './plain-schema.js';

/** Apollo as its guide sets it up, over the plain schema. */
export default async function apolloStock(input: unknown) {
  const apollo = new ApolloServer({ schema: plainSchema(input as Fixture) });
  const { url } = await startStandaloneServer(apollo, { listen: { port: 0, host: '127.0.0.1' } });
  return { url };
}
