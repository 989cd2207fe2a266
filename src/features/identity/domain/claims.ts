import { ROLES, type Role } from '../../../kernel/actor.js';

/** What a token says about its bearer. */
export interface Claims {
  /** Short name of the tenant. */
  readonly tenant: string;
  /** Name of the person or agent within the tenant. */
  readonly user: string;
  readonly roles: readonly Role[];
  /** The token is good before this instant. */
  readonly expiresAt: Date;
}

const SHORT_NAME = /^[a-z][a-z0-9-]{0,62}$/;
// No ":", which marks the server's own parts in the log. "|" stands in the subjects of some issuers.
const USER = /^[A-Za-z0-9_-][A-Za-z0-9._@+|-]{0,127}$/;

/** Short names of tenants and clones. */
export const isShortName = (value: unknown): value is string => typeof value === 'string' && SHORT_NAME.test(value);
export const isTenantName = isShortName;
export const isUserName = (value: unknown): value is string => typeof value === 'string' && USER.test(value);
export const isRole = (value: unknown): value is Role => ROLES.some((role) => role === value);

/** Reads claims out of a verified token's body; undefined when one is missing or malformed. */
export function readClaims(body: Readonly<Record<string, unknown>>): Claims | undefined {
  const { tenant, sub, roles, exp } = body;
  if (!isTenantName(tenant) || !isUserName(sub) || typeof exp !== 'number') return undefined;
  if (!Array.isArray(roles) || roles.length === 0 || !roles.every(isRole)) return undefined;
  const expiresAt = new Date(exp * 1000);
  // A time beyond what a date holds would compare as never over.
  return Number.isNaN(expiresAt.getTime()) ? undefined : { tenant, user: sub, roles, expiresAt };
}
