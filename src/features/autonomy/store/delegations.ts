import { nameKey } from '../../../kernel/actor.js';
import type { Id } from '../../../kernel/ids.js';
import { emOf, sqlOf } from '../../../platform/db/database.js';
import { findPage } from '../../../platform/db/page.js';
import type { Delegation } from '../domain/delegation.js';
import type { DelegationStore } from '../ports.js';
import { DelegationEntity } from './schema.js';

const FRESH = { refresh: true } as const;

export const delegationStore: DelegationStore = {
  find: async (tx, id) => (await emOf(tx).findOne(DelegationEntity, { tenantId: tx.tenantId, id }, FRESH)) ?? undefined,
  insert: async (tx, delegation) => {
    await emOf(tx).insert(DelegationEntity, { ...delegation, roles: [...delegation.roles] } satisfies Delegation);
  },
  liveTo: async (tx, name, now) => {
    const rows = await sqlOf(tx)<{ id: Id }>(
      `select id from delegation where tenant_id = $1 and lower(to_user collate "C") = $2
         and revoked_at is null and starts_at <= $3 and ends_at > $3`,
      [tx.tenantId, nameKey(name), now.toISOString()],
    );
    const ids = rows.map(({ id }) => id);
    if (ids.length === 0) return [];
    const where = { tenantId: tx.tenantId, id: { $in: ids } };
    return emOf(tx).find(DelegationEntity, where, { ...FRESH, orderBy: { id: 'asc' } });
  },
  revokedAmong: async (tx, ids) => {
    if (ids.length === 0) return new Set();
    const rows = await sqlOf(tx)<{ id: Id }>(
      'select id from delegation where tenant_id = $1 and id = any($2::uuid[]) and revoked_at is not null',
      [tx.tenantId, ids],
    );
    return new Set(rows.map(({ id }) => id));
  },
  revoke: async (tx, id, by, at) => {
    const where = { tenantId: tx.tenantId, id, revokedAt: null };
    return (await emOf(tx).nativeUpdate(DelegationEntity, where, { revokedAt: at, revokedBy: by })) === 1;
  },
  list: (tx, args) =>
    findPage(tx, { entity: DelegationEntity, where: { tenantId: tx.tenantId }, keys: ['id'], direction: 'desc', args }),
  count: (tx) => emOf(tx).count(DelegationEntity, { tenantId: tx.tenantId }),
};
