import type { GraphQLSchema } from 'graphql';
import { buildSchema, type NonEmptyArray } from 'type-graphql';
import { DateTime } from './date-time.js';

type ResolverClass = abstract new (...parameters: never[]) => object;

/** Builds the schema over ready-made resolver instances, so that only the composition root decides what they use. */
export async function schemaOf(resolvers: readonly object[]): Promise<GraphQLSchema> {
  leavePlainFieldsToGraphql();
  const byClass = new Map(resolvers.map((resolver) => [resolver.constructor as unknown as ResolverClass, resolver]));
  return buildSchema({
    resolvers: [...byClass.keys()] as unknown as NonEmptyArray<() => object>,
    container: { get: (resolverClass: ResolverClass) => byClass.get(resolverClass) },
    scalarsMap: [{ type: Date, scalar: DateTime }],
    // Every subscription reads the event log by cursor; type-graphql insists on a pub/sub that is never used.
    pubSub: { subscribe: refuse, publish: refuse },
    // Values are checked by parseInput; class-validator is not used.
    validate: false,
  });
}

/**
 * type-graphql gives every field a resolver of its own, even where GraphQL would read the property by itself; on a
 * list that is most of the work. A field that carries nothing else (a method, a guard, another name) goes without.
 */
function leavePlainFieldsToGraphql(): void {
  const { fields, middlewares, authorizedFields } = globalThis.TypeGraphQLMetadataStorage;
  const guarded = [...middlewares, ...authorizedFields];
  for (const field of fields) {
    const isGuarded = guarded.some(({ target, fieldName }) => target === field.target && fieldName === field.name);
    if (field.name === field.schemaName && !isGuarded) field.simple ??= true;
  }
}

function refuse(): never {
  throw new Error('subscriptions follow the event log, see `live` in context.ts');
}
