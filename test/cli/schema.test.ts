import 'reflect-metadata';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  buildSchema,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeSchema } from '../../src/cli/commands/schema.js';
import { run } from '../../src/cli/commands/terminal.js';
import { recordedTerminal } from './recorded-terminal.js';

const text = await readFile('schema.graphql', 'utf8');
const schema = buildSchema(text);

interface Described {
  readonly name: string;
  readonly description?: string | null;
}

/** Everything that a description belongs to, by its full name. */
function partsOf(type: GraphQLNamedType): [string, Described][] {
  const named = (parts: readonly Described[], prefix = type.name): [string, Described][] =>
    parts.map((part) => [`${prefix}.${part.name}`, part]);
  const whole: [string, Described] = [type.name, type];
  if (isObjectType(type) || isInterfaceType(type)) {
    const fields = Object.values(type.getFields());
    const args = fields.flatMap((field) => named(field.args, `${type.name}.${field.name}`));
    return [whole, ...named(fields), ...args];
  }
  if (isInputObjectType(type)) return [whole, ...named(Object.values(type.getFields()))];
  if (isEnumType(type)) return [whole, ...named(type.getValues())];
  return [whole];
}

const rootTypes = ['Query', 'Mutation', 'Subscription'];

describe('schema.graphql', () => {
  it('describes every type, field, argument, input field and enum value', () => {
    const ownTypes = Object.values(schema.getTypeMap()).filter(
      (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
    );
    const parts = ownTypes.flatMap(partsOf).filter(([name]) => !rootTypes.includes(name));
    expect(parts.length).toBeGreaterThan(200);
    expect(parts.filter(([, { description }]) => !description?.trim()).map(([name]) => name)).toEqual([]);
  });

  it.each([
    [
      'Query',
      [
        ['viewer', 'clones', 'guardrails', 'classifyAction', 'checkAction'],
        ['action', 'actions', 'approval', 'approvals', 'auditTrail', 'events'],
        ['goal', 'goals', 'goalStatuses', 'metrics', 'account', 'accounts'],
      ].flat(),
    ],
    [
      'Mutation',
      [
        ['proposeAction', 'approveAction', 'rejectAction', 'claimAction', 'completeAction', 'failAction'],
        ['createGoal', 'updateGoalProgress', 'cancelGoal'],
        ['upsertAccount', 'upsertDeal', 'recordInteraction', 'importRecords'],
      ].flat(),
    ],
    ['Subscription', ['approvalRequested', 'approvalResolved', 'actionChanged', 'goalChanged']],
  ])('has the operations of %s that clients were promised', (root, names) => {
    const type = schema.getType(root);
    expect(isObjectType(type) && Object.keys(type.getFields())).toEqual(expect.arrayContaining(names));
  });

  it('lets every subscription resume behind a cursor', () => {
    const fields = Object.values(schema.getSubscriptionType()?.getFields() ?? {});
    expect(fields.length).toBeGreaterThan(0);
    expect(fields.filter((field) => field.args.every(({ name }) => name !== 'after'))).toEqual([]);
  });

  it('is what the resolvers say now, sorted, wherever it is written', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-schema-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'written.graphql');
    const terminal = recordedTerminal();
    expect(await run(writeSchema, [path], terminal)).toBe(0);
    expect(await readFile(path, 'utf8')).toBe(text);
    const names = [...text.matchAll(/^(?:type|input|enum|scalar|interface|union) (\w+)/gm)].map((match) => match[1]);
    expect(names).toEqual([...names].sort());
  });

  it('goes nowhere, with one clear line, when the file cannot be written', async () => {
    const terminal = recordedTerminal();
    expect(await run(writeSchema, ['no/such/folder/x.graphql'], terminal)).toBe(1);
    expect(terminal.err()).toMatch(/^no\/such\/folder\/x\.graphql: expected a file that can be written; .*\n$/);
  });
});
