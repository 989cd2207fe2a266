import {
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';

type Field = GraphQLField<unknown, unknown>;
type Values = Readonly<Record<string, unknown>>;
export const OPERATIONS = ['query', 'mutation', 'subscription'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** A place in the arguments of a field where a caller may name something. */
export interface Position {
  /** `Type.field.argument`, or `InputType.field` for what stands inside an input. */
  readonly key: string;
  readonly name: string;
  readonly kind: 'id' | 'cursor' | 'text';
  /** From the arguments down, e.g. input, accounts, 0, id. */
  readonly path: readonly (string | number)[];
}

/** A field of the schema that takes arguments or stands at its root, and how to get to it. */
export interface Site {
  readonly operation: Operation;
  /** From the root field down; only the last one's arguments are varied. */
  readonly fields: readonly Field[];
  /** e.g. `Query.account.contacts`. */
  readonly name: string;
  readonly positions: readonly Position[];
}

export const rootOf = (schema: GraphQLSchema, operation: Operation): GraphQLObjectType | undefined | null =>
  ({ query: schema.getQueryType(), mutation: schema.getMutationType(), subscription: schema.getSubscriptionType() })[
    operation
  ];

/** Every root field, and every field below that takes arguments by the shortest way to it. */
export function sitesOf(schema: GraphQLSchema): Site[] {
  const sites: Site[] = [];
  const found = new Set<string>();
  for (const operation of OPERATIONS) {
    const root = rootOf(schema, operation);
    const ways: { type: GraphQLObjectType; fields: readonly Field[] }[] = root ? [{ type: root, fields: [] }] : [];
    for (const { type, fields } of ways) {
      for (const field of Object.values(type.getFields())) {
        const way = [...fields, field];
        if (fields.length === 0 || (field.args.length > 0 && !found.has(`${type.name}.${field.name}`))) {
          found.add(`${type.name}.${field.name}`);
          const name = [root?.name, ...way.map((step) => step.name)].join('.');
          sites.push({ operation, fields: way, name, positions: positionsOf(`${type.name}.${field.name}`, field) });
        }
        const next = getNamedType(field.type);
        if (isObjectType(next) && !ways.some((known) => known.type === next)) ways.push({ type: next, fields: way });
      }
    }
  }
  return sites;
}

function positionsOf(owner: string, field: Field): Position[] {
  const positions: Position[] = [];
  const add = (key: string, type: GraphQLInputType, path: readonly (string | number)[]): void => {
    const named = getNamedType(type);
    const inside = isListType(isNonNullType(type) ? type.ofType : type) ? [...path, 0] : path;
    if (isInputObjectType(named)) {
      for (const input of Object.values(named.getFields()))
        add(`${named.name}.${input.name}`, input.type, [...inside, input.name]);
      return;
    }
    const name = String(path.at(-1));
    const isCursor = named.name === 'String' && path.length === 1 && (name === 'after' || name === 'before');
    if (named.name === 'ID') positions.push({ key, name, kind: 'id', path: inside });
    else if (isCursor) positions.push({ key, name, kind: 'cursor', path: inside });
    else if (named.name === 'String') positions.push({ key, name, kind: 'text', path: inside });
  };
  for (const argument of field.args) add(`${owner}.${argument.name}`, argument.type, [argument.name]);
  return positions;
}

/** Every place of the schema that takes an ID, found without going along any way: `Type.field.argument`, `Input.field`. */
export function idPlaces(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (type.name.startsWith('__')) return [];
    const isId = ({ type: given }: { type: GraphQLInputType }) => getNamedType(given).name === 'ID';
    if (isInputObjectType(type))
      return Object.values(type.getFields())
        .filter(isId)
        .map(({ name }) => `${type.name}.${name}`);
    if (!isObjectType(type)) return [];
    return Object.values(type.getFields()).flatMap((field) =>
      field.args.filter(isId).map(({ name }) => `${type.name}.${field.name}.${name}`),
    );
  });
}

/** What the walk knows about filling in arguments. */
export interface Filling {
  /** A value for a place that the schema demands one for; `key` as in `Position`. */
  sample(key: string, name: string, type: GraphQLInputType): unknown;
  /** What an input needs beside what the schema demands of it. */
  extra(inputType: string): Values;
  /** The place that may not be filled together with this one. */
  insteadOf(name: string): string | undefined;
}

/** The arguments that a field must have. */
export function requiredArguments(owner: string, field: Field, filling: Filling): Values {
  const required = field.args.filter(isRequiredArgument);
  return Object.fromEntries(
    required.map(({ name, type }) => [name, filled(`${owner}.${field.name}.${name}`, name, type, filling)]),
  );
}

function filled(key: string, name: string, type: GraphQLInputType, filling: Filling): unknown {
  const bare = isNonNullType(type) ? type.ofType : type;
  if (isListType(bare)) return [filled(key, name, bare.ofType, filling)];
  return isInputObjectType(bare) ? filledInput(bare, filling) : filling.sample(key, name, bare);
}

function filledInput(input: GraphQLInputObjectType, filling: Filling): Values {
  const required = Object.values(input.getFields()).filter(isRequiredInputField);
  const values = required.map(({ name, type }) => [name, filled(`${input.name}.${name}`, name, type, filling)]);
  return { ...Object.fromEntries(values), ...filling.extra(input.name) };
}

/** The same arguments with another value at one place; inputs on the way there are filled as far as they must be. */
export function withValue(field: Field, values: Values, { path }: Position, value: unknown, filling: Filling): Values {
  const set = (type: GraphQLInputType, current: unknown, [step, ...rest]: readonly (string | number)[]): unknown => {
    if (step === undefined) return value;
    const bare = isNonNullType(type) ? type.ofType : type;
    if (isListType(bare)) return [set(bare.ofType, Array.isArray(current) ? current[0] : undefined, rest)];
    if (!isInputObjectType(bare)) throw new Error(`no way into ${bare}`);
    const { [filling.insteadOf(String(step)) ?? '']: _left, ...input } =
      (current as Values | undefined) ?? filledInput(bare, filling);
    const inner = bare.getFields()[step];
    if (!inner) throw new Error(`${bare.name} has no ${step}`);
    return { ...input, [step]: set(inner.type, input[step], rest) };
  };
  const [name, ...rest] = path;
  const argument = field.args.find((candidate) => candidate.name === name);
  if (!argument) throw new Error(`${field.name} takes no ${name}`);
  return { ...values, [argument.name]: set(argument.type, values[argument.name], rest) };
}

export interface Document {
  readonly query: string;
  readonly variables: Values;
}

/** Asks a field for everything that can be asked of it. `values` are the arguments of each field on the way. */
export function documentFor({ operation, fields }: Site, values: readonly Values[]): Document {
  const variables: Record<string, unknown> = {};
  const declared: string[] = [];
  const opening = fields.map((field, depth) => {
    const given = field.args.filter(({ name }) => values[depth]?.[name] !== undefined);
    for (const argument of given) {
      variables[`${argument.name}${depth}`] = values[depth]?.[argument.name];
      declared.push(`$${argument.name}${depth}: ${argument.type}`);
    }
    const passed = given.map(({ name }) => `${name}: $${name}${depth}`).join(', ');
    return `${field.name}${passed && `(${passed})`}`;
  });
  const last = fields.at(-1);
  const asked = last ? everythingOf(last.type, []) : '';
  const query = `${operation} ${declared.length > 0 ? `(${declared.join(', ')})` : ''} { ${opening.join(' { ')} ${asked} ${' }'.repeat(fields.length)}`;
  return { query, variables };
}

/** Deeper than anything that is not a cycle; shallower than the server's own limit. */
const DEEPEST = 7;

function everythingOf(type: GraphQLOutputType, above: readonly string[]): string {
  const named = getNamedType(type);
  if (isLeafType(named) || !isObjectType(named)) return '';
  const parts = Object.values(named.getFields()).flatMap((field) => {
    if (field.args.some(isRequiredArgument)) return [];
    const next = getNamedType(field.type);
    if (isLeafType(next)) return [field.name];
    if (above.includes(next.name) || next === named || above.length > DEEPEST) return [];
    // Small pages inside of lists keep the cost within the server's bound.
    const size = next.name.endsWith('Connection') ? '(first: 2)' : '';
    return [`${field.name}${size} ${everythingOf(field.type, [...above, named.name])}`];
  });
  return `{ ${parts.join(' ')} }`;
}

/** Each value of the switches of a field: its arguments of enumerated or boolean type. */
export function switchesOf({ fields }: Site): Values[] {
  return (fields.at(-1)?.args ?? []).flatMap(({ name, type }) => {
    const named = getNamedType(type);
    const inList = (value: unknown) => (isListType(isNonNullType(type) ? type.ofType : type) ? [value] : value);
    if (isEnumType(named)) return named.getValues().map((value) => ({ [name]: inList(value.name) }));
    if (named.name === 'Boolean') return [{ [name]: inList(true) }, { [name]: inList(false) }];
    return [];
  });
}
