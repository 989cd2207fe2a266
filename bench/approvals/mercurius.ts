import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import mercurius from 'mercurius';
import type { Fixture } from './fixture.js';
import { plainSchema } from './plain-schema.js';

/** mercurius with its compiler on from the first request. */
export default async function mercuriusWithJit(input: unknown) {
  const server = Fastify();
  await server.register(mercurius as never, { schema: plainSchema(input as Fixture), jit: 1 });
  await server.listen({ port: 0, host: '127.0.0.1' });
  return { url: `http://127.0.0.1:${(server.server.address() as AddressInfo).port}/graphql` };
}
