import type { Clock } from '../../kernel/clock.js';
import { DomainError, invalid } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { isTenantName } from './domain/claims.js';
import type { Tenant, TenantDirectory } from './ports.js';

const MAX_NAME = 200;

export interface TenantOrder {
  /** The short name, as in tokens and on the command line. */
  readonly slug: string;
  readonly name: string;
}

/** Tenants are made by whoever runs the server; no operation of the API does. */
export class TenantService {
  constructor(private readonly parts: { readonly tenants: TenantDirectory; readonly clock: Clock }) {}

  /**
   * @throws VALIDATION_FAILED for a name that will not do
   * @throws CONFLICT when the short name is taken
   */
  async create({ slug, name }: TenantOrder): Promise<Tenant> {
    if (!isTenantName(slug)) {
      throw invalid(
        ['slug'],
        `expected a lower-case letter, then up to 62 lower-case letters, digits and "-"; got ${JSON.stringify(slug)}`,
      );
    }
    const shown = name.trim();
    if (shown === '' || shown.length > MAX_NAME) {
      throw invalid(['name'], `expected 1 to ${MAX_NAME} characters, got ${shown.length}`);
    }
    const tenant: Tenant = { id: newId(this.parts.clock.now()), slug, name: shown };
    if (await this.parts.tenants.create(tenant)) return tenant;
    throw new DomainError('CONFLICT', `There is a tenant ${JSON.stringify(slug)} already; choose another short name.`);
  }
}
