import { EntitySchema } from '@mikro-orm/core';
import type { Insight } from '../domain/insight.js';

export const InsightEntity = new EntitySchema<Insight>({
  name: 'Insight',
  tableName: 'insight',
  properties: {
    tenantId: { type: 'uuid', primary: true },
    id: { type: 'uuid', primary: true },
    accountId: { type: 'uuid', nullable: true },
    type: { type: 'text' },
    category: { type: 'text' },
    severity: { type: 'text' },
    origin: { type: 'text' },
    confidence: { type: 'double' },
    topic: { type: 'text', nullable: true },
    summary: { type: 'text' },
    evidence: { type: 'json' },
    evidenceKeys: { type: 'json' },
    status: { type: 'text' },
    raisedAt: { type: 'datetime' },
    updatedAt: { type: 'datetime' },
    actionId: { type: 'uuid', nullable: true },
    resolvedBy: { type: 'text', nullable: true },
    resolvedAt: { type: 'datetime', nullable: true },
    reason: { type: 'text', nullable: true },
  },
});
