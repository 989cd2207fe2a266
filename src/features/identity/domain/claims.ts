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

const TENANT = /^[a-z][a-z0-9-]{0,62}$/;
const USER = /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}$/;

export const isTenantName = (value: unknown): value is string => typeof value === 'string' && TENANT.test(value);
export const isUserName = (value: unknown): value is string => typeof value === 'string' && USER.test(value);
export const isRole = (value: unknown): value is Role => ROLES.some((role) => role === value);

/** Reads claims out of a verified token's body; undefined when one is missing or malformed. */
export function readClaims(body: Readonly<Record<string, unknown>>): Claims | undefined {
  const { tenant, sub, roles, exp } = body;
  if (!isTenantName(tenant) || !isUserName(sub) || typeof exp !== 'number') return undefined;
  if (!Array.isArray(roles) || roles.length === 0 || !roles.every(isRole)) return undefined;
  return { tenant, user: sub, roles, expiresAt: new Date(exp * 1000) };
}
