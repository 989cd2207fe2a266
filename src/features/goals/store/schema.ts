import { EntitySchema } from '@mikro-orm/core';
import type { Goal } from '../domain/goal.js';

export const GoalEntity = new EntitySchema<Goal>({
  name: 'Goal',
  tableName: 'goal',
  properties: {
    tenantId: { type: 'uuid', primary: true },
    id: { type: 'uuid', primary: true },
    cloneId: { type: 'uuid', nullable: true },
    type: { type: 'text' },
    title: { type: 'text' },
    target: { type: 'double' },
    current: { type: 'double' },
    periodStart: { type: 'datetime' },
    periodEnd: { type: 'datetime' },
    status: { type: 'text' },
    createdBy: { type: 'text' },
    createdAt: { type: 'datetime' },
    updatedAt: { type: 'datetime' },
    cancelledBy: { type: 'text', nullable: true },
    cancelReason: { type: 'text', nullable: true },
  },
});
