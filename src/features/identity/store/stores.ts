import { nameKey, type Role } from '../../../kernel/actor.js';
import { type Database, emOf, sqlOf } from '../../../platform/db/database.js';
import { findPage } from '../../../platform/db/page.js';
import type { ApiKeyStore, CloneStore, IdentityLock, Tenant, TenantDirectory, UserStore } from '../ports.js';
import { ApiKeyEntity, CloneEntity, UserEntity } from './schema.js';

/** Rows are read anew each time: writes go past the unit of work's copies. */
const FRESH = { refresh: true } as const;

/** Tenants stand above row-level security: to find one, this reads as the server. */
export const tenantDirectory = (database: Database): TenantDirectory => ({
  find: (slug) =>
    database.asServer(async (sql) => {
      const [tenant] = await sql<Tenant>('select id, slug, name from tenant where slug = $1', [slug]);
      return tenant;
    }),
  create: (tenant) =>
    database.asServer(async (sql) => {
      const created = await sql(
        'insert into tenant (id, slug, name, created_at) values ($1, $2, $3, now()) on conflict do nothing returning id',
        [tenant.id, tenant.slug, tenant.name],
      );
      return created.length > 0;
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

/** Waited for before anything is written, so that changes stand in the log in the order in which they were made. */
export const identityLock: IdentityLock = {
  take: async (tx) =>
    void (await sqlOf(tx)(`select pg_advisory_xact_lock(hashtextextended('countersign.identity ' || $1, 0))`, [
      tx.tenantId,
    ])),
};

export const userStore: UserStore = {
  find: async (tx, name) =>
    (await emOf(tx).findOne(UserEntity, { tenantId: tx.tenantId, nameKey: nameKey(name) }, FRESH)) ?? undefined,
  save: async (tx, user) => {
    await sqlOf(tx)(
      `insert into app_user (tenant_id, id, name, roles, owner, suspended_at, suspended_by, suspend_reason, created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       on conflict (tenant_id, id) do update set roles = excluded.roles, owner = excluded.owner,
         suspended_at = excluded.suspended_at, suspended_by = excluded.suspended_by,
         suspend_reason = excluded.suspend_reason, updated_at = excluded.updated_at`,
      [
        tx.tenantId,
        user.id,
        user.name,
        user.roles,
        user.owner,
        user.suspendedAt?.toISOString() ?? null,
        user.suspendedBy,
        user.suspendReason,
        user.createdAt.toISOString(),
        user.updatedAt.toISOString(),
      ],
    );
  },
  belongingTo: async (tx, name) => {
    const [row] = await sqlOf(tx)<{ name: string }>(
      'select name from app_user where tenant_id = $1 and owner_key = $2 order by name_key limit 1',
      [tx.tenantId, nameKey(name)],
    );
    return row?.name;
  },
  rootsOf: async (tx, names) => {
    const rows = await sqlOf(tx)<{ name_key: string; owner: string }>(
      'select name_key, owner from app_user where tenant_id = $1 and name_key = any($2::text[]) and owner is not null',
      [tx.tenantId, names.map(nameKey)],
    );
    const owners = new Map(rows.map(({ name_key, owner }) => [name_key, owner]));
    return names.map((name) => owners.get(nameKey(name)) ?? name);
  },
  keyMakersOf: async (tx, agent) => {
    const rows = await sqlOf(tx)<{ created_by: string }>(
      'select distinct created_by from api_key where tenant_id = $1 and lower(agent collate "C") = $2',
      [tx.tenantId, nameKey(agent)],
    );
    return rows.map(({ created_by }) => created_by);
  },
  laidDown: async (tx, names) => {
    if (names.length === 0) return [];
    const rows = await sqlOf(tx)<{ name_key: string; roles: Role[] | null; suspended: boolean }>(
      `select name_key, roles, suspended_at is not null as suspended from app_user
       where tenant_id = $1 and name_key = any($2::text[])`,
      [tx.tenantId, names.map(nameKey)],
    );
    const known = new Map(rows.map(({ name_key, roles, suspended }) => [name_key, { roles, suspended }]));
    return names.map((name) => known.get(nameKey(name)));
  },
  list: (tx, args) =>
    findPage(tx, {
      entity: UserEntity,
      where: { tenantId: tx.tenantId },
      keys: ['nameKey', 'id'],
      direction: 'asc',
      args,
    }),
  count: (tx) => emOf(tx).count(UserEntity, { tenantId: tx.tenantId }),
};

export const apiKeyStore: ApiKeyStore = {
  insert: async (tx, key, secretHash) => {
    await sqlOf(tx)(
      `insert into api_key (tenant_id, id, public_id, secret_hash, name, agent, clone_id, created_by, created_at, expires_at)
       values ($1, $2, $3, decode($4, 'hex'), $5, $6, $7, $8, $9, $10)`,
      [
        tx.tenantId,
        key.id,
        key.publicId,
        Buffer.from(secretHash).toString('hex'),
        key.name,
        key.agent,
        key.cloneId,
        key.createdBy,
        key.createdAt.toISOString(),
        key.expiresAt?.toISOString() ?? null,
      ],
    );
  },
  find: async (tx, id) => (await emOf(tx).findOne(ApiKeyEntity, { tenantId: tx.tenantId, id }, FRESH)) ?? undefined,
  revoke: async (tx, id, by, at) => {
    const where = { tenantId: tx.tenantId, id, revokedAt: null };
    return (await emOf(tx).nativeUpdate(ApiKeyEntity, where, { revokedAt: at, revokedBy: by })) === 1;
  },
  list: (tx, args) =>
    findPage(tx, { entity: ApiKeyEntity, where: { tenantId: tx.tenantId }, keys: ['id'], direction: 'desc', args }),
  count: (tx) => emOf(tx).count(ApiKeyEntity, { tenantId: tx.tenantId }),
};

export const cloneStore: CloneStore = {
  list: (tx) => emOf(tx).find(CloneEntity, { tenantId: tx.tenantId }, { orderBy: { slug: 'asc' } }),
  find: async (tx, id) => (await emOf(tx).findOne(CloneEntity, { tenantId: tx.tenantId, id }, FRESH)) ?? undefined,
  bySlug: async (tx, slug) =>
    (await emOf(tx).findOne(CloneEntity, { tenantId: tx.tenantId, slug }, FRESH)) ?? undefined,
  save: async (tx, { id, slug, name, description, createdAt }) => {
    await sqlOf(tx)(
      `insert into clone (tenant_id, id, slug, name, description, created_at) values ($1, $2, $3, $4, $5, $6)
       on conflict (tenant_id, id) do update set name = excluded.name, description = excluded.description`,
      [tx.tenantId, id, slug, name, description, createdAt.toISOString()],
    );
  },
};
