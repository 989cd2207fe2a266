import { createHmac } from 'node:crypto';
import { exportSPKI, importJWK, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConfig, StartupError } from '../../src/config.js';
import { openKeySet } from '../../src/features/identity/key-set.js';
import { createTokens, type Tokens } from '../../src/features/identity/tokens.js';
import { tokensOf } from '../../src/tokens.js';
import { startTestServer } from '../support/server.js';
import { errorsOf, VIEWER } from './access.js';
import { AUDIENCE, ISSUER, type Issuer, type SigningKey, signedToken, signingKey, startIssuer } from './issuer.js';

const SECRET = 'a secret of the tests, long enough to be one';
const clock = { now: () => new Date() };

describe('tokens of an outside issuer', () => {
  let issuer: Issuer;
  let key: SigningKey;
  let problems: unknown[];
  const check = (secret?: string, pauseMs = 0): Tokens => {
    const onUnreachable = (cause: unknown) => problems.push(cause);
    const keySet = openKeySet({
      url: issuer.url,
      issuer: ISSUER,
      audience: AUDIENCE,
      clock,
      onUnreachable,
      pauseMs,
    });
    return createTokens(secret, clock, keySet);
  };
  beforeEach(async () => {
    problems = [];
    key = await signingKey('ES256', 'first');
    issuer = await startIssuer([key.jwk]);
  });
  afterEach(() => issuer.close());

  test.each(['RS256', 'ES256', 'EdDSA'] as const)('%s is taken, and the claims are read from it', async (alg) => {
    const other = await signingKey(alg, 'other');
    issuer.keys = [key.jwk, other.jwk];
    const expires = Math.floor(Date.now() / 1_000) + 60;
    const claims = { tenant: 'acme', sub: 'auth0|ana', roles: ['approver', 'manager'] };
    expect(await check().verify(await signedToken({ key: other, claims, expires, audience: ['x', AUDIENCE] }))).toEqual(
      {
        tenant: 'acme',
        user: 'auth0|ana',
        roles: ['approver', 'manager'],
        expiresAt: new Date(expires * 1_000),
      },
    );
  });

  test('a rotated key is found by its id; the old one still counts while it is published', async () => {
    const tokens = check();
    await tokens.verify(await signedToken({ key }));
    const next = await signingKey('RS256', 'second');
    issuer.keys = [next.jwk, key.jwk];
    await tokens.verify(await signedToken({ key: next }));
    await tokens.verify(await signedToken({ key, claims: { sub: 'ben' } }));
    expect(issuer.fetched).toBe(2);
  });

  test('an unknown key id is refused, and does not make the server ask the issuer again and again', async () => {
    const tokens = check(undefined, 60_000);
    const unknown = await signingKey('ES256', 'unknown');
    for (let round = 0; round < 5; round++) {
      const token = await signedToken({ key: unknown, claims: { round } });
      await expect(tokens.verify(token)).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
        message: 'The token is signed with a key that the issuer does not publish.',
      });
    }
    expect(issuer.fetched).toBe(1);
    expect(problems).toEqual([]);
  });

  test.each([
    ['another issuer', { issuer: 'https://evil.example' }, '"iss"'],
    ['another audience', { audience: 'somebody.else' }, '"aud"'],
    ['a time to come', { notBefore: '1h' }, '"nbf"'],
    ['a time that is over', { expires: Math.floor(Date.now() / 1_000) - 60 }, 'has expired'],
    ['no tenant', { claims: { tenant: undefined } }, '"tenant"'],
    ['a tenant that is no name', { claims: { tenant: 'Acme Inc.' } }, '"tenant"'],
    ['a subject that is no name', { claims: { sub: 'system:expiry' } }, '"sub"'],
    ['roles as text', { claims: { roles: 'admin' } }, '"roles"'],
    ['no roles', { claims: { roles: [] } }, '"roles"'],
    ['an unknown role', { claims: { roles: ['approver', 'god'] } }, '"roles"'],
    ['an end beyond all time', { expires: 9e15 }, '"exp"'],
  ])('a token for %s is refused with the reason', async (_what, parts, reason) => {
    await expect(check().verify(await signedToken({ key, ...parts }))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringContaining(reason),
    });
  });

  test('a token signed by somebody else under a published key id is refused', async () => {
    const forger = await signingKey('ES256', 'first');
    await expect(check().verify(await signedToken({ key: forger }))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('an algorithm outside the list is refused, though the key is published', async () => {
    const other = await signingKey('PS256', 'other');
    issuer.keys = [other.jwk];
    await expect(check().verify(await signedToken({ key: other }))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringContaining('algorithm'),
    });
  });

  test.each(['without a secret of its own', 'with one'])(
    'a published key cannot be used as a secret: a server %s refuses every form of it',
    async (which) => {
      const rsa = await signingKey('RS256', 'rsa');
      issuer.keys = [rsa.jwk];
      const pem = await exportSPKI((await importJWK(rsa.jwk, 'RS256', { extractable: true })) as CryptoKey);
      const tokens = check(which === 'with one' ? SECRET : undefined);
      const claims = { tenant: 'demo', sub: 'eve', roles: ['admin'], iss: ISSUER, aud: AUDIENCE, exp: 4_000_000_000 };
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      for (const iss of [ISSUER, 'countersign']) {
        for (const material of [
          pem,
          pem.trim(),
          JSON.stringify(rsa.jwk),
          rsa.jwk.n ?? '',
          Buffer.from(rsa.jwk.n ?? '', 'base64url'),
        ]) {
          for (const header of [{ alg: 'HS256', kid: 'rsa' }, { alg: 'HS256' }]) {
            const body = `${part(header)}.${part({ ...claims, iss })}`;
            const token = `${body}.${createHmac('sha256', material).update(body).digest('base64url')}`;
            await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
          }
        }
      }
      for (const alg of ['none', 'NONE', undefined]) {
        await expect(tokens.verify(`${part({ alg, kid: 'rsa' })}.${part(claims)}.`)).rejects.toMatchObject({
          code: 'UNAUTHENTICATED',
        });
      }
    },
  );

  test('the server’s own secret counts beside the issuer only where it was given', async () => {
    const own = await new SignJWT({ tenant: 'demo', roles: ['admin'] })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('countersign')
      .setSubject('adam')
      .setExpirationTime('1h')
      .sign(Buffer.from(SECRET));
    expect(await check(SECRET).verify(own)).toMatchObject({ user: 'adam' });
    await expect(check().verify(own)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(check().canIssue).toBe(false);
    await expect(
      check().issue({ tenant: 'demo', user: 'ana', roles: ['agent'], expiresAt: new Date() }),
    ).rejects.toThrow('no secret');
  });

  test.each([
    ['an error', () => ({ status: 500, body: 'secret detail of the issuer' })],
    ['a redirect', () => ({ status: 302, body: '' })],
    ['something that is no key set', () => ({ status: 200, body: '{"keys":"none"}' })],
    ['something that is no JSON', () => ({ status: 200, body: '<html>secret detail of the issuer' })],
  ])(
    'while the issuer answers with %s, tokens are refused without its words, the reason is told, and it heals',
    async (_what, answer) => {
      issuer.answer = answer();
      const tokens = check();
      const token = await signedToken({ key });
      const refusal = {
        code: 'UNAUTHENTICATED',
        message: 'Tokens cannot be checked now, because the issuer’s keys cannot be read. Try again in a moment.',
        details: {},
      };
      await expect(tokens.verify(token)).rejects.toMatchObject(refusal);
      expect(problems).toHaveLength(1);
      issuer.answer = undefined;
      expect(await tokens.verify(token)).toMatchObject({ user: 'ana' });
    },
  );

  test('while the issuer cannot be reached, tokens by keys that were read before are still taken', async () => {
    const tokens = check();
    await tokens.verify(await signedToken({ key }));
    await issuer.close();
    expect(await tokens.verify(await signedToken({ key, claims: { sub: 'ben' } }))).toMatchObject({ user: 'ben' });
    await expect(check().verify(await signedToken({ key }))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(problems).toHaveLength(1);
  });
});

describe('a server that trusts an outside issuer', () => {
  test('takes its tokens over both doors, issues none, and masks why keys cannot be read', async () => {
    const key = await signingKey('EdDSA', 'only');
    const issuer = await startIssuer([key.jwk]);
    const jwks = { url: issuer.url, issuer: ISSUER, audience: AUDIENCE };
    const server = await startTestServer({ config: { jwks, jwtSecret: undefined, logLevel: 'silent' } });
    const token = await signedToken({ key, claims: { sub: 'ana', roles: ['approver'] } });
    issuer.answer = { status: 500, body: 'secret detail of the issuer' };
    const refused = await server.request(token, VIEWER);
    expect(refused.errors?.[0].extensions).toEqual({ code: 'UNAUTHENTICATED' });
    expect(JSON.stringify(refused.errors)).not.toContain('secret detail');
    const refusedLive = server.subscribe(token, 'subscription { approvalRequested { cursor } }');
    expect((await errorsOf(refusedLive))?.[0].extensions).toEqual({ code: 'UNAUTHENTICATED' });
    issuer.answer = undefined;
    expect((await server.data(token, VIEWER)).viewer).toEqual({
      name: 'ana',
      root: 'ana',
      tenant: 'demo',
      roles: ['APPROVER'],
    });
    const live = server.subscribe(token, 'subscription { approvalRequested(after: "!") { cursor } }');
    expect((await errorsOf(live))?.[0].extensions.code).toBe('CURSOR_INVALID');
    expect(server.app.tokens.canIssue).toBe(false);
    await server.close();
    await issuer.close();
  });
});

describe('the settings of an outside issuer', () => {
  const complete = {
    COUNTERSIGN_JWKS_URL: 'https://issuer.example/keys',
    COUNTERSIGN_JWT_ISSUER: ISSUER,
    COUNTERSIGN_JWT_AUDIENCE: AUDIENCE,
  };

  test('stand in for the secret, also in production and on PostgreSQL', () => {
    const { jwks, jwtSecret } = readConfig({
      ...complete,
      NODE_ENV: 'production',
      DATABASE_URL: 'postgres://localhost/countersign',
    });
    expect(jwks).toEqual({ url: new URL(complete.COUNTERSIGN_JWKS_URL), issuer: ISSUER, audience: AUDIENCE });
    expect(jwtSecret).toBeUndefined();
    expect(readConfig({}).jwks).toBeUndefined();
  });

  test('leave nothing to sign with: whoever asks for a token is told which setting is missing', async () => {
    const tokens = tokensOf(readConfig(complete));
    const claims = { tenant: 'demo', user: 'ana', roles: ['agent' as const], expiresAt: new Date() };
    const refusal = await tokens.issue(claims).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StartupError);
    expect(String(refusal)).toContain('COUNTERSIGN_JWT_SECRET: expected ');
    expect(tokensOf(readConfig({ ...complete, COUNTERSIGN_JWT_SECRET: SECRET })).canIssue).toBe(true);
  });

  test.each(['http://localhost:8080/keys', 'http://127.0.0.1/keys', 'http://[::1]:8080/keys'])(
    'plain http is fine on this machine: %s',
    (url) => {
      expect(readConfig({ ...complete, COUNTERSIGN_JWKS_URL: url }).jwks?.url).toEqual(new URL(url));
    },
  );

  test.each([
    ['COUNTERSIGN_JWKS_URL', { ...complete, COUNTERSIGN_JWKS_URL: 'http://issuer.example/keys' }],
    ['COUNTERSIGN_JWKS_URL', { ...complete, COUNTERSIGN_JWKS_URL: 'http://localhost.evil.example/keys' }],
    ['COUNTERSIGN_JWKS_URL', { ...complete, COUNTERSIGN_JWKS_URL: 'file:///etc/keys' }],
    ['COUNTERSIGN_JWKS_URL', { ...complete, COUNTERSIGN_JWKS_URL: 'keys' }],
    ['COUNTERSIGN_JWT_ISSUER', { ...complete, COUNTERSIGN_JWT_ISSUER: '' }],
    ['COUNTERSIGN_JWT_AUDIENCE', { ...complete, COUNTERSIGN_JWT_AUDIENCE: undefined }],
    ['COUNTERSIGN_JWT_ISSUER', { COUNTERSIGN_JWT_ISSUER: ISSUER }],
    ['COUNTERSIGN_JWT_AUDIENCE', { COUNTERSIGN_JWT_AUDIENCE: AUDIENCE }],
  ])('a wrong one stops the start with a line that names it: %s in %o', (name, environment) => {
    let thrown: unknown;
    try {
      readConfig(environment);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(StartupError);
    const lines = String((thrown as StartupError).message).split('\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(new RegExp(`^${name}: expected `));
  });
});
