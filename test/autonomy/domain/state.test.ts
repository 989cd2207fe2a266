import { describe, expect, test } from 'vitest';
import { ACTION_STATUSES, statesBefore } from '../../../src/features/autonomy/domain/action.js';
import { actionEvent } from '../../../src/features/autonomy/domain/action-event.js';
import { APPROVAL_STATUSES, isOwnProposal } from '../../../src/features/autonomy/domain/approval.js';
import { actionOf, NOW } from './recorded.js';

describe('the states of an action', () => {
  test('are these, and each is reached from exactly these', () => {
    expect(Object.fromEntries(ACTION_STATUSES.map((status) => [status, statesBefore(status)]))).toEqual({
      allowed: [],
      pending_approval: ['allowed'],
      approved: ['pending_approval'],
      rejected: ['pending_approval'],
      expired: ['pending_approval', 'approved'],
      invalidated: ['allowed', 'pending_approval', 'approved'],
      cancelled: ['allowed', 'pending_approval'],
      blocked: [],
      executing: ['allowed', 'approved'],
      executed: ['executing', 'outcome_unknown'],
      failed: ['executing', 'outcome_unknown'],
      outcome_unknown: ['allowed', 'approved', 'executing'],
    });
  });
});

test('a request is pending, or has ended in one of five ways', () => {
  expect(APPROVAL_STATUSES).toEqual(['pending', 'approved', 'rejected', 'expired', 'invalidated', 'cancelled']);
});

describe('one’s own proposal', () => {
  test.each([
    [['bot', 'ana'], ['ana'], true],
    [['bot', 'Ana'], ['x', 'aNA'], true],
    [['bot', 'ana'], ['ben'], false],
    [['bot', 'ana'], ['an'], false],
    [[], ['ana'], false],
    [['ana'], [], false],
  ])('proposed by %j and decided by %j: %s', (proposer, decider, isOwn) => {
    expect(isOwnProposal(proposer, decider)).toBe(isOwn);
  });
});

test('what happened to an action is told with what subscribers filter by', () => {
  const happened = { type: 'action.claimed', actor: 'bot', at: NOW, data: { leaseEpoch: 1, digest: 'newer' } } as const;
  expect(actionEvent(actionOf({ digest: 'digest' }), happened)).toEqual({
    type: 'action.claimed',
    subjectId: 'action-1',
    actor: 'bot',
    at: NOW,
    data: {
      actionType: 'send_proposal',
      digest: 'newer',
      accountId: 'account-1',
      cloneId: 'clone-1',
      leaseEpoch: 1,
    },
  });
});
