import { EntitySchema } from '@mikro-orm/core';
import type { Action } from '../domain/action.js';
import type { Approval } from '../domain/approval.js';

export const ActionEntity = new EntitySchema<Action>({
  name: 'Action',
  tableName: 'action',
  properties: {
    tenantId: { type: 'uuid', primary: true },
    id: { type: 'uuid', primary: true },
    actionType: { type: 'text' },
    tier: { type: 'text' },
    reason: { type: 'text' },
    status: { type: 'text' },
    dealStage: { type: 'text', nullable: true },
    accountId: { type: 'uuid', nullable: true },
    dealId: { type: 'uuid', nullable: true },
    cloneId: { type: 'uuid', nullable: true },
    canonical: { type: 'text' },
    digest: { type: 'text' },
    rationale: { type: 'text', nullable: true },
    idempotencyKey: { type: 'text' },
    requestDigest: { type: 'text' },
    proposedBy: { type: 'text' },
    proposedByRoot: { type: 'text' },
    proposedAt: { type: 'datetime' },
    updatedAt: { type: 'datetime' },
    claimedBy: { type: 'text', nullable: true },
    leaseEpoch: { type: 'integer' },
    leaseUntil: { type: 'datetime', nullable: true },
    finishedAt: { type: 'datetime', nullable: true },
    outcome: { type: 'json', nullable: true },
    failure: { type: 'text', nullable: true },
  },
});

export const ApprovalEntity = new EntitySchema<Approval>({
  name: 'Approval',
  tableName: 'approval',
  properties: {
    tenantId: { type: 'uuid', primary: true },
    id: { type: 'uuid', primary: true },
    actionId: { type: 'uuid' },
    status: { type: 'text' },
    reason: { type: 'text' },
    digest: { type: 'text' },
    requestedAt: { type: 'datetime' },
    expiresAt: { type: 'datetime' },
    decidedBy: { type: 'text', nullable: true },
    decidedAt: { type: 'datetime', nullable: true },
    comment: { type: 'text', nullable: true },
  },
});
