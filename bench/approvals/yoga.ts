import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createYoga } from 'graphql-yoga';
import type { Fixture } from './fixture.js';
import { plainSchema } from './plain-schema.js';

export default async function yoga(input: unknown) {
  const handle = createYoga({ schema: plainSchema(input as Fixture), logging: false, graphiql: false });
  const server = createServer((request, response) => void handle(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql` };
}
