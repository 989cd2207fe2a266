import { EntitySchema } from '@mikro-orm/core';
import type { Action } from '../domain/action.js';
import type { Approval } from '../domain/approval.js';
import type { Delegation } from '../domain/delegation.js';
import type { Revision } from '../domain/revision.js';
import type { Vote } from '../domain/vote.js';

export const ActionEntity = new EntitySchema<Action>({
  name: 'Action',
  tableName: 'action',
  properties: {
    tenantId: { type: 'uuid', primary: true },
    id: { type: 'uuid', primary: true },
    actionType: { type: 'text' },
    tier: { type: 'text' },
    reason: { type: 'text' },
    explanation: { type: 'text', nullable: true },
    status: { type: 'text' },
    dealStage: { type: 'text', nullable: true },
    accountId: { type: 'uuid', nullable: true },
    dealId: { type: 'uuid', nullable: true },
    cloneId: { type: 'uuid', nullable: true },
    contactId: { type: 'uuid', nullable: true },
    connector: { type: 'text' },
    policyVersion: { type: 'integer' },
    facts: { type: 'json' },
    revision: { type: 'integer' },
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
    claimedAt: { type: 'datetime', nullable: true },
    claimKey: { type: 'text', nullable: true },
    leaseEpoch: { type: 'integer' },
    leaseUntil: { type: 'datetime', nullable: true },
    finishedAt: { type: 'datetime', nullable: true },
    outcome: { type: 'json', nullable: true },
    failure: { type: 'text', nullable: true },
    endedReason: { type: 'text', nullable: true },
    attempts: { type: 'integer' },
    nextAttemptAt: { type: 'datetime', nullable: true },
    budgets: { type: 'json' },
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
    quorum: { type: 'integer' },
    requiredRole: { type: 'text' },
    fallbackRole: { type: 'text' },
    escalatesAt: { type: 'datetime', nullable: true },
    escalatedAt: { type: 'datetime', nullable: true },
    validUntil: { type: 'datetime', nullable: true },
    policyVersion: { type: 'integer' },
    decidedBy: { type: 'text', nullable: true },
    decidedAt: { type: 'datetime', nullable: true },
    comment: { type: 'text', nullable: true },
  },
});

export const VoteEntity = new EntitySchema<Vote>({
  name: 'ApprovalVote',
  tableName: 'approval_vote',
  properties: {
    tenantId: { type: 'uuid', primary: true },
    id: { type: 'uuid', primary: true },
    approvalId: { type: 'uuid' },
    digest: { type: 'text' },
    verdict: { type: 'text' },
    voter: { type: 'text' },
    voterRoot: { type: 'text' },
    role: { type: 'text' },
    onBehalfOf: { type: 'text', nullable: true },
    delegationId: { type: 'uuid', nullable: true },
    comment: { type: 'text', nullable: true },
    at: { type: 'datetime' },
    snapshot: { type: 'text', nullable: true },
  },
});

export const RevisionEntity = new EntitySchema<Revision>({
  name: 'ActionRevision',
  tableName: 'action_revision',
  properties: {
    tenantId: { type: 'uuid', primary: true },
    actionId: { type: 'uuid', primary: true },
    revision: { type: 'integer', primary: true },
    kind: { type: 'text' },
    canonical: { type: 'text' },
    digest: { type: 'text' },
    replacedBy: { type: 'text' },
    diff: { type: 'json' },
    comment: { type: 'text', nullable: true },
    editedBy: { type: 'text' },
    editedByRoot: { type: 'text' },
    editedAt: { type: 'datetime' },
  },
});

export const DelegationEntity = new EntitySchema<Delegation>({
  name: 'Delegation',
  tableName: 'delegation',
  properties: {
    tenantId: { type: 'uuid', primary: true },
    id: { type: 'uuid', primary: true },
    fromUser: { type: 'text' },
    fromRoot: { type: 'text' },
    toUser: { type: 'text' },
    roles: { type: 'array' },
    startsAt: { type: 'datetime' },
    endsAt: { type: 'datetime' },
    reason: { type: 'text', nullable: true },
    createdBy: { type: 'text' },
    createdAt: { type: 'datetime' },
    revokedAt: { type: 'datetime', nullable: true },
    revokedBy: { type: 'text', nullable: true },
  },
});
