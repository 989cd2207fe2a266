import { EntitySchema } from '@mikro-orm/core';
import type { Goal, GoalPoint } from '../domain/goal.js';

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
    source: { type: 'text' },
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

export const GoalPointEntity = new EntitySchema<GoalPoint>({
  name: 'GoalPoint',
  tableName: 'goal_point',
  properties: {
    tenantId: { type: 'uuid', primary: true },
    id: { type: 'uuid', primary: true },
    goalId: { type: 'uuid' },
    at: { type: 'datetime' },
    current: { type: 'double' },
    source: { type: 'text' },
  },
});
