import { ApolloServer, type ApolloServerPlugin, type GraphQLRequestListener } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { compiledQueries } from './compiled/compiled-queries.js';
import { knownCosts } from './compiled/known-costs.js';
import type { GraphQLContext } from './context.js';
import { DOCUMENT_LIMITS, DOCUMENT_RULES } from './limits.js';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly formatError: (formatted: GraphQLFormattedError, thrown: unknown) => GraphQLFormattedError;
  /** Whether clients may ask for the schema. */
  readonly introspection: boolean;
}

/** The GraphQL server behind the HTTP door. The caller starts and stops it. */
export function createApolloServer({
  schema,
  formatError,
  introspection,
}: ApolloOptions): ApolloServer<GraphQLContext> {
  return new ApolloServer<GraphQLContext>({
    schema,
    formatError,
    parseOptions: DOCUMENT_LIMITS,
    validationRules: [...DOCUMENT_RULES],
    introspection,
    // "Did you mean …" would tell the schema to those who may not ask for it.
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // Apollo would append a line break, for which the whole answer is copied once more.
    stringifyResult: JSON.stringify,
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      // Nothing here is cached by HTTP; left on, this plugin wraps the resolver of every field of the schema.
      ApolloServerPluginCacheControlDisabled(),
      operationRules(schema),
      compiledQueries(schema),
    ],
  });
}

/** Refuses what this door does not serve, and an operation that could return too much, before any of it runs. */
function operationRules(schema: GraphQLSchema): ApolloServerPlugin<GraphQLContext> {
  const costProblem = knownCosts(schema);
  const listener: GraphQLRequestListener<GraphQLContext> = {
    async didResolveOperation({ document, operation, request: { variables, operationName } }) {
      // Without one, graphql-js words the refusal.
      if (!operation) return;
      if (operation.operation === 'subscription') {
        throw new GraphQLError('Subscriptions are served over WebSocket only, by the graphql-ws protocol.', {
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
        });
      }
      const problem = costProblem(operation, { document, variables, operationName });
      if (problem) throw problem;
    },
  };
  return { requestDidStart: async () => listener };
}
