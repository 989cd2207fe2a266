import { type Database, emOf } from '../../../platform/db/database.js';
import type { CloneStore, Tenant, TenantDirectory } from '../ports.js';
import { CloneEntity } from './schema.js';

/** Tenants stand above row-level security: this is the one feature store that reads as the server. */
export const tenantDirectory = (database: Database): TenantDirectory => ({
  find: (slug) =>
    database.asServer(async (sql) => {
      const [tenant] = await sql<Tenant>('select id, slug, name from tenant where slug = $1', [slug]);
      return tenant;
    }),
  createIfEmpty: (tenant, clones) =>
    database.asServer(async (sql) => {
      const created = await sql(
        `insert into tenant (id, slug, name, created_at)
         select $1, $2, $3, now() where not exists (select from tenant)
         on conflict do nothing returning id`,
        [tenant.id, tenant.slug, tenant.name],
      );
      if (created.length === 0) return;
      for (const clone of clones) {
        await sql(
          'insert into clone (tenant_id, id, slug, name, description, created_at) values ($1, $2, $3, $4, $5, $6)',
          [clone.tenantId, clone.id, clone.slug, clone.name, clone.description, clone.createdAt],
        );
      }
    }),
});

export const cloneStore: CloneStore = {
  list: (tx) => emOf(tx).find(CloneEntity, { tenantId: tx.tenantId }, { orderBy: { slug: 'asc' } }),
};
