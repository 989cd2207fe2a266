import { BREAK, type DocumentNode, type GraphQLError, visit } from 'graphql';
import { requireRole } from '../../kernel/actor.js';
import { DomainError } from '../../kernel/errors.js';
import type { GraphQLContext } from './context.js';
import { refusal } from './errors.js';

/** Who may ask for the schema. */
export type IntrospectionPolicy = 'admins' | 'everybody' | 'nobody';

type Caller = Pick<GraphQLContext, 'actor'>;

/**
 * The refusal of a document that asks for the schema in the name of somebody who may not; undefined when all is well.
 *
 * Not a validation rule: a document is validated once and then kept, whoever sends it next.
 */
export function introspectionProblem(
  document: DocumentNode,
  policy: IntrospectionPolicy,
  caller: Caller,
): GraphQLError | undefined {
  if (!asksForSchema(document)) return undefined;
  try {
    requireIntrospection(policy, caller);
    return undefined;
  } catch (error) {
    return refusal(error);
  }
}

/**
 * Takes "Did you mean …" out of errors, which would tell the schema bit by bit, unless the caller may ask for it anyway.
 * Changes the errors: on the HTTP side nobody lets them be replaced.
 */
export function hideHints(errors: readonly GraphQLError[], policy: IntrospectionPolicy, caller: Caller): void {
  if (mayIntrospect(policy, caller)) return;
  for (const error of errors) error.message = error.message.replace(/ Did you mean .*\?$/s, '');
}

/** @throws UNAUTHENTICATED, FORBIDDEN */
function requireIntrospection(policy: IntrospectionPolicy, { actor }: Caller): void {
  switch (policy) {
    case 'everybody':
      return;
    case 'admins':
      requireRole(actor(), ['admin'], 'Asking for the schema');
      return;
    case 'nobody':
      throw new DomainError('FORBIDDEN', 'This server does not show its schema.');
    default:
      throw new Error(`no such policy: ${policy satisfies never}`);
  }
}

function mayIntrospect(policy: IntrospectionPolicy, caller: Caller): boolean {
  try {
    requireIntrospection(policy, caller);
    return true;
  } catch {
    return false;
  }
}

/** By parsed document: those that come often are parsed once. */
const known = new WeakMap<DocumentNode, boolean>();

/** Anywhere in it, also in an operation that is not the one to run, so that both doors say the same. */
function asksForSchema(document: DocumentNode): boolean {
  const before = known.get(document);
  if (before !== undefined) return before;
  let found = false;
  visit(document, {
    Field({ name }) {
      if (name.value !== '__schema' && name.value !== '__type') return undefined;
      found = true;
      return BREAK;
    },
  });
  known.set(document, found);
  return found;
}
