import type { GraphiQLProps } from 'graphiql';
import {
  type ExecutionResult,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
} from 'graphql';
import { createClient } from 'graphql-ws';
import type { PageConfig } from './config.js';
import { authorizationOf, type Headers } from './headers.js';

/** How GraphiQL sends an operation; it shows whatever comes back. */
export type Fetcher = GraphiQLProps['fetcher'];

interface Operation {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Record<string, unknown>;
}

/**
 * Sends queries and mutations over HTTP and subscriptions over a WebSocket, to the same path and with the same
 * authorization: the one in the headers editor at the moment the operation is started.
 * Failures on the way are shown in the form of a GraphQL result, so that they read like any other error.
 */
export function createFetcher(config: PageConfig): Fetcher {
  return (params, options) => {
    const { operation, type } = prepare(params);
    // GraphiQL reads the schema before the headers editor is there; only then does the first token stand in for it.
    const isBeforeEditor = options?.headers === undefined && operation.operationName === 'IntrospectionQuery';
    const headers = isBeforeEditor && config.token !== '' ? bearer(config.token) : options?.headers;
    return type === OperationTypeNode.SUBSCRIPTION
      ? subscribe(config.endpoint, operation, headers)
      : post(config.endpoint, operation, headers);
  };
}

/**
 * Right after a change of tabs GraphiQL may still hold the previous tab's operation name. Where the text leaves no
 * choice the name is read from the text instead.
 */
function prepare(params: Parameters<Fetcher>[0]): { operation: Operation; type: OperationTypeNode } {
  const operations = operationsIn(params.query);
  const named = operations.find(({ name }) => name?.value === params.operationName);
  const chosen = operations.length === 1 ? operations[0] : named;
  const operationName = operations.length === 1 ? chosen?.name?.value : (params.operationName ?? undefined);
  return {
    operation: { query: params.query, operationName, variables: params.variables },
    type: chosen?.operation ?? OperationTypeNode.QUERY,
  };
}

/** A text that does not parse holds none: it is sent as it is, and the server says what is wrong with it. */
function operationsIn(query: string): OperationDefinitionNode[] {
  try {
    return parse(query).definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  } catch {
    return [];
  }
}

async function post(endpoint: string, operation: Operation, headers: Headers = {}): Promise<ExecutionResult> {
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        accept: 'application/graphql-response+json, application/json;q=0.9',
        'content-type': 'application/json',
        ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])),
      },
      body: JSON.stringify(operation),
    });
    const body = await response.text();
    return parseResult(body) ?? failure(`Expected a GraphQL result from ${endpoint}, got ${response.status}: ${body}`);
  } catch (error) {
    return failure(`No answer from ${endpoint} (${describe(error)}). Is the server running?`);
  }
}

function parseResult(body: string): ExecutionResult | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isResult(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isResult(value: unknown): value is ExecutionResult {
  return typeof value === 'object' && value !== null && ('data' in value || 'errors' in value);
}

/**
 * One socket for each running subscription, so that a replaced token takes effect with the next start. It does not
 * reconnect by itself: events would be missing from what is shown and nothing would say so.
 */
function subscribe(endpoint: string, operation: Operation, headers: Headers | undefined) {
  return {
    subscribe: (listener?: Observer | NextResult | null) => {
      const observer = typeof listener === 'function' ? { next: listener, complete: () => undefined } : listener;
      const authorization = authorizationOf(headers);
      const client = createClient({
        url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${endpoint}`,
        connectionParams: authorization === undefined ? {} : { authorization },
        retryAttempts: 0,
      });
      const unsubscribe = client.subscribe(operation, {
        next: (result) => observer?.next(isResult(result) ? result : failure('Expected a GraphQL result.')),
        error: (error) => {
          const result = { errors: error };
          observer?.next(Array.isArray(error) && isResult(result) ? result : failure(describe(error)));
          observer?.complete();
        },
        complete: () => observer?.complete(),
      });
      return { unsubscribe };
    },
  };
}

type NextResult = (result: ExecutionResult) => void;

interface Observer {
  readonly next: NextResult;
  readonly complete: () => void;
}

function bearer(token: string): Headers {
  return { authorization: `Bearer ${token}` };
}

function failure(message: string): ExecutionResult {
  return { errors: [new GraphQLError(message)] };
}

function describe(error: unknown): string {
  if (error instanceof CloseEvent) {
    return `The server closed the WebSocket: ${error.code} ${error.reason || '(no reason given)'}.`;
  }
  return error instanceof Error ? error.message : 'The WebSocket connection failed. Is the server running?';
}
