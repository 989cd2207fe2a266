import { type Actor, nameKey, type Role } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { type Id, newId } from '../../kernel/ids.js';
import { isApiKeySecret, isSecretOf, publicIdOf } from './domain/api-key.js';
import { effectiveRoles } from './domain/principal.js';
import type { Clone, KeyDirectory, KeyRecord, Tenant, TenantDirectory } from './ports.js';
import type { Standing, Standings } from './standings.js';
import type { Tokens } from './tokens.js';

/** Short name of the tenant that an empty database gets. */
export const DEMO_TENANT = 'demo';

/** Keys whose secret has been looked up. What of a key can change is in its standing. */
const REMEMBERED_KEYS = 10_000;

export interface IdentityParts {
  readonly tokens: Tokens;
  readonly tenants: TenantDirectory;
  readonly keys: KeyDirectory;
  readonly standings: Standings;
  readonly clock: Clock;
}

/** A caller whose token or key has been checked. */
export interface Proof {
  /**
   * Who calls, as things are now. Asked anew for every operation and for every event of a stream.
   *
   * @throws UNAUTHENTICATED once the token or key has run out or was revoked
   * @throws FORBIDDEN while the principal is suspended
   */
  actor(): Actor;
}

/** What a token or key proves by itself. */
interface Proven {
  readonly what: 'token' | 'API key';
  readonly tenant: Tenant;
  readonly name: string;
  readonly roles: readonly Role[];
  /** The clone a key is bound to; null: to none, and for tokens. */
  readonly cloneId: Id | null;
  readonly expiresAt: Date | null;
}

export class IdentityService {
  /** By short name. Tenants are never renamed; that one was removed is noticed by its standings. */
  private readonly knownTenants = new Map<string, Tenant>();
  private readonly knownKeys = new Map<string, KeyRecord>();

  constructor(private readonly parts: IdentityParts) {}

  /**
   * @param authorization the value of an Authorization header or of the connection parameter of that name
   * @throws UNAUTHENTICATED
   */
  async authenticate(authorization: string | undefined): Promise<Proof> {
    if (!authorization) {
      throw new DomainError(
        'UNAUTHENTICATED',
        'No token came. Send "Authorization: Bearer <token or API key>" (over WebSocket: the connection parameter "authorization").',
      );
    }
    const credential = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (!credential) throw new DomainError('UNAUTHENTICATED', 'Expected "Bearer <token or API key>" as authorization.');
    return isApiKeySecret(credential) ? this.byKey(credential) : this.byToken(credential);
  }

  /** Gives an empty database a tenant to try things in: `demo`, with two clones. */
  async createDemoTenant(): Promise<void> {
    const now = this.parts.clock.now();
    const tenant: Tenant = { id: newId(now), slug: DEMO_TENANT, name: 'Demo' };
    const clone = (slug: string, name: string, description: string): Clone => ({
      tenantId: tenant.id,
      id: newId(now),
      slug,
      name,
      description,
      createdAt: now,
    });
    await this.parts.tenants.createIfEmpty(tenant, [
      clone('clara', 'Clara', 'Opens conversations with new accounts and keeps early deals moving.'),
      clone('milo', 'Milo', 'Looks after existing accounts and prepares proposals for people to sign.'),
    ]);
  }

  private async byToken(token: string): Promise<Proof> {
    const { tenant: slug, user, roles, expiresAt } = await this.parts.tokens.verify(token);
    const tenant = this.knownTenants.get(slug) ?? (await this.parts.tenants.find(slug));
    if (!tenant) throw noSuchTenant(slug);
    this.knownTenants.set(slug, tenant);
    const standing = await this.parts.standings.of({ tenantId: tenant.id, nameKey: nameKey(user), keyId: null });
    // One of that name may be made again.
    if (standing.isGone) this.knownTenants.delete(slug);
    return this.proofOf({ what: 'token', tenant, name: user, roles, cloneId: null, expiresAt }, standing);
  }

  private async byKey(secret: string): Promise<Proof> {
    const publicId = publicIdOf(secret);
    const key = publicId === undefined ? undefined : await this.findKey(publicId);
    if (!key || !isSecretOf(secret, key.secretHash)) {
      throw new DomainError('UNAUTHENTICATED', 'This API key is not known here.');
    }
    const { tenant, id, agent, cloneId, expiresAt } = key;
    const standing = await this.parts.standings.of({ tenantId: tenant.id, nameKey: nameKey(agent), keyId: id });
    return this.proofOf({ what: 'API key', tenant, name: agent, roles: ['agent'], cloneId, expiresAt }, standing);
  }

  private async findKey(publicId: string): Promise<KeyRecord | undefined> {
    const known = this.knownKeys.get(publicId);
    if (known) return known;
    const found = await this.parts.keys.find(publicId);
    if (!found) return undefined;
    if (this.knownKeys.size >= REMEMBERED_KEYS) {
      const oldest = this.knownKeys.keys().next();
      if (!oldest.done) this.knownKeys.delete(oldest.value);
    }
    this.knownKeys.set(publicId, found);
    return found;
  }

  private proofOf(proven: Proven, standing: Standing): Proof {
    const { clock } = this.parts;
    return {
      actor() {
        standing.use();
        requireStanding(proven, standing, clock.now());
        const { tenant, name, roles, cloneId } = proven;
        const { user } = standing;
        return {
          tenantId: tenant.id,
          tenant: tenant.slug,
          name,
          root: user?.owner ?? name,
          roles: effectiveRoles(roles, user?.roles ?? null),
          ...(cloneId !== null && { boundCloneId: cloneId }),
        };
      },
    };
  }
}

function requireStanding(
  { what, tenant, name, expiresAt }: Proven,
  { user, isKeyRevoked, isGone }: Standing,
  now: Date,
): void {
  if (expiresAt !== null && now >= expiresAt) {
    throw new DomainError('UNAUTHENTICATED', `The ${what} has expired; get a new one.`);
  }
  if (isGone) throw noSuchTenant(tenant.slug);
  if (isKeyRevoked) throw new DomainError('UNAUTHENTICATED', 'The API key was revoked; get a new one.');
  if (user?.suspendedAt) {
    const suspendedAt = user.suspendedAt.toISOString();
    throw new DomainError('FORBIDDEN', `${name} has been suspended since ${suspendedAt}; ask an admin.`, {
      suspendedAt,
    });
  }
}

const noSuchTenant = (slug: string): DomainError =>
  new DomainError('UNAUTHENTICATED', 'The token is for a tenant that does not exist here.', { unknownTenant: slug });
