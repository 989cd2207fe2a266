import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';

/** Asymmetric only. With a shared-secret algorithm in the list, the issuer's public key would be such a secret. */
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'];

/** An issuer's published keys are kept this long, in milliseconds: that late it is noticed that one was taken out. */
const KEYS_KEPT_MS = 300_000;
/** After a read, unknown key ids lead to no other for this long: whoever sends made-up ones must not cause traffic. */
const PAUSE_MS = 10_000;
const TIMEOUT_MS = 5_000;
/** How far an issuer's clock may be ahead. It stretches no token: what has run out is refused at use, see `Proof`. */
const CLOCK_TOLERANCE_SECONDS = 5;

export interface KeySetOptions {
  /** Where the issuer publishes its keys (JSON Web Key Set). */
  readonly url: URL;
  /** What tokens must carry as `iss`. */
  readonly issuer: string;
  /** What tokens must carry in `aud`. */
  readonly audience: string;
  readonly clock: Clock;
  /** Told why keys could not be read; the caller learns only that it is not their fault. */
  readonly onUnreachable: (cause: unknown) => void;
  /** In milliseconds; see `PAUSE_MS`. */
  readonly pauseMs?: number;
}

/** Checks tokens of an outside issuer by the keys it publishes. */
export interface KeySet {
  /** @throws UNAUTHENTICATED */
  verify(token: string): Promise<JWTPayload>;
}

export function openKeySet(options: KeySetOptions): KeySet {
  const { url, issuer, audience, clock, onUnreachable, pauseMs = PAUSE_MS } = options;
  const published = createRemoteJWKSet(url, {
    cacheMaxAge: KEYS_KEPT_MS,
    cooldownDuration: pauseMs,
    timeoutDuration: TIMEOUT_MS,
  });
  const keyFor: JWTVerifyGetKey = async (header, token) => {
    try {
      return await published(header, token);
    } catch (cause) {
      if (isAboutTheToken(cause)) throw cause;
      onUnreachable(cause);
      throw new DomainError(
        'UNAUTHENTICATED',
        'Tokens cannot be checked now, because the issuer’s keys cannot be read. Try again in a moment.',
        {},
        { cause },
      );
    }
  };
  return {
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, keyFor, {
          algorithms: ALGORITHMS,
          issuer,
          audience,
          currentDate: clock.now(),
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
        });
        return payload;
      } catch (cause) {
        if (cause instanceof DomainError) throw cause;
        throw new DomainError('UNAUTHENTICATED', problemOf(cause), {}, { cause });
      }
    },
  };
}

/** Anything else that goes wrong while a key is looked for is the issuer's, or the way to it. */
const isAboutTheToken = (cause: unknown): boolean =>
  cause instanceof errors.JWKSNoMatchingKey ||
  cause instanceof errors.JWKSMultipleMatchingKeys ||
  cause instanceof errors.JOSENotSupported;

/** What is wrong with the token; nothing that helps to forge one. */
function problemOf(cause: unknown): string {
  if (cause instanceof errors.JWTExpired) return 'The token has expired; get a new one.';
  if (cause instanceof errors.JWKSNoMatchingKey)
    return 'The token is signed with a key that the issuer does not publish.';
  if (cause instanceof errors.JOSEAlgNotAllowed || cause instanceof errors.JOSENotSupported) {
    return `The token is signed by an algorithm that is not taken here; expected ${ALGORITHMS.join(', ')}.`;
  }
  if (cause instanceof errors.JWTClaimValidationFailed) {
    return `The token is not for this server, or not yet good: its claim "${cause.claim}" is not what was expected.`;
  }
  return 'The token is malformed or not signed by the issuer that this server trusts.';
}
