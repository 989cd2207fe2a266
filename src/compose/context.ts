import type { IdentityService } from '../features/identity/index.js';
import type { Actor } from '../kernel/actor.js';
import type { GraphQLContext } from '../platform/graphql/context.js';
import type { RateLimiter } from '../platform/graphql/rate-limit.js';

/**
 * A caller who cannot be recognised gets a context too; it refuses when a resolver asks who calls. So a refusal, and
 * a database that does not answer, reach the client through the one error mapper. Whoever asks too much gets none: it
 * rejects.
 */
export const contextMaker =
  (identity: IdentityService, follow: GraphQLContext['follow'], limiter: RateLimiter) =>
  async (authorization: string | undefined, address: string | undefined): Promise<GraphQLContext> => {
    const proof = await identity.authenticate(authorization).catch((error: unknown) => asError(error));
    const actor = (): Actor => {
      if (proof instanceof Error) throw proof;
      return proof.actor();
    };
    const context = { actor, follow };
    await limiter.countRequest(context, address);
    return context;
  };

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
