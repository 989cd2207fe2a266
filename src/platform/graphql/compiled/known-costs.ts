import {
  type GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  type TypeNode,
} from 'graphql';
import { costOrProblem, type Operation } from '../limits.js';

/** Sets of page sizes remembered for one operation: clients use a few. */
const REMEMBERED = 16;

/** A cost depends on page sizes and on `@include` and `@skip`, so on variables of these types alone. */
const COUNTING: ReadonlySet<string> = new Set(['Int', 'Boolean']);

/**
 * `costOrProblem`, worked out once for each operation and page size: walking the document costs as much as answering a
 * list. Only what is within bounds is remembered.
 */
export function knownCosts(schema: GraphQLSchema) {
  const affordable = new WeakMap<OperationDefinitionNode, Map<string, number>>();

  return (operation: OperationDefinitionNode, request: Omit<Operation, 'schema'>): number | GraphQLError => {
    // Left out (the default counts) and null (a page without a size) cost differently, and JSON would write both alike.
    const given = countingVariables(operation).filter((name) => Object.hasOwn(request.variables ?? {}, name));
    const sizes = JSON.stringify(given.map((name) => [name, request.variables?.[name]]));
    const known = affordable.get(operation) ?? new Map<string, number>();
    const before = known.get(sizes);
    if (before !== undefined) return before;
    // Variables that do not fit are refused by execution, in its words, before anything runs.
    const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], { ...request.variables });
    if (errors) return 0;
    const cost = costOrProblem({ schema, ...request });
    if (typeof cost === 'number' && known.size < REMEMBERED) affordable.set(operation, known.set(sizes, cost));
    return cost;
  };
}

const countingVariables = ({ variableDefinitions = [] }: OperationDefinitionNode): string[] =>
  variableDefinitions.filter(({ type }) => COUNTING.has(nameOf(type))).map(({ variable }) => variable.name.value);

const nameOf = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type));
