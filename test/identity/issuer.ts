import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

type Algorithm = 'RS256' | 'ES256' | 'EdDSA' | 'PS256';

export interface SigningKey {
  readonly alg: Algorithm;
  readonly privateKey: CryptoKey;
  /** As published. */
  readonly jwk: JWK;
}

export async function signingKey(alg: Algorithm, kid: string): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { alg, privateKey, jwk: { ...(await exportJWK(publicKey)), alg, kid, use: 'sig' } };
}

/** An outside issuer: publishes its keys on this machine, and can be made to fail. */
export interface Issuer {
  readonly url: URL;
  /** What is published; change it to rotate. */
  keys: JWK[];
  /** How the issuer answers instead of publishing; undefined: it publishes. */
  answer: { readonly status: number; readonly body: string } | undefined;
  /** How often the keys were fetched. */
  fetched: number;
  close(): Promise<void>;
}

export async function startIssuer(keys: JWK[]): Promise<Issuer> {
  const server = createServer((_request, response) => {
    issuer.fetched += 1;
    const { status, body } = issuer.answer ?? { status: 200, body: JSON.stringify({ keys: issuer.keys }) };
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(body);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  const issuer: Issuer = {
    url: new URL(`http://127.0.0.1:${address.port}/keys`),
    keys,
    answer: undefined,
    fetched: 0,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return issuer;
}

export const ISSUER = 'https://issuer.example';
export const AUDIENCE = 'countersign.example';

export interface TokenParts {
  readonly key: SigningKey;
  readonly kid?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly issuer?: string;
  readonly audience?: string | string[];
  readonly expires?: string | number;
  readonly notBefore?: string | number;
}

export function signedToken(parts: TokenParts): Promise<string> {
  const { key, kid = key.jwk.kid, claims = {}, issuer = ISSUER, audience = AUDIENCE, expires = '1h' } = parts;
  const token = new SignJWT({ tenant: 'demo', sub: 'ana', roles: ['approver'], ...claims })
    .setProtectedHeader({ alg: key.alg, kid })
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime(expires);
  if (parts.notBefore !== undefined) token.setNotBefore(parts.notBefore);
  return token.sign(key.privateKey);
}
