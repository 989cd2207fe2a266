import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { ERROR_CODES, type ErrorCode } from '../../kernel/errors.js';
import type { Metrics, OperationType, Outcome } from '../telemetry/metrics.js';
import { currentScope, type Scope } from '../telemetry/scope.js';
import type { GraphQLContext } from './context.js';

/** Longest operation name that is written down. */
const MAX_NAME = 80;

/** Writes into the scope who calls, if they are known. */
export function noteCaller(scope: Scope | undefined, context: GraphQLContext): void {
  if (!scope) return;
  try {
    const { tenant, name } = context.actor();
    scope.tenant = tenant;
    scope.principal = name;
  } catch {
    // Whoever is not let in is nobody we know.
  }
}

/** Writes into the scope which operation this is: by the document, because the name beside it may be anything. */
export function noteOperation(
  scope: Scope | undefined,
  operation: { readonly operation: string; readonly name?: { readonly value: string } | undefined },
): void {
  if (!scope) return;
  scope.type = operation.operation;
  if (operation.name) scope.operation = operation.name.value.slice(0, MAX_NAME);
}

/** How an answer counts: by its first error. */
export function outcomeOf(
  errors: readonly { readonly extensions?: Readonly<Record<string, unknown>> }[] | undefined,
): Outcome {
  const [first] = errors ?? [];
  if (!first) return 'OK';
  const code = first.extensions?.code;
  return typeof code === 'string' && Object.hasOwn(ERROR_CODES, code) ? (code as ErrorCode) : 'INTERNAL';
}

/** Counts and times each operation of the HTTP door, and notes it for the request's line in the log. */
export function observeOperations(metrics: Metrics): ApolloServerPlugin<GraphQLContext> {
  return {
    async requestDidStart() {
      const begun = performance.now();
      const listener: GraphQLRequestListener<GraphQLContext> = {
        async willSendResponse({ operation, contextValue, response }) {
          const { body } = response;
          const result = body.kind === 'single' ? body.singleResult : body.initialResult;
          const outcome = outcomeOf(result.errors);
          const type: OperationType = operation?.operation ?? 'unknown';
          metrics.operated({ type, outcome, seconds: (performance.now() - begun) / 1000 });
          const scope = currentScope();
          if (!scope) return;
          scope.outcome = outcome;
          if (operation) noteOperation(scope, operation);
          noteCaller(scope, contextValue);
        },
      };
      return listener;
    },
  };
}
