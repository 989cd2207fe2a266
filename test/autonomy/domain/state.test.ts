import { describe, expect, test } from 'vitest';
import { ACTION_STATUSES, statesBefore } from '../../../src/features/autonomy/domain/action.js';
import { APPROVAL_STATUSES, isOwnProposal } from '../../../src/features/autonomy/domain/approval.js';

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
