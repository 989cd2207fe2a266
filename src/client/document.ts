import type { DocumentNode } from 'graphql';

/**
 * A document that carries the types of its answer and its variables: what `npm run codegen` makes of a `.graphql`
 * file, and any other TypedDocumentNode.
 */
export interface TypedDocument<Result, Variables> extends DocumentNode {
  readonly __apiType?: (variables: Variables) => Result;
}

/** May be left out where the document takes no variables. */
export type VariablesArgument<Variables> =
  Record<never, never> extends Variables ? [variables?: Variables] : [variables: Variables];
