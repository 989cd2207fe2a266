import { type ApolloServerPlugin, type GraphQLRequestListener, HeaderMap } from '@apollo/server';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { isCompilable } from './compilable.js';

/** Operations kept; the one unused for longest makes room. Compiled code takes tens of kilobytes each. */
const KEPT = 300;
/** A document is compiled when it comes for this many times: one that comes once is not worth it. */
const WORTH_COMPILING = 3;

interface Known {
  timesSeen: number;
  /** Undefined while not compiled yet; null when it never will be. */
  query: CompiledQuery['query'] | null | undefined;
}

/**
 * Answers plain queries by code compiled for them, several times faster than graphql-js walks a document.
 *
 * graphql-js stays the reference: what may not be compiled goes there, and so does every compiled answer that is not
 * a clean success. A query changes nothing, so running it again is safe, and errors, their order, their paths and the
 * HTTP status come from one place only.
 */
export function compiledQueries<Context extends object>(schema: GraphQLSchema): ApolloServerPlugin<Context> {
  /** By the parsed operation itself: Apollo keeps parsed documents, so the same text gives the same object. */
  const known = new Map<OperationDefinitionNode, Known>();

  const recall = (operation: OperationDefinitionNode): Known => {
    const entry = known.get(operation) ?? { timesSeen: 0, query: undefined };
    known.delete(operation);
    known.set(operation, entry);
    if (known.size > KEPT) {
      const oldest = known.keys().next();
      if (!oldest.done) known.delete(oldest.value);
    }
    return entry;
  };

  const compiled = (document: DocumentNode, operation: OperationDefinitionNode): CompiledQuery['query'] | null => {
    const entry = recall(operation);
    if (entry.query === undefined && ++entry.timesSeen >= WORTH_COMPILING) {
      entry.query = compileIfPlain(schema, document, operation);
    }
    return entry.query ?? null;
  };

  const listener: GraphQLRequestListener<Context> = {
    async responseForOperation({ document, operation, contextValue, request }) {
      // There is none when a document has several and none was named, whatever the type says.
      const query = operation && compiled(document, operation);
      if (!query) return null;
      const result = await attempt(() => query(undefined, contextValue, request.variables ?? {}));
      if (!result || result.errors) return null;
      return { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult: result as never } };
    },
  };
  return { requestDidStart: async () => listener };
}

/** Undefined when it fails: graphql-js will say how. */
async function attempt<T>(work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}

/** The operation as code; null when it is left to graphql-js. */
export function compileIfPlain(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): CompiledQuery['query'] | null {
  if (!isCompilable(schema, document, operation)) return null;
  const compiled = compileQuery(schema, document, operation.name?.value);
  return isCompiledQuery(compiled) ? compiled.query : null;
}
