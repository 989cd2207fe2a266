import type { GraphQLSchema } from 'graphql';
import { ActionQueries, AutonomyResolver } from '../../src/features/autonomy/index.js';
import { createTokens, IdentityService, Standings } from '../../src/features/identity/index.js';
import type { Clock } from '../../src/kernel/clock.js';
import { encodeCursor } from '../../src/kernel/cursor.js';
import type { Transactor } from '../../src/kernel/transaction.js';
import type { GraphQLContext } from '../../src/platform/graphql/context.js';
import { schemaOf } from '../../src/platform/graphql/schema.js';
import { pendingRecordings } from './fixture.js';

export interface InMemoryApi {
  readonly schema: GraphQLSchema;
  readonly contextFor: (authorization: string | undefined) => Promise<GraphQLContext>;
  readonly token: string;
}

const TENANT = { id: '01900000-0000-7000-8000-000000000000', slug: 'demo', name: 'Demo' };
const missing = (): never => {
  throw new Error('not part of this measurement');
};

/** The product's schema and services, over ports that answer from memory. */
export async function inMemoryApi(clock: Clock): Promise<InMemoryApi> {
  const recordings = pendingRecordings();
  const transactor: Transactor = { run: (tenantId, work) => work({ tenantId } as never) };
  const page = {
    edges: recordings.map((node) => ({ cursor: encodeCursor('approval:id', [node.approval.id]), node })),
    hasNextPage: true,
    hasPreviousPage: false,
  };
  const queries = new ActionQueries({
    transactor,
    actions: undefined as never,
    approvals: { list: async () => page } as never,
    votes: undefined as never,
    revisions: undefined as never,
  });
  const tokens = createTokens('a secret that only this measurement uses', clock);
  const identity = new IdentityService({
    tokens,
    tenants: { find: async () => TENANT, create: missing, createIfEmpty: missing },
    keys: { find: missing },
    standings: new Standings({
      versions: missing,
      read: async () => ({ version: 0n, users: new Map(), liveKeys: new Set() }),
    }),
    clock,
  });
  const contextFor = async (authorization: string | undefined): Promise<GraphQLContext> => {
    const proof = await identity.authenticate(authorization);
    return { actor: () => proof.actor(), follow: missing };
  };
  const expiresAt = new Date(clock.now().getTime() + 3_600_000);
  return {
    schema: await schemaOf([new AutonomyResolver({ queries } as never)]),
    contextFor,
    token: await tokens.issue({ tenant: TENANT.slug, user: 'ana', roles: ['approver'], expiresAt }),
  };
}
