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
    // Values are checked by parseInput; class-validator is not used.
    validate: false,
  });
}
