import { type Config, StartupError } from './config.js';
import { createTokens, DEMO_TENANT, openKeySet, type Tokens } from './features/identity/index.js';
import type { Role } from './kernel/actor.js';
import { type Clock, systemClock } from './kernel/clock.js';
import { secretOf } from './platform/db/data-folder.js';

const HOUR_MS = 3_600_000;

/**
 * Signs and checks tokens as a server with these settings does, whether one runs or not.
 *
 * @param onUnreachable told why the keys of the outside issuer, if one is named, could not be read
 */
export function tokensOf(
  { jwtSecret, jwks, dataDir }: Config,
  clock: Clock = systemClock,
  onUnreachable: (cause: unknown) => void = () => {},
): Tokens {
  const keySet = jwks && openKeySet({ ...jwks, clock, onUnreachable });
  const tokens = createTokens(jwtSecret ?? (keySet ? undefined : secretOf(dataDir)), clock, keySet);
  if (tokens.canIssue) return tokens;
  const issue = async (): Promise<never> => {
    throw new StartupError(
      'COUNTERSIGN_JWT_SECRET: expected a secret to sign tokens with, got none beside COUNTERSIGN_JWKS_URL. ' +
        'Set it, or get a token from the issuer whose keys stand there.',
    );
  };
  return { ...tokens, issue };
}

/** Ready-to-paste tokens for trying things out in the demo tenant. Good for a day. */
export async function demoTokens(
  tokens: Tokens,
  clock: Clock,
): Promise<Record<'agent' | 'approver' | 'admin', string>> {
  const expiresAt = new Date(clock.now().getTime() + 24 * HOUR_MS);
  const issue = (user: string, role: Role) => tokens.issue({ tenant: DEMO_TENANT, user, roles: [role], expiresAt });
  return {
    agent: await issue('agent-one', 'agent'),
    approver: await issue('ana', 'approver'),
    admin: await issue('adam', 'admin'),
  };
}
