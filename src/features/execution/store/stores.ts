import { emOf } from '../../../platform/db/database.js';
import type { AttemptReader } from '../../autonomy/index.js';
import { isUncertain } from '../domain/attempt.js';
import type { AttemptStore, ConnectorStore } from '../ports.js';
import { AttemptEntity, ConnectorEntity } from './schema.js';

const FRESH = { refresh: true } as const;
const MAX_DETAIL = 2_000;

export const connectorStore: ConnectorStore = {
  find: async (tx, kind) =>
    (await emOf(tx).findOne(ConnectorEntity, { tenantId: tx.tenantId, kind }, FRESH)) ?? undefined,
  all: (tx) => emOf(tx).find(ConnectorEntity, { tenantId: tx.tenantId }, { ...FRESH, orderBy: { kind: 'asc' } }),
  save: async (tx, connector) => {
    // One of each kind: of two admins who set it at once, the later one's stands.
    await emOf(tx).upsert(ConnectorEntity, connector, {
      onConflictFields: ['tenantId', 'kind'],
      onConflictExcludeFields: ['id', 'createdAt'],
    });
  },
};

export const attemptStore: AttemptStore & AttemptReader = {
  begin: async (tx, attempt) => {
    await emOf(tx).insert(AttemptEntity, attempt);
  },
  end: async (tx, { actionId, leaseEpoch }, { at, result, detail }) => {
    const where = { tenantId: tx.tenantId, actionId, leaseEpoch, endedAt: null };
    await emOf(tx).nativeUpdate(AttemptEntity, where, { endedAt: at, result, detail: detail.slice(0, MAX_DETAIL) });
  },
  ofActions: (tx, actionIds) =>
    emOf(tx).find(
      AttemptEntity,
      { tenantId: tx.tenantId, actionId: { $in: [...actionIds] } },
      { ...FRESH, orderBy: { actionId: 'asc', leaseEpoch: 'asc' } },
    ),
  isSafeToRepeat: async (tx, { id, leaseEpoch }) => {
    const found = await emOf(tx).findOne(AttemptEntity, { tenantId: tx.tenantId, actionId: id, leaseEpoch }, FRESH);
    return found?.safeToRepeat;
  },
  mayHaveRun: async (tx, { id }) => (await attemptStore.ofActions(tx, [id])).some(isUncertain),
  settle: async (tx, { id }, at) => {
    const where = { tenantId: tx.tenantId, actionId: id, settledAt: null };
    await emOf(tx).nativeUpdate(AttemptEntity, where, { settledAt: at });
  },
  abandon: (tx, { id, leaseEpoch }, at) =>
    attemptStore.end(
      tx,
      { actionId: id, leaseEpoch },
      { at, result: 'abandoned', detail: 'The server that ran it did not report in time.' },
    ),
};
