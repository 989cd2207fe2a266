import { createSecretKey } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import type { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { type Claims, readClaims } from './domain/claims.js';

const ISSUER = 'countersign';

export interface Tokens {
  /** A signed token (JWT, HS256) that carries the claims. */
  issue(claims: Claims): Promise<string>;
  /** @throws UNAUTHENTICATED, saying what is wrong with the token but nothing that helps to forge one */
  verify(token: string): Promise<Claims>;
}

/** Verified tokens are remembered, because checking a signature costs more than a small query. */
const REMEMBERED = 1_000;

export function createTokens(secret: string, clock: Clock): Tokens {
  const key = createSecretKey(Buffer.from(secret));
  const remembered = new Map<string, Claims>();
  return {
    issue: ({ tenant, user, roles, expiresAt }) =>
      new SignJWT({ tenant, roles: [...roles] })
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer(ISSUER)
        .setSubject(user)
        .setIssuedAt(clock.now())
        .setExpirationTime(expiresAt)
        .sign(key),
    async verify(token) {
      const known = remembered.get(token);
      if (known && known.expiresAt > clock.now()) return known;
      remembered.delete(token);
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        issuer: ISSUER,
        currentDate: clock.now(),
      }).catch((cause: unknown) => {
        const why =
          cause instanceof errors.JWTExpired
            ? 'The token has expired; get a new one.'
            : 'The token is malformed or not signed by this server.';
        throw new DomainError('UNAUTHENTICATED', why, {}, { cause });
      });
      const claims = readClaims(payload);
      if (!claims)
        throw new DomainError(
          'UNAUTHENTICATED',
          'The token does not carry a tenant, a subject, an expiry and known roles.',
        );
      if (remembered.size >= REMEMBERED) {
        const oldest = remembered.keys().next();
        if (!oldest.done) remembered.delete(oldest.value);
      }
      remembered.set(token, claims);
      return claims;
    },
  };
}
