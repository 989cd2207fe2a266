import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import type { Transactor } from '../../kernel/transaction.js';
import type { Clone, CloneStore, Tenant, TenantDirectory } from './ports.js';
import type { Tokens } from './tokens.js';

/** Short name of the tenant that an empty database gets in development. */
export const DEMO_TENANT = 'demo';

export interface IdentityParts {
  readonly tokens: Tokens;
  readonly tenants: TenantDirectory;
  readonly clones: CloneStore;
  readonly transactor: Transactor;
  readonly clock: Clock;
}

/** An actor together with the instant at which the proof of identity runs out. */
export interface AuthenticatedActor {
  readonly actor: Actor;
  readonly expiresAt: Date;
}

export class IdentityService {
  /** Tenants are never renamed or removed, so a found one may be kept. */
  private readonly known = new Map<string, Tenant>();

  constructor(private readonly parts: IdentityParts) {}

  /**
   * @param authorization the value of an Authorization header or of the connection parameter of that name
   * @throws UNAUTHENTICATED
   */
  async authenticate(authorization: string | undefined): Promise<AuthenticatedActor> {
    if (!authorization) {
      throw new DomainError(
        'UNAUTHENTICATED',
        'No token came. Send "Authorization: Bearer <token>" (over WebSocket: the connection parameter "authorization").',
      );
    }
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (!token) throw new DomainError('UNAUTHENTICATED', 'Expected "Bearer <token>" as authorization.');
    const claims = await this.parts.tokens.verify(token);
    const tenant = this.known.get(claims.tenant) ?? (await this.parts.tenants.find(claims.tenant));
    if (!tenant) throw new DomainError('UNAUTHENTICATED', 'The token is for a tenant that does not exist here.');
    this.known.set(tenant.slug, tenant);
    const actor: Actor = { tenantId: tenant.id, tenant: tenant.slug, name: claims.user, roles: new Set(claims.roles) };
    return { actor, expiresAt: claims.expiresAt };
  }

  clones(actor: Actor): Promise<readonly Clone[]> {
    return this.parts.transactor.run(actor.tenantId, (tx) => this.parts.clones.list(tx));
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
}
