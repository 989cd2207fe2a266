import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Config, readConfig } from '../src/config.js';
import { startTestServer, type TestServer } from './support/server.js';

type Policy = Config['introspection'];
const POLICIES: readonly Policy[] = ['admins', 'everybody', 'nobody'];

const SCHEMA = getIntrospectionQuery();
/** Both doors parse and check all of it, whichever operation is to run. */
const BESIDE = 'subscription Live { approvalRequested { cursor } } query Schema { __schema { types { name } } }';
const MISSPELT = 'subscription { approvalRequestd { cursor } }';

const servers = new Map<Policy, TestServer>();
beforeAll(async () => {
  for (const introspection of POLICIES)
    servers.set(introspection, await startTestServer({ config: { introspection } }));
});
afterAll(() => Promise.all([...servers.values()].map((server) => server.close())));

function serverOf(policy: Policy): TestServer {
  const server = servers.get(policy);
  if (!server) throw new Error(`no server for ${policy}`);
  return server;
}

interface Refused {
  readonly code: string;
  readonly message: string;
}

async function overWebSocket(server: TestServer, token: string | undefined, query: string): Promise<Refused> {
  const live = server.subscribe(token, query);
  const answer = await live.next().catch((errors: unknown) => ({ errors }));
  await live.close();
  const [{ message, extensions }] = answer.errors as [{ message: string; extensions: { code: string } }];
  return { message, code: extensions.code };
}

async function overHttp(server: TestServer, token: string | undefined, query: string) {
  const { status, data, errors } = await server.request(token, query);
  return {
    status,
    hasSchema: Boolean(data?.__schema),
    code: errors?.[0].extensions.code,
    message: errors?.[0].message,
  };
}

describe('asking for the schema', () => {
  const outcomes: readonly [policy: Policy, who: 'admin' | 'manager' | 'nobody known', code: string | undefined][] = [
    ['admins', 'admin', undefined],
    ['admins', 'manager', 'FORBIDDEN'],
    ['admins', 'nobody known', 'UNAUTHENTICATED'],
    ['everybody', 'manager', undefined],
    ['everybody', 'nobody known', undefined],
    ['nobody', 'admin', 'FORBIDDEN'],
    ['nobody', 'nobody known', 'FORBIDDEN'],
  ];
  test.each(outcomes)('where it is for %s: %s gets %s', async (policy, who, code) => {
    const server = serverOf(policy);
    const token = who === 'nobody known' ? undefined : await server.token(who);
    const answer = await overHttp(server, token, SCHEMA);
    expect([answer.hasSchema, answer.code]).toEqual([code === undefined, code]);
    expect(answer.status).toBe(code === undefined ? 200 : code === 'FORBIDDEN' ? 403 : 401);
  });

  test('is decided for each caller anew, also where the document is known from an admin', async () => {
    const server = serverOf('admins');
    const [admin, agent] = [await server.token('admin'), await server.token('agent')];
    const query = 'query Known { __type(name: "Action") { name fields { name } } }';
    const codes = [];
    for (const token of [admin, agent, admin, undefined]) codes.push((await overHttp(server, token, query)).code);
    expect(codes).toEqual([undefined, 'FORBIDDEN', undefined, 'UNAUTHENTICATED']);
  });

  test.each(['agent', 'manager'] as const)('beside a subscription is refused to a %s over both doors', async (role) => {
    const server = serverOf('admins');
    const token = await server.token(role);
    expect((await overWebSocket(server, token, BESIDE)).code).toBe('FORBIDDEN');
    const http = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: BESIDE, operationName: 'Live' }),
    });
    const { errors } = (await http.json()) as { errors: [{ extensions: { code: string } }] };
    expect([http.status, errors[0].extensions.code]).toEqual([403, 'FORBIDDEN']);
  });

  test('by __typename alone is not asking for the schema', async () => {
    const server = serverOf('nobody');
    expect((await server.data(await server.token('agent'), '{ __typename viewer { __typename } }')).__typename).toBe(
      'Query',
    );
  });
});

describe('hints at how a name is written', () => {
  test.each([
    ['admins', 'admin', true],
    ['admins', 'agent', false],
    ['everybody', 'agent', true],
    ['nobody', 'admin', false],
  ] as const)('where the schema is for %s: an %s gets them: %s', async (policy, role, shown) => {
    const server = serverOf(policy);
    const token = await server.token(role);
    const http = await overHttp(server, token, MISSPELT);
    const live = await overWebSocket(server, token, MISSPELT);
    expect(live.message).toBe(http.message);
    expect(live.code).toBe(http.code);
    expect(http.message.includes('Did you mean "approvalRequested"')).toBe(shown);
    expect(http.message).toMatch(/^Cannot query field "approvalRequestd" on type "Subscription"\./);
  });

  test.each([
    ['query ($stage: DealStage!) { a: actions(first: 1) { totalCount } }', { stage: 'NEGOTIATON' }],
    ['mutation ($i: ProposeActionInput!) { proposeAction(input: $i) { replayed } }', { i: { actionTyp: 'x' } }],
    ['{ viewer { nam } }', {}],
    ['{ actions(frst: 1) { totalCount } }', {}],
    ['{ ...on Actoin { id } }', {}],
  ])('are in no error of any kind: %s', async (query, variables) => {
    const server = serverOf('admins');
    const tell = async (role: 'admin' | 'agent') =>
      JSON.stringify((await server.request(await server.token(role), query, variables)).errors);
    expect(await tell('agent')).not.toContain('Did you mean');
    expect(await tell('agent')).not.toBe('undefined');
  });
});

test('who may ask: everybody while developing, admins in production, or as set', () => {
  const production = { NODE_ENV: 'production', COUNTERSIGN_JWT_SECRET: 's'.repeat(32) };
  expect(readConfig({}).introspection).toBe('everybody');
  expect(readConfig(production).introspection).toBe('admins');
  expect(readConfig({ ...production, COUNTERSIGN_INTROSPECTION: 'nobody' }).introspection).toBe('nobody');
  expect(() => readConfig({ COUNTERSIGN_INTROSPECTION: 'me' })).toThrow(
    'COUNTERSIGN_INTROSPECTION: expected who may ask for the schema: admins, everybody or nobody, got "me"',
  );
});
