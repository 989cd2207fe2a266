import type { GraphQLSchema } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';
import { buildSchema, type NonEmptyArray } from 'type-graphql';

type ResolverClass = abstract new (...parameters: never[]) => object;

/** Builds the schema over ready-made resolver instances, so that only the composition root decides what they use. */
export async function schemaOf(resolvers: readonly object[]): Promise<GraphQLSchema> {
  const byClass = new Map(resolvers.map((resolver) => [resolver.constructor as unknown as ResolverClass, resolver]));
  return buildSchema({
    resolvers: [...byClass.keys()] as unknown as NonEmptyArray<() => object>,
    container: { get: (resolverClass: ResolverClass) => byClass.get(resolverClass) },
    scalarsMap: [{ type: Date, scalar: GraphQLDateTime }],
    // Every subscription reads the event log by cursor; type-graphql insists on a pub/sub that is never used.
    pubSub: { subscribe: refuse, publish: refuse },
    // Values are checked by parseInput; class-validator is not used.
    validate: false,
  });
}

function refuse(): never {
  throw new Error('subscriptions follow the event log, see `live` in context.ts');
}
