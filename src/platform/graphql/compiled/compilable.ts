import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  typeFromAST,
  type ValueNode,
} from 'graphql';

/**
 * Fields that a document may come to with its fragments written out, as compiled code is. Without a bound, a few
 * fragments that use one another twice would grow into more code than memory holds.
 */
const MAX_FIELDS = 400;

/** Values that become code without a chance of becoming something else. Text never does: it comes as a variable. */
const LITERALS: ReadonlySet<ValueNode['kind']> = new Set([
  Kind.VARIABLE,
  Kind.INT,
  Kind.FLOAT,
  Kind.BOOLEAN,
  Kind.ENUM,
  Kind.NULL,
]);

/**
 * Whether a valid operation may be compiled: only the plain queries for which the compiler is known to be safe and
 * to answer as graphql-js does. Anything else is left to graphql-js; being left out costs speed, never an answer.
 *
 * - Text in a document is never compiled: graphql-jit 0.8.9 turns a crafted string literal into running code.
 * - Directives: it keeps conditions on the parsed document, so that one use of a fragment changes another.
 * - Input objects, and variables inside lists: an absent optional value becomes null there.
 * - Interfaces, unions, introspection: rarely asked for, much to get wrong.
 * - Mutations: what failed compiled is run again by graphql-js, see `compiledQueries`.
 */
export function isCompilable(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): boolean {
  const root = schema.getQueryType();
  if (operation.operation !== 'query' || !root || operation.directives?.length) return false;
  const plainVariables = (operation.variableDefinitions ?? []).every(({ variable, type, defaultValue, directives }) => {
    const inner = typeFromAST(schema, type as never);
    return (
      inner !== undefined &&
      isLeafType(getNamedType(inner)) &&
      isOrdinary(variable.name.value) &&
      (defaultValue === undefined || LITERALS.has(defaultValue.kind)) &&
      !directives?.length
    );
  });
  if (!plainVariables) return false;
  const fragments = new Map(
    document.definitions
      .filter((definition): definition is FragmentDefinitionNode => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
  return isPlainSelection(operation.selectionSet, root, { schema, fragments, fieldsLeft: MAX_FIELDS });
}

interface Walk {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  fieldsLeft: number;
}

function isPlainSelection({ selections }: SelectionSetNode, parent: GraphQLObjectType, walk: Walk): boolean {
  return selections.every((selection) => {
    walk.fieldsLeft -= 1;
    if (walk.fieldsLeft < 0 || selection.directives?.length) return false;
    if (selection.kind === Kind.FIELD) return isPlainField(selection, parent, walk);
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? walk.fragments.get(selection.name.value) : selection;
    if (!fragment || fragment.directives?.length) return false;
    const on = fragment.typeCondition?.name.value;
    return (on === undefined || on === parent.name) && isPlainSelection(fragment.selectionSet, parent, walk);
  });
}

function isPlainField(field: FieldNode, parent: GraphQLObjectType, walk: Walk): boolean {
  if (field.alias && !isOrdinary(field.alias.value)) return false;
  if (field.name.value === '__typename') return true;
  const definition = parent.getFields()[field.name.value];
  if (!definition || !(field.arguments ?? []).every(({ value }) => LITERALS.has(value.kind))) return false;
  const type = getNamedType(definition.type);
  if (!field.selectionSet) return isLeafType(type);
  return isObjectType(type) && isPlainSelection(field.selectionSet, type, walk);
}

/** Names with two underscores in front mean something to GraphQL or, as a key, to JavaScript. */
const isOrdinary = (name: string): boolean => !name.startsWith('__');
