import { createSecretKey, type KeyObject } from 'node:crypto';
import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { type Claims, readClaims } from './domain/claims.js';
import type { KeySet } from './key-set.js';

const ISSUER = 'countersign';
/** The one algorithm for the server's own tokens. Outside keys are never tried with it, nor the secret with theirs. */
const OWN_ALGORITHM = 'HS256';

export interface Tokens {
  /**
   * A token signed with the server's secret (JWT, HS256) that carries the claims.
   *
   * @throws when the server has no secret, see `canIssue`
   */
  issue(claims: Claims): Promise<string>;
  /** Whether the server signs tokens of its own; without a secret it only checks those of an outside issuer. */
  readonly canIssue: boolean;
  /** @throws UNAUTHENTICATED, saying what is wrong with the token but nothing that helps to forge one */
  verify(token: string): Promise<Claims>;
}

/** Verified tokens are remembered, because checking a signature costs more than a small query. */
const REMEMBERED = 10_000;
/** So long, in milliseconds, before an outside issuer's published keys are asked again. */
const REMEMBERED_MS = 60_000;

interface Remembered {
  readonly claims: Claims;
  readonly until: Date;
}

/**
 * @param secret signs and checks the server's own tokens; undefined: there are none
 * @param keySet checks an outside issuer's; undefined: there is none
 */
export function createTokens(secret: string | undefined, clock: Clock, keySet?: KeySet): Tokens {
  const key = secret === undefined ? undefined : createSecretKey(Buffer.from(secret));
  const remembered = new Map<string, Remembered>();

  /** Which of the two checks a token is said by its algorithm alone, and each takes its own algorithms only. */
  const verified = async (token: string): Promise<Remembered> => {
    const isOwn = key !== undefined && (keySet === undefined || algorithmOf(token) === OWN_ALGORITHM);
    if (isOwn) {
      const claims = claimsOf(await verifyOwn(token, key, clock.now()));
      return { claims, until: claims.expiresAt };
    }
    if (keySet === undefined) throw new DomainError('UNAUTHENTICATED', 'This server takes no tokens, only API keys.');
    const claims = claimsOf(await keySet.verify(token));
    const recheck = new Date(clock.now().getTime() + REMEMBERED_MS);
    return { claims, until: recheck < claims.expiresAt ? recheck : claims.expiresAt };
  };

  return {
    canIssue: key !== undefined,
    async issue({ tenant, user, roles, expiresAt }) {
      if (key === undefined) throw new Error('this server has no secret to sign tokens with');
      return new SignJWT({ tenant, roles: [...roles] })
        .setProtectedHeader({ alg: OWN_ALGORITHM })
        .setIssuer(ISSUER)
        .setSubject(user)
        .setIssuedAt(clock.now())
        .setExpirationTime(expiresAt)
        .sign(key);
    },
    async verify(token) {
      const known = remembered.get(token);
      if (known && known.until > clock.now()) return known.claims;
      remembered.delete(token);
      const fresh = await verified(token);
      if (remembered.size >= REMEMBERED) {
        const oldest = remembered.keys().next();
        if (!oldest.done) remembered.delete(oldest.value);
      }
      remembered.set(token, fresh);
      return fresh.claims;
    },
  };
}

async function verifyOwn(token: string, key: KeyObject, now: Date): Promise<JWTPayload> {
  try {
    const options = { algorithms: [OWN_ALGORITHM], issuer: ISSUER, currentDate: now };
    return (await jwtVerify(token, key, options)).payload;
  } catch (cause) {
    const why =
      cause instanceof errors.JWTExpired
        ? 'The token has expired; get a new one.'
        : 'The token is malformed or not signed by this server.';
    throw new DomainError('UNAUTHENTICATED', why, {}, { cause });
  }
}

/** What the token says of itself, which nothing vouches for yet. */
function algorithmOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).alg;
  } catch {
    return undefined;
  }
}

function claimsOf(payload: JWTPayload): Claims {
  const claims = readClaims(payload);
  if (claims) return claims;
  throw new DomainError(
    'UNAUTHENTICATED',
    'The token does not carry a tenant ("tenant"), a subject ("sub"), an expiry ("exp") and known roles ("roles").',
  );
}
