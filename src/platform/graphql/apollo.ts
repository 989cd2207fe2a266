import { ApolloServer, type ApolloServerPlugin, type GraphQLRequestListener } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import type { Metrics } from '../telemetry/metrics.js';
import { compiledQueries } from './compiled/compiled-queries.js';
import { knownCosts } from './compiled/known-costs.js';
import type { GraphQLContext } from './context.js';
import { hideHints, type IntrospectionPolicy, introspectionProblem } from './introspection.js';
import { DOCUMENT_LIMITS, DOCUMENT_RULES } from './limits.js';
import { observeOperations } from './observed.js';
import type { RateLimiter } from './rate-limit.js';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly formatError: (formatted: GraphQLFormattedError, thrown: unknown) => GraphQLFormattedError;
  /** Who may ask for the schema. */
  readonly introspection: IntrospectionPolicy;
  /** Counts what operations cost; that they come at all is counted where the context is made. */
  readonly limiter: RateLimiter;
  readonly metrics: Metrics;
}

/** The GraphQL server behind the HTTP door. The caller starts and stops it. */
export function createApolloServer(options: ApolloOptions): ApolloServer<GraphQLContext> {
  const { schema, formatError, metrics } = options;
  return new ApolloServer<GraphQLContext>({
    schema,
    formatError,
    parseOptions: DOCUMENT_LIMITS,
    validationRules: [...DOCUMENT_RULES],
    // Who may is a question of who asks, and Apollo knows everybody or nobody: see `operationRules`.
    introspection: true,
    hideSchemaDetailsFromClientErrors: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // Apollo would append a line break, for which the whole answer is copied once more.
    stringifyResult: JSON.stringify,
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      // Nothing here is cached by HTTP; left on, this plugin wraps the resolver of every field of the schema.
      ApolloServerPluginCacheControlDisabled(),
      observeOperations(metrics),
      operationRules(options),
      compiledQueries(schema),
    ],
  });
}

/** Refuses what this door does not serve, and an operation that could return too much, before any of it runs. */
function operationRules({ schema, introspection, limiter }: ApolloOptions): ApolloServerPlugin<GraphQLContext> {
  const costOrProblem = knownCosts(schema);
  const listener: GraphQLRequestListener<GraphQLContext> = {
    async didResolveOperation({ document, operation, request: { variables, operationName }, contextValue }) {
      // Without one, graphql-js words the refusal.
      if (!operation) return;
      const hidden = introspectionProblem(document, introspection, contextValue);
      if (hidden) throw hidden;
      if (operation.operation === 'subscription') {
        throw new GraphQLError('Subscriptions are served over WebSocket only, by the graphql-ws protocol.', {
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
        });
      }
      const cost = costOrProblem(operation, { document, variables, operationName });
      if (typeof cost !== 'number') throw cost;
      const counted = limiter.countCost(contextValue, cost);
      if (counted) await counted;
    },
    async didEncounterErrors({ errors, contextValue }) {
      hideHints(errors, introspection, contextValue);
    },
  };
  return { requestDidStart: async () => listener };
}
