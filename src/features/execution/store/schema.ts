import { EntitySchema } from '@mikro-orm/core';
import type { Attempt } from '../domain/attempt.js';
import type { ConnectorRecord } from '../domain/connector.js';

export const ConnectorEntity = new EntitySchema<ConnectorRecord>({
  name: 'Connector',
  tableName: 'connector',
  properties: {
    tenantId: { type: 'uuid', primary: true },
    id: { type: 'uuid', primary: true },
    kind: { type: 'text' },
    settings: { type: 'json' },
    sealedSecret: { type: 'text', nullable: true },
    sealedPrevious: { type: 'text', nullable: true },
    previousUntil: { type: 'datetime', nullable: true },
    updatedBy: { type: 'text' },
    createdAt: { type: 'datetime' },
    updatedAt: { type: 'datetime' },
  },
});

export const AttemptEntity = new EntitySchema<Attempt>({
  name: 'ExecutionAttempt',
  tableName: 'execution_attempt',
  properties: {
    tenantId: { type: 'uuid', primary: true },
    id: { type: 'uuid', primary: true },
    actionId: { type: 'uuid' },
    leaseEpoch: { type: 'integer' },
    connector: { type: 'text' },
    startedAt: { type: 'datetime' },
    endedAt: { type: 'datetime', nullable: true },
    result: { type: 'text', nullable: true },
    detail: { type: 'text', nullable: true },
    safeToRepeat: { type: 'boolean' },
    target: { type: 'text', nullable: true },
    settledAt: { type: 'datetime', nullable: true },
  },
});
