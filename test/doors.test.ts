import { buildClientSchema, getIntrospectionQuery, isNonNullType, isObjectType } from 'graphql';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ERROR_CODES } from '../src/kernel/errors.js';
import { startTestServer, type TestServer, testConfig } from './support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const secret = Buffer.from(testConfig().jwtSecret ?? '');
const forged = (claims: object, key: Uint8Array = secret, expires: string | number = '1h') =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('countersign')
    .setSubject('eve')
    .setExpirationTime(expires)
    .sign(key);

/** What the server says to the same bad token over each door. */
async function codesOverBothDoors(token: string | undefined) {
  const http = await server.request(token, '{ viewer { name } }');
  const live = server.subscribe(token, 'subscription { approvalRequested { cursor } }');
  const refused = await live.next().catch((errors: unknown) => errors);
  await live.close();
  return [http.errors?.[0].extensions.code, Array.isArray(refused) ? refused[0].extensions.code : refused];
}

describe('who calls', () => {
  const badTokens: Record<string, () => Promise<string | undefined>> = {
    'no token': async () => undefined,
    'not a token': async () => 'abc',
    'signed with another secret': () =>
      forged({ tenant: 'demo', roles: ['admin'] }, Buffer.from('some other secret of enough length')),
    expired: () => forged({ tenant: 'demo', roles: ['admin'] }, secret, Math.floor(Date.now() / 1000) - 1),
    'for a tenant that does not exist': () => forged({ tenant: 'nobody', roles: ['admin'] }),
    'without a tenant': () => forged({ roles: ['admin'] }),
    'without roles': () => forged({ tenant: 'demo', roles: [] }),
    'with an unknown role': () => forged({ tenant: 'demo', roles: ['god'] }),
    'unsigned (alg none)': async () => {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      return `${part({ alg: 'none' })}.${part({ iss: 'countersign', sub: 'eve', tenant: 'demo', roles: ['admin'], exp: 4_000_000_000 })}.`;
    },
  };
  test.each(Object.keys(badTokens))('a token that is %s is refused alike over HTTP and WebSocket', async (kind) => {
    expect(await codesOverBothDoors(await badTokens[kind]?.())).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
  });

  test('every root field refuses a caller without a token before it looks at anything else', async () => {
    const introspection = (await server.data(await server.token('admin'), getIntrospectionQuery())) as never;
    const schema = buildClientSchema(introspection);
    const asked: string[] = [];
    for (const [operation, type] of [
      ['query', schema.getQueryType()],
      ['mutation', schema.getMutationType()],
    ] as const) {
      for (const field of Object.values(type?.getFields() ?? {})) {
        const given = field.args.filter((argument) => isNonNullType(argument.type));
        const named = isObjectType(schema.getType(String(field.type).replace(/[[\]!]/g, '')));
        const variables = given.map((argument) => `$${argument.name}: ${argument.type}`).join(', ');
        const passed = given.map((argument) => `${argument.name}: $${argument.name}`).join(', ');
        const document = `${operation} ${variables && `(${variables})`} { ${field.name} ${passed && `(${passed})`} ${named ? '{ __typename }' : ''} }`;
        const { errors } = await server.request(
          undefined,
          document,
          Object.fromEntries(given.map((argument) => [argument.name, sample(schema, String(argument.type))])),
        );
        expect(errors?.[0].extensions.code, `${field.name}: ${JSON.stringify(errors)}`).toBe('UNAUTHENTICATED');
        asked.push(field.name);
      }
    }
    expect(asked).toEqual(expect.arrayContaining(['viewer', 'proposeAction', 'approveAction', 'auditTrail']));
  });

  test('a role that may not do a thing is FORBIDDEN and told which roles may', async () => {
    const { errors } = await server.request(
      await server.token('agent'),
      'mutation { approveAction(input: { approvalId: "x", digest: "x" }) { id } }',
    );
    expect(errors?.[0].extensions).toMatchObject({
      code: 'FORBIDDEN',
      requiredRoles: ['APPROVER', 'MANAGER', 'ADMIN'],
    });
  });
});

describe('the WebSocket door', () => {
  test.each(['{ viewer { name } }', 'mutation { approveAction(input: { approvalId: "x", digest: "x" }) { id } }'])(
    'serves no %s',
    async (document) => {
      const live = server.subscribe(await server.token('admin'), document);
      await expect(live.next()).rejects.toMatchObject([
        { message: expect.stringContaining('Only subscriptions'), extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
      ]);
      await live.close();
    },
  );

  test('refuses a page of another site', async () => {
    const response = await new Promise<number | undefined>((resolve, reject) => {
      import('node:http').then(({ request }) => {
        const upgrade = {
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
          'sec-websocket-version': '13',
        };
        request(`${server.url}/graphql`, { headers: { ...upgrade, origin: 'https://evil.example' } })
          .on('response', (answer) => resolve(answer.statusCode))
          .on('upgrade', () => resolve(101))
          .on('error', reject)
          .end();
      }, reject);
    });
    expect(response).toBe(403);
  });

  test('a malformed cursor is CURSOR_INVALID', async () => {
    const live = server.subscribe(
      await server.token('approver'),
      'subscription { approvalRequested(after: "!!!") { cursor } }',
    );
    expect((await live.next()).errors[0].extensions).toMatchObject({
      code: 'CURSOR_INVALID',
      issues: [{ path: ['after'] }],
    });
    await live.close();
  });
});

describe('wrong input gives a documented code and the path of the argument, and changes nothing', () => {
  const good = { actionType: 'create_briefing', payload: { a: 1 }, idempotencyKey: 'k' };
  const unknown = '01a207e2-fcf3-702d-9e67-3fc7ed112329';
  const cases: readonly [name: string, input: object, path: readonly string[]][] = [
    ['an upper-case type', { ...good, actionType: 'Send_Proposal' }, ['input', 'actionType']],
    ['a type with a look-alike letter', { ...good, actionType: 'send_propos\u0430l' }, ['input', 'actionType']],
    ['an empty key', { ...good, idempotencyKey: '  ' }, ['input', 'idempotencyKey']],
    ['an oversized key', { ...good, idempotencyKey: 'k'.repeat(201) }, ['input', 'idempotencyKey']],
    ['a NUL in a text', { ...good, rationale: 'a\u0000b' }, ['input', 'rationale']],
    ['an oversized text', { ...good, rationale: 'r'.repeat(2_001) }, ['input', 'rationale']],
    ['an oversized payload', { ...good, payload: { text: 'x'.repeat(70_000) } }, ['input', 'payload']],
    ['a lone surrogate', { ...good, payload: { text: 'a\ud800' } }, ['input', 'payload', 'text']],
    ['a NUL in a payload', { ...good, payload: { text: 'a\u0000b' } }, ['input', 'payload', 'text']],
    ['a payload that is a list', { ...good, payload: [1] }, ['input', 'payload']],
    ['an unknown account', { ...good, accountId: unknown }, ['input', 'accountId']],
    ['an id that is none', { ...good, dealId: 'deal-7' }, ['input', 'dealId']],
    ['an unknown clone', { ...good, cloneId: unknown }, ['input', 'cloneId']],
    ['a misspelt stage', { ...good, dealStage: 'Negotiation' }, ['input', 'dealStage']],
    ['a missing field', { actionType: 'create_briefing', payload: {} }, ['input']],
    ['a field that does not exist', { ...good, tier: 'autonomous' }, ['input']],
  ];
  test.each(cases)('%s', async (_name, input, path) => {
    const admin = await server.token('admin');
    const count = async () => (await server.data(admin, '{ events { totalCount } }')).events.totalCount;
    const before = await count();
    const { errors } = await server.request(
      admin,
      'mutation ($input: ProposeActionInput!) { proposeAction(input: $input) { replayed } }',
      { input },
    );
    expect(errors?.[0].extensions.code).toBe('VALIDATION_FAILED');
    expect(errors?.[0].extensions.issues[0].path).toEqual(path);
    expect(await count()).toBe(before);
  });

  test.each([
    ['{ actions(first: 0) { totalCount } }', ['first']],
    ['{ actions(first: 101) { totalCount } }', ['first']],
    ['{ actions(last: -1) { totalCount } }', ['last']],
    ['{ actions(first: 1, last: 1) { totalCount } }', ['last']],
    ['{ actions(accountId: "x") { totalCount } }', ['accountId']],
  ])('%s', async (document, path) => {
    const { errors } = await server.request(await server.token('admin'), document);
    expect(errors?.[0].extensions).toMatchObject({ code: 'VALIDATION_FAILED', issues: [{ path }] });
  });

  test.each(['{ actions(after: "WyJ4Il0") { totalCount } }', '{ events(before: "\u00e9") { totalCount } }'])(
    'a cursor of nobody: %s',
    async (document) => {
      const { errors } = await server.request(await server.token('admin'), document);
      expect(errors?.[0].extensions.code).toBe('CURSOR_INVALID');
    },
  );

  test.each([
    '{ action(id: "nope") { id } }',
    `{ action(id: "${unknown}") { id } }`,
    `{ approval(id: "${unknown}") { id } }`,
    `{ auditTrail(subjectId: "${unknown}") { totalCount } }`,
  ])('an unknown id: %s', async (document) => {
    const { errors } = await server.request(await server.token('admin'), document);
    expect(errors?.[0].extensions.code).toBe('NOT_FOUND');
  });

  test('a document that does not parse, does not fit, or is too long', async () => {
    const admin = await server.token('admin');
    const codes = [];
    for (const document of ['{', '{ nothing }', `{ ${'viewer { name } '.repeat(2_000)} }`]) {
      const { status, errors } = await server.request(admin, document);
      codes.push([status, errors?.[0].extensions.code]);
    }
    expect(codes).toEqual([
      [400, 'GRAPHQL_PARSE_FAILED'],
      [400, 'GRAPHQL_VALIDATION_FAILED'],
      [400, 'GRAPHQL_PARSE_FAILED'],
    ]);
  });

  test('an HTTP body that is no GraphQL request, and one that is too large, are answered in kind', async () => {
    const post = (body: string, type = 'application/json') =>
      fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'content-type': type }, body });
    const empty = await post('{}');
    expect(empty.status).toBe(400);
    expect(((await empty.json()) as { errors: [{ extensions: { code: string } }] }).errors[0].extensions.code).toBe(
      'BAD_REQUEST',
    );
    expect((await post('not json')).status).toBe(400);
    expect((await post(`{"query":"${'x'.repeat(3 * 1024 * 1024)}"}`)).status).toBe(413);
    expect((await post('a', 'text/plain')).status).toBeGreaterThanOrEqual(400);
    expect((await post('a', 'text/plain')).status).toBeLessThan(500);
  });

  test('only documented codes exist', () => {
    expect(Object.entries(ERROR_CODES).every(([code, meaning]) => /^[A-Z_]+$/.test(code) && meaning.length > 20)).toBe(
      true,
    );
  });
});

/** Some value of an input type, so that the request gets as far as the resolver. */
function sample(schema: ReturnType<typeof buildClientSchema>, typeName: string): unknown {
  const bare = typeName.replace(/!$/, '');
  if (bare.startsWith('[')) return [];
  const type = schema.getType(bare);
  if (type && 'getFields' in type) {
    const required = Object.values(type.getFields()).filter((field) => isNonNullType(field.type));
    return Object.fromEntries(required.map((field) => [field.name, sample(schema, String(field.type))]));
  }
  if (type && 'getValues' in type) return type.getValues()[0]?.name;
  const samples: Record<string, unknown> = {
    Int: 1,
    Float: 1,
    Boolean: true,
    DateTime: '2026-01-01T00:00:00Z',
    JSONObject: {},
  };
  return samples[bare] ?? 'text';
}
