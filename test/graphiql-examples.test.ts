import { readFileSync } from 'node:fs';
import { buildSchema, Kind, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../console/graphiql/examples.js';

const schema = buildSchema(readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'));
const examples = EXAMPLES.map(({ query }) => {
  const document = parse(query);
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  return { title: operations[0]?.name?.value, document, operations };
});

describe('the example operations of GraphiQL', () => {
  it('show a query, a mutation and a subscription', () => {
    const kinds = examples.flatMap(({ operations }) => operations.map(({ operation }) => operation));
    expect(new Set(kinds)).toEqual(new Set(['query', 'mutation', 'subscription']));
  });

  it('each have a name of their own: it is the title of the tab and the entry of the menu', () => {
    const names = examples.flatMap(({ operations }) => operations.map(({ name }) => name?.value));
    expect(names).not.toContain(undefined);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(examples)('$title is valid against schema.graphql', ({ document }) => {
    expect(validate(schema, document).map(({ message }) => message)).toEqual([]);
  });
});
