import type { Role } from '../../../kernel/actor.js';
import type { Id } from '../../../kernel/ids.js';
import type { Database } from '../../../platform/db/database.js';
import type { KeyDirectory, StandingReader } from '../ports.js';

interface KeyRow {
  readonly tenantId: Id;
  readonly slug: string;
  readonly tenantName: string;
  readonly id: Id;
  readonly secretHash: string;
  readonly agent: string;
  readonly cloneId: Id | null;
  readonly expiresAt: string | null;
}

/** A key is looked up before its tenant is known: by its public id alone, as the server. */
export const keyDirectory = (database: Database): KeyDirectory => ({
  find: (publicId) =>
    database.asServer(async (sql) => {
      const [row] = await sql<KeyRow>(
        `select t.id as "tenantId", t.slug, t.name as "tenantName", k.id, encode(k.secret_hash, 'hex') as "secretHash",
           k.agent, k.clone_id as "cloneId", k.expires_at as "expiresAt"
         from api_key as k join tenant as t on t.id = k.tenant_id where k.public_id = $1`,
        [publicId],
      );
      if (!row) return undefined;
      const { tenantId, slug, tenantName, id, secretHash, agent, cloneId, expiresAt } = row;
      return {
        tenant: { id: tenantId, slug, name: tenantName },
        id,
        secretHash: Buffer.from(secretHash, 'hex'),
        agent,
        cloneId,
        expiresAt: expiresAt === null ? null : new Date(expiresAt),
      };
    }),
});

interface StandingRow {
  readonly version: string;
  readonly users: readonly {
    readonly nameKey: string;
    readonly roles: readonly Role[] | null;
    readonly owner: string | null;
    readonly suspendedAt: string | null;
  }[];
  readonly liveKeys: readonly Id[];
}

/** One statement, so that the version and what is read with it are of the same moment. */
const READ = `
  select t.identity_version::text as version,
    coalesce((
      select jsonb_agg(jsonb_build_object(
        'nameKey', u.name_key, 'roles', u.roles, 'owner', u.owner, 'suspendedAt', u.suspended_at))
      from app_user as u where u.tenant_id = t.id and u.name_key = any($2::text[])
    ), '[]') as users,
    coalesce((
      select jsonb_agg(k.id) from api_key as k
      where k.tenant_id = t.id and k.id = any($3::uuid[]) and k.revoked_at is null
    ), '[]') as "liveKeys"
  from tenant as t where t.id = $1`;

export const standingReader = (database: Database): StandingReader => ({
  versions: (tenantIds) =>
    database.asServer(async (sql) => {
      const rows = await sql<{ id: Id; version: string }>(
        'select id, identity_version::text as version from tenant where id = any($1::uuid[])',
        [tenantIds],
      );
      return new Map(rows.map(({ id, version }) => [id, BigInt(version)]));
    }),
  read: (tenantId, callers) =>
    database.asServer(async (sql) => {
      const names = callers.map(({ nameKey }) => nameKey);
      const keyIds = callers.flatMap(({ keyId }) => keyId ?? []);
      const [row] = await sql<StandingRow>(READ, [tenantId, names, keyIds]);
      if (!row) return undefined;
      const users = row.users.map(({ nameKey, roles, owner, suspendedAt }) => {
        const standing = { roles, owner, suspendedAt: suspendedAt === null ? null : new Date(suspendedAt) };
        return [nameKey, standing] as const;
      });
      return { version: BigInt(row.version), users: new Map(users), liveKeys: new Set(row.liveKeys) };
    }),
});
