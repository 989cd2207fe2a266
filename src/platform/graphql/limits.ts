import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { type ComplexityEstimatorArgs, getComplexity } from 'graphql-query-complexity';

/** Bounds on parsing, the same over HTTP and WebSocket. */
export const DOCUMENT_LIMITS = { maxTokens: 2_000 } as const;

/** Largest HTTP body, in bytes: room for one import batch, far below what would hurt. */
export const MAX_BODY = 2 * 1024 * 1024;

/** Deepest nesting of fields; introspection, which is deep by nature, does not count. */
const MAX_DEPTH = 12;
const MAX_ALIASES = 30;
const MAX_DIRECTIVES = 30;

/** As a validation error; the rules would throw by default, which is answered like a failure of the server. */
const REPORTED = {
  propagateOnRejection: false,
  onReject: [(context: ValidationContext | null, error: GraphQLError) => context?.reportError(error)],
};

/** Further validation rules for every document, the same over HTTP and WebSocket. */
export const DOCUMENT_RULES: readonly ValidationRule[] = [
  (context) => maxDepthRule({ n: MAX_DEPTH, ignoreIntrospection: true, ...REPORTED })(context),
  (context) => maxAliasesRule({ n: MAX_ALIASES, ...REPORTED })(context),
  (context) => maxDirectivesRule({ n: MAX_DIRECTIVES, ...REPORTED })(context),
];

/** Most an operation may cost: one for each field of each object it could return at most. */
export const MAX_COST = 20_000;
/** Objects in a page that names no size. */
const DEFAULT_PAGE = 20;

export interface Operation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>> | null | undefined;
  readonly operationName: string | null | undefined;
}

/** What an operation could cost, or the refusal of one that could return too much. */
export function costOrProblem({ schema, document, variables, operationName }: Operation): number | GraphQLError {
  let cost: number;
  try {
    const query = { schema, query: document, variables: { ...variables }, estimators: [costOf] };
    cost = getComplexity({ ...query, ...(operationName && { operationName }) });
  } catch (error) {
    // Variables that do not fit, and fragments that multiply beyond all bounds: the client's mistake.
    if (!(error instanceof Error)) throw error;
    const extensions = { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } };
    return new GraphQLError(error.message, { extensions });
  }
  if (cost <= MAX_COST) return cost;
  return new GraphQLError(
    `The operation could return ${cost} fields; at most ${MAX_COST} are allowed. Ask for smaller pages or fewer fields.`,
    { extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } } },
  );
}

function costOf({ type, field, args, childComplexity }: ComplexityEstimatorArgs): number {
  // Asking for the schema costs the same whatever is stored.
  if (type.name.startsWith('__') || field.name.startsWith('__')) return 0;
  const isConnection = getNamedType(field.type).name.endsWith('Connection');
  // A connection is charged where its size is known; other lists as a page.
  const isList =
    isListType(getNullableType(field.type)) && isCompositeType(getNamedType(field.type)) && field.name !== 'edges';
  const size = isConnection ? Number(args.first ?? args.last ?? DEFAULT_PAGE) : isList ? DEFAULT_PAGE : 1;
  return 1 + Math.max(size, 1) * childComplexity;
}
