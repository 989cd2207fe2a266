import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, sqlOf } from '../../src/platform/db/database.js';
import { DATABASES, openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { administration, CREATE_KEY, KEY_FIELDS, REVOKE_KEY, untilRefused, VIEWER } from './access.js';

const PROPOSE = `mutation ($key: String!) { proposeAction(input: {
  actionType: "send_proposal", payload: { text: "Hi" }, idempotencyKey: $key }) { action { proposedBy } } }`;

describe.each(DATABASES)('API keys on %s', (kind) => {
  let database: Database;
  let server: TestServer;
  let admin: string;
  let now = new Date();
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    server = await startTestServer({ database, clock: { now: () => now } });
    admin = await server.token('admin', 'adam');
  });
  afterAll(async () => {
    await server.close();
    await database.close();
  });

  test('an agent calls with its key over both doors, in the role of an agent only', async () => {
    const { secret, apiKey } = await administration(server, admin).key({ agent: 'bot' });
    expect(secret).toMatch(/^csk_[0-9a-f]{20}_[A-Za-z0-9_-]{43}$/);
    expect(secret).toContain(`_${apiKey.publicId}_`);
    expect((await server.data(secret, VIEWER)).viewer).toEqual({
      name: 'bot',
      root: 'bot',
      tenant: 'demo',
      roles: ['AGENT'],
    });
    const { events } = await server.data(secret, '{ events(last: 1) { pageInfo { endCursor } } }');
    const live = server.subscribe(
      secret,
      'subscription ($after: String) { actionChanged(after: $after) { action { proposedBy } } }',
      { after: events.pageInfo.endCursor },
    );
    await server.data(secret, PROPOSE, { key: 'heard' });
    expect((await live.next()).data.actionChanged.action.proposedBy).toBe('bot');
    await live.close();
    const { errors } = await server.request(secret, '{ users { totalCount } }');
    expect(errors?.[0].extensions).toEqual({ code: 'FORBIDDEN', requiredRoles: ['ADMIN'] });
  });

  test('only a hash of the secret is stored, which no tenant transaction may read', async () => {
    const { secret, apiKey } = await administration(server, admin).key({ agent: 'bot' });
    const [row] = await database.asServer((sql) =>
      sql<{ row: string; hash: string; tenant_id: string }>(
        `select k::text as row, encode(secret_hash, 'hex') as hash, tenant_id from api_key as k where id = $1`,
        [apiKey.id],
      ),
    );
    expect(row?.hash).toBe(createHash('sha256').update(secret).digest('hex'));
    expect(row?.row).not.toContain(secret.slice(-43));
    await expect(
      database.run(row?.tenant_id ?? '', (tx) => sqlOf(tx)('select secret_hash from api_key')),
    ).rejects.toThrow('permission denied');
    const { events } = await server.data(admin, '{ events(last: 100) { edges { node { type data } } } }');
    const logged = JSON.stringify(events);
    expect(logged).toContain('API_KEY_CREATED');
    expect(logged).not.toContain(secret.slice(-43));
  });

  test('a secret that differs in one place, and one that was never made, are refused alike', async () => {
    const { secret } = await administration(server, admin).key({ agent: 'bot' });
    const last = secret.at(-1) === 'A' ? 'B' : 'A';
    const wrong = [
      secret.slice(0, -1) + last,
      secret.replace(/^csk_.{4}/, 'csk_0000'),
      `csk_${'0'.repeat(20)}_${'A'.repeat(43)}`,
      'csk_',
      'csk_abc',
      secret.toUpperCase().replace('CSK', 'csk'),
      `${secret}A`,
    ];
    for (const token of wrong) {
      const { errors } = await server.request(token, VIEWER);
      expect(errors?.[0], token).toMatchObject({
        message: 'This API key is not known here.',
        extensions: { code: 'UNAUTHENTICATED' },
      });
    }
  });

  test('a revoked key is refused, also where it was just used, and is revoked once', async () => {
    const { secret, apiKey } = await administration(server, admin).key({ agent: 'bot' });
    await server.data(secret, VIEWER);
    const { revokeApiKey } = await administration(server, admin).revoke(apiKey.id);
    expect(revokeApiKey).toMatchObject({ id: apiKey.id, revokedBy: 'adam', revokedAt: now.toISOString() });
    expect(await untilRefused(server, secret)).toEqual({ code: 'UNAUTHENTICATED' });
    const again = await server.request(admin, REVOKE_KEY, { input: { apiKeyId: apiKey.id } });
    expect(again.errors?.[0].extensions).toEqual({
      code: 'CONFLICT',
      apiKeyId: apiKey.id,
      revokedBy: 'adam',
      revokedAt: now.toISOString(),
    });
  });

  test('a key that is gone from the database is refused', async () => {
    const { secret, apiKey } = await administration(server, admin).key({ agent: 'bot' });
    await server.data(secret, VIEWER);
    await database.asServer((sql) => sql('delete from api_key where id = $1', [apiKey.id]));
    expect(await untilRefused(server, secret)).toEqual({ code: 'UNAUTHENTICATED' });
  });

  test('a key is good up to its end and not a moment longer', async () => {
    const expiresAt = new Date(now.getTime() + 60_000);
    const { secret, apiKey } = await administration(server, admin).key({
      agent: 'bot',
      expiresAt: expiresAt.toISOString(),
    });
    expect(apiKey.expiresAt).toBe(expiresAt.toISOString());
    const before = now;
    now = new Date(expiresAt.getTime() - 1);
    await server.data(secret, VIEWER);
    now = expiresAt;
    const { errors } = await server.request(secret, VIEWER);
    expect(errors?.[0]).toMatchObject({
      message: 'The API key has expired; get a new one.',
      extensions: { code: 'UNAUTHENTICATED' },
    });
    now = before;
  });

  test('keys are listed newest first, in pages, without their secrets', async () => {
    const made = [];
    for (const name of ['one', 'two', 'three']) {
      now = new Date(now.getTime() + 1);
      made.unshift((await administration(server, admin).key({ agent: 'lister', name })).apiKey);
    }
    const list = async (args: string) =>
      (await server.data(admin, `{ apiKeys(${args}) { edges { node { ${KEY_FIELDS} } } pageInfo { endCursor } } }`))
        .apiKeys;
    const first = await list('first: 2');
    const rest = await list(`first: 1, after: "${first.pageInfo.endCursor}"`);
    expect([...first.edges, ...rest.edges].map(({ node }) => node)).toEqual(made);
    const { apiKeys } = await server.data(admin, '{ apiKeys { totalCount } }');
    expect(apiKeys.totalCount).toBeGreaterThan(3);
  });

  test('the owner is laid down about the agent, and a key that contradicts it is refused', async () => {
    const { key, setUser } = administration(server, admin);
    const { apiKey, secret } = await key({ agent: 'owned', owner: 'ana' });
    expect(apiKey).toMatchObject({ agent: 'owned', root: 'ana' });
    expect((await server.data(secret, VIEWER)).viewer).toMatchObject({ name: 'owned', root: 'ana' });
    expect((await key({ agent: 'OWNED', owner: 'Ana' })).apiKey).toMatchObject({ agent: 'owned', root: 'ana' });
    expect((await key({ agent: 'owned' })).apiKey).toMatchObject({ root: 'ana' });
    await setUser({ name: 'clerk', roles: ['APPROVER'] });
    const refusals: readonly [input: object, path: string, message: string][] = [
      [{ agent: 'owned', owner: 'ben' }, 'owner', 'owned belongs to ana, not to ben'],
      [{ agent: 'clerk' }, 'agent', 'clerk may not be an agent'],
      [{ agent: 'an agent' }, 'agent', 'expected a name as tokens carry it'],
      [{ agent: 'bot', owner: 'system:me' }, 'owner', 'expected a name as tokens carry it'],
      [{ agent: 'bot', name: '' }, 'name', 'expected some text'],
      [{ agent: 'bot', cloneId: '01a207e2-fcf3-702d-9e67-3fc7ed112329' }, 'cloneId', 'there is no clone'],
      [{ agent: 'bot', expiresAt: now.toISOString() }, 'expiresAt', 'expected a time to come'],
    ];
    for (const [input, field, message] of refusals) {
      const { errors } = await server.request(admin, CREATE_KEY, { input: { name: 'a key', ...input } });
      expect(errors?.[0].extensions, message).toMatchObject({
        code: 'VALIDATION_FAILED',
        issues: [{ path: ['input', field], message: expect.stringContaining(message) }],
      });
    }
  });

  test('an unknown key cannot be revoked', async () => {
    for (const apiKeyId of ['nope', '01a207e2-fcf3-702d-9e67-3fc7ed112329']) {
      const { errors } = await server.request(admin, REVOKE_KEY, { input: { apiKeyId } });
      expect(errors?.[0].extensions.code).toBe('NOT_FOUND');
    }
  });
});
