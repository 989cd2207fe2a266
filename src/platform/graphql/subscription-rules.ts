import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { GraphQLContext } from './context.js';
import { refusal } from './errors.js';
import { hideHints, type IntrospectionPolicy, introspectionProblem } from './introspection.js';
import { costOrProblem, DOCUMENT_LIMITS, DOCUMENT_RULES } from './limits.js';
import type { RateLimiter } from './rate-limit.js';

export interface SubscriptionRules {
  readonly schema: GraphQLSchema;
  /** Who may ask for the schema. */
  readonly introspection: IntrospectionPolicy;
  /** Counts what operations cost; that they come at all is counted where the context is made. */
  readonly limiter: RateLimiter;
}

/** What a client sends to subscribe. */
interface Asked {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly operationName?: string | null | undefined;
}

/** Holds what comes by WebSocket to the rules that the HTTP door has. Gives the document, or what is wrong with it. */
export async function checkSubscription(
  rules: SubscriptionRules,
  asked: Asked,
  context: GraphQLContext,
): Promise<DocumentNode | readonly GraphQLError[]> {
  const unknown = refusalOf(context);
  // Before the document is looked at: checking one costs, and nobody is there to answer for it.
  if (unknown) return [unknown];
  const document = documentOf(asked.query);
  if (document instanceof GraphQLError) return [document];
  const problems = await problemsOf(rules, { ...asked, document }, context);
  hideHints(problems, rules.introspection, context);
  return problems.length > 0 ? problems : document;
}

async function problemsOf(
  { schema, introspection, limiter }: SubscriptionRules,
  { document, variables, operationName }: Asked & { readonly document: DocumentNode },
  context: GraphQLContext,
): Promise<readonly GraphQLError[]> {
  const errors = validate(schema, document, [...specifiedRules, ...DOCUMENT_RULES]);
  if (errors.length > 0) return errors;
  const hidden = introspectionProblem(document, introspection, context);
  if (hidden) return [hidden];
  if (getOperationAST(document, operationName)?.operation !== 'subscription') {
    return [new GraphQLError('Only subscriptions are served over WebSocket; send queries and mutations by HTTP.')];
  }
  const cost = costOrProblem({ schema, document, variables, operationName });
  if (typeof cost !== 'number') return [cost];
  return (await limiter.countCost(context, cost)?.catch((error: unknown) => [refusal(error)])) ?? [];
}

function refusalOf(context: GraphQLContext): GraphQLError | undefined {
  try {
    context.actor();
    return undefined;
  } catch (error) {
    return refusal(error);
  }
}

function documentOf(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query, DOCUMENT_LIMITS);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const { message, source, positions } = error;
    return new GraphQLError(message, { source, positions, extensions: { code: 'GRAPHQL_PARSE_FAILED' } });
  }
}
