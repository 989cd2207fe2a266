import { ApolloServer, type HTTPGraphQLRequest } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import {
  execute,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  isRequiredArgument,
  parse,
  validate,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { composeFeatures } from '../../src/compose/index.js';
import type { Actor } from '../../src/kernel/actor.js';
import type { Clock } from '../../src/kernel/clock.js';
import { DomainError } from '../../src/kernel/errors.js';
import type { Database } from '../../src/platform/db/database.js';
import { createApolloServer } from '../../src/platform/graphql/apollo.js';
import { compileIfPlain } from '../../src/platform/graphql/compiled/compiled-queries.js';
import type { GraphQLContext } from '../../src/platform/graphql/context.js';
import { toClientError } from '../../src/platform/graphql/errors.js';
import { RateLimiter } from '../../src/platform/graphql/rate-limit.js';
import { schemaOf } from '../../src/platform/graphql/schema.js';
import { createMetrics } from '../../src/platform/telemetry/metrics.js';
import { openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { headersOf, type Sent, send } from './send.js';
import { fill, type Samples, wholeQuery } from './whole-schema.js';

/** Stands still, so that what depends on the time answers twice the same. */
const clock: Clock = { now: () => new Date('2026-03-01T12:00:00Z') };

let database: Database;
let server: TestServer;
let schema: GraphQLSchema;
let context: GraphQLContext;
let samples: Samples;
let compiling: ApolloServer<GraphQLContext>;
let reference: ApolloServer<GraphQLContext>;

beforeAll(async () => {
  database = await openTestDatabase('pglite');
  server = await startTestServer({ database, clock });
  samples = await fill(server);
  const { tokens } = server.app;
  schema = await schemaOf(composeFeatures({ database, tokens, clock, approvalHours: 72 }).resolvers);
  const [tenant] = await database.asServer((sql) => sql<{ id: string }>(`select id from tenant where slug = 'demo'`));
  const tenantId = tenant?.id ?? '';
  const roles: Actor['roles'] = new Set(['agent', 'approver', 'manager', 'admin']);
  const actor: Actor = { tenantId, tenant: 'demo', name: 'adam', root: 'adam', roles };
  context = { actor: () => actor, follow: () => Promise.reject(new Error('no subscription here')) };
  const formatError = (formatted: GraphQLFormattedError, thrown: unknown) => toClientError(formatted, thrown, () => {});
  const limiter = new RateLimiter({ perPrincipal: 0, perAddress: 0 });
  const metrics = createMetrics();
  compiling = createApolloServer({ schema, formatError, introspection: 'everybody', limiter, metrics });
  reference = new ApolloServer<GraphQLContext>({
    schema,
    formatError,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    plugins: [ApolloServerPluginCacheControlDisabled()],
  });
  await Promise.all([compiling.start(), reference.start()]);
});
afterAll(async () => {
  await Promise.all([compiling.stop(), reference.stop()]);
  await server.close();
  await database.close();
});

function compile(source: string, operationName?: string) {
  const document = parse(source);
  expect(validate(schema, document), source).toEqual([]);
  const operation = getOperationAST(document, operationName);
  if (!operation) throw new Error(`no operation in ${source}`);
  return { document, compiled: compileIfPlain(schema, document, operation) };
}

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Runs a document compiled and by graphql-js and expects the same, to the order of the fields. */
async function expectSameAnswer(source: string, variableValues: Record<string, unknown> = {}, operationName?: string) {
  const { document, compiled } = compile(source, operationName);
  if (!compiled) throw new Error(`not compiled: ${source}`);
  const expected = await execute({ schema, document, contextValue: context, variableValues, operationName });
  expect(expected.errors, source).toBeUndefined();
  const answer = await compiled(undefined, context, variableValues);
  expect(JSON.stringify(answer), source).toBe(JSON.stringify(expected));
  return asJson(answer) as { data: Record<string, unknown> };
}

/** Sends the same request until it is compiled and beyond, and expects each time what Apollo by itself answers. */
async function expectSameThroughDoor(body: Sent, by: GraphQLContext = context) {
  const expected = await send(reference, body, by);
  for (let time = 1; time <= 5; time += 1) {
    expect(await send(compiling, body, by), `${body.query}, time ${time}`).toEqual(expected);
  }
  return expected;
}

describe('compiled queries answer as graphql-js does', () => {
  test('every query of the schema, with every field below it', async () => {
    const roots = Object.values(schema.getQueryType()?.getFields() ?? {});
    const leftOut: string[] = [];
    const emptyLists: string[] = [];
    for (const field of roots) {
      const variables = samples[field.name] ?? {};
      const missing = field.args.filter((argument) => isRequiredArgument(argument) && !(argument.name in variables));
      if (missing.length > 0) {
        leftOut.push(field.name);
        continue;
      }
      const source = [6, 5, 4, 3, 2, 1].map((depth) => wholeQuery(field, depth)).find((each) => compile(each).compiled);
      if (!source) throw new Error(`${field.name} is not compiled at any depth`);
      const { data } = await expectSameAnswer(source, variables);
      if (JSON.stringify(data[field.name]).includes('"edges":[]')) emptyLists.push(field.name);
    }
    // These take input objects, which are left to graphql-js.
    expect(leftOut.sort()).toEqual(['checkAction', 'simulatePolicy']);
    expect(emptyLists).toEqual([]);
  });

  test.each([
    [
      'aliases, a field asked for twice, and a field merged from two selections',
      '{ a: approvals { edges { node { id id action { id } action { digest } } } } b: viewer { name roles __typename } }',
    ],
    [
      'named and inline fragments, one used twice',
      `query { approvals { edges { node { ...F ... { comment } ... on Approval { digest } } } } action: actions { edges { node { approval { ...F } } } } }
       fragment F on Approval { id action { ...G approval { id } } } fragment G on Action { payload canonical guardrail { tier reason explanation } }`,
    ],
    [
      'a count, which is asked for only when selected',
      '{ approvals(first: 1) { totalCount pageInfo { hasNextPage endCursor } } actions(first: 1) { totalCount } }',
    ],
    [
      'literals of every harmless kind',
      '{ actions(first: 3, status: null) { edges { node { status } } } approvals(status: APPROVED, first: 2) { edges { node { status decidedBy decidedAt comment } } } }',
    ],
    ['nothing found', '{ approvals(status: CANCELLED) { edges { node { id } } pageInfo { startCursor } totalCount } }'],
  ])('%s', async (_name, source) => {
    await expectSameAnswer(source);
  });

  const listing = `query List($first: Int = 2, $status: ApprovalStatus, $after: String) {
    approvals(first: $first, status: $status, after: $after) { edges { cursor node { id status requestedAt } } pageInfo { hasNextPage } } }`;
  test.each<[string, Record<string, unknown>]>([
    ['left out', {}],
    ['null', { first: null, status: null, after: null }],
    ['given', { first: 1, status: 'APPROVED' }],
  ])('optional variables that are %s', async (_name, variables) => {
    await expectSameAnswer(listing, variables);
  });

  test('a variable left out leaves the default of its argument in force', async () => {
    const { data } = await expectSameAnswer(listing);
    const { edges } = data.approvals as { edges: { node: { status: string } }[] };
    expect(edges.map(({ node }) => node.status)).toEqual(['PENDING']);
  });

  test('lists of enum values as variables, one value standing for a list of one', async () => {
    const source = 'query ($status: [ActionStatus!]) { actions(status: $status) { edges { node { status } } } }';
    await expectSameAnswer(source, { status: ['BLOCKED', 'ALLOWED'] });
    await expectSameAnswer(source, { status: 'BLOCKED' });
    await expectSameAnswer(source, { status: [] });
  });

  test('one of several operations in a document', async () => {
    const source = 'query One { viewer { name } } query Two($id: ID!) { action(id: $id) { id outcome failure } }';
    await expectSameAnswer(source, {}, 'One');
    await expectSameAnswer(source, samples.action, 'Two');
  });
});

describe('through the door the answer is the same before and after compiling', () => {
  const nobody: GraphQLContext = {
    ...context,
    actor: () => {
      throw new DomainError('UNAUTHENTICATED', 'No token came.');
    },
    follow: () => Promise.reject(new Error('no subscription here')),
  };
  const byId = 'query ($id: ID!) { action(id: $id) { id } }';

  test('a success', async () => {
    const { status, data } = await expectSameThroughDoor({ query: byId, variables: { ...samples.action } });
    expect([status, data]).toEqual([200, { action: samples.action }]);
  });

  test.each<[string, Sent, string, unknown]>([
    ['an unknown id', { query: byId, variables: { id: 'x' } }, 'NOT_FOUND', ['action']],
    [
      'an alias in the path',
      { query: 'query ($id: ID!) { viewer { name } mine: action(id: $id) { id } }', variables: { id: 'x' } },
      'NOT_FOUND',
      ['mine'],
    ],
    ['a missing variable', { query: byId }, 'VALIDATION_FAILED', undefined],
    ['a variable of the wrong type', { query: byId, variables: { id: { a: 1 } } }, 'VALIDATION_FAILED', undefined],
    [
      'a value out of range',
      { query: 'query ($n: Int) { approvals(first: $n) { totalCount } }', variables: { n: 0 } },
      'VALIDATION_FAILED',
      ['approvals'],
    ],
    [
      'a number too large for Int',
      { query: 'query ($n: Int) { approvals(first: $n) { totalCount } }', variables: { n: 2 ** 40 } },
      'VALIDATION_FAILED',
      undefined,
    ],
    [
      'an unknown enum value',
      { query: 'query ($s: ApprovalStatus) { approvals(status: $s) { totalCount } }', variables: { s: 'pending' } },
      'VALIDATION_FAILED',
      undefined,
    ],
    [
      'a cursor of another list',
      { query: 'query ($c: String) { approvals(after: $c) { totalCount } }', variables: { c: 'abc' } },
      'CURSOR_INVALID',
      ['approvals'],
    ],
  ])('%s', async (_name, sent, code, path) => {
    const { errors } = await expectSameThroughDoor(sent);
    expect(errors).toMatchObject([{ extensions: { code }, ...(path !== undefined && { path }) }]);
  });

  test('nobody is answered, compiled or not', async () => {
    const { errors } = await expectSameThroughDoor({ query: '{ viewer { name } clones { name } }' }, nobody);
    expect(errors[0].extensions.code).toBe('UNAUTHENTICATED');
  });

  test.each<[string, Partial<HTTPGraphQLRequest>]>([
    ['by GET', { method: 'GET', search: `?${new URLSearchParams({ query: '{ viewer { name } }' })}`, body: undefined }],
    ['for another kind of answer', { headers: headersOf({ accept: 'application/graphql-response+json' }) }],
    ['for a kind of answer that nobody has', { headers: headersOf({ accept: 'text/csv' }) }],
    ['as a text, as other sites can', { headers: headersOf({ 'content-type': 'text/plain' }) }],
    [
      'as a persisted query',
      { body: { query: '{ viewer { name } }', extensions: { persistedQuery: { version: 2 } } } },
    ],
    [
      'with null for variables and name',
      { body: { query: '{ viewer { name } }', variables: null, operationName: null } },
    ],
    ['with a list for variables', { body: { query: '{ viewer { name } }', variables: [1] } }],
    ['with a number for a name', { body: { query: '{ viewer { name } }', operationName: 7 } }],
    ['as a list of requests', { body: [{ query: '{ viewer { name } }' }] }],
    ['with a name that does not exist', { body: { query: '{ viewer { name } }', operationName: 'Other' } }],
  ])('a compiled query asked for %s', async (_name, request) => {
    const sent = { query: '{ viewer { name } }' };
    await expectSameThroughDoor(sent);
    expect(await send(compiling, sent, context, request)).toEqual(await send(reference, sent, context, request));
  });

  test('two operations without saying which', async () => {
    const { errors } = await expectSameThroughDoor({
      query: 'query A { viewer { name } } query B { viewer { name } }',
    });
    expect(errors).toHaveLength(1);
  });

  test('what costs too much is refused, although it was compiled with a small page before', async () => {
    const query = `query ($n: Int) { accounts(first: $n) { edges { node { deals(first: $n) { edges { node { id } } } } } } }`;
    await expectSameThroughDoor({ query, variables: { n: 2 } });
    const { errors } = await send(compiling, { query, variables: { n: 100 } }, context);
    expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  });
});
