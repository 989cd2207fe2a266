import { describe, expect, test } from 'vitest';
import { ACTION_STATUSES, type Action } from '../../../src/features/autonomy/domain/action.js';
import { goodUntil } from '../../../src/features/autonomy/domain/approval.js';
import {
  claimConflict,
  holdsClaim,
  isSentAgain,
  requireClaimable,
  requireNoHardStop,
} from '../../../src/features/autonomy/domain/claim.js';
import { closingAs, mayHaveRun } from '../../../src/features/autonomy/domain/closing.js';
import { alreadyDecided, digestMismatch, expired } from '../../../src/features/autonomy/domain/refusals.js';
import type { Revision } from '../../../src/features/autonomy/domain/revision.js';
import type { Actor } from '../../../src/kernel/actor.js';
import { DomainError } from '../../../src/kernel/errors.js';
import { actionOf, approvalOf, later, NOW } from './recorded.js';

function refusalOf(act: () => void) {
  try {
    act();
  } catch (error) {
    if (error instanceof DomainError) return told(error);
    throw error;
  }
  return undefined;
}
const told = ({ code, message, details }: DomainError) => ({ code, message, details });

describe('a claim', () => {
  const conflict = (action: Action, needed: string) => ({
    code: 'CONFLICT',
    message: `The action is ${action.status} since 2026-03-04T12:00:00.000Z; ${needed}.`,
    details: {
      actionId: 'action-1',
      status: action.status,
      claimedBy: action.claimedBy,
      leaseEpoch: action.leaseEpoch,
      since: '2026-03-04T12:00:00.000Z',
    },
  });

  test('is for what is allowed or approved, and nothing else', () => {
    for (const status of ACTION_STATUSES) {
      const action = actionOf({ status, claimedBy: 'bot', leaseEpoch: 3 });
      const isClaimable = status === 'allowed' || status === 'approved';
      expect(refusalOf(() => requireClaimable(action, 'agent'))).toEqual(
        isClaimable ? undefined : conflict(action, 'claiming needs allowed or approved'),
      );
    }
  });

  test('is for whom the policy lets run it', () => {
    const action = actionOf({ status: 'approved', connector: 'webhook' });
    expect(refusalOf(() => requireClaimable(action, 'webhook'))).toBeUndefined();
    expect(refusalOf(() => requireClaimable(action, 'agent'))).toEqual(
      conflict(action, 'it is run by the connector webhook, not by agent'),
    );
  });

  test('is for no hard stop, built in or by a policy, however it is recorded', () => {
    const stopped = (action: Partial<Action>) => refusalOf(() => requireNoHardStop(actionOf(action)));
    const refusal = (actionType: string) => ({
      code: 'HARD_STOP',
      message: `${actionType} is a hard stop: the server never runs it. A person does it, outside.`,
      details: { actionId: 'action-1' },
    });
    expect(stopped({ status: 'approved' })).toBeUndefined();
    expect(stopped({ status: 'allowed', actionType: 'log_interaction' })).toBeUndefined();
    expect(stopped({ status: 'blocked' })).toEqual(refusal('send_proposal'));
    expect(stopped({ status: 'approved', actionType: 'commit_pricing' })).toEqual(refusal('commit_pricing'));
  });

  const actor: Actor = { tenantId: 'tenant-1', tenant: 'acme', name: 'Bot', root: 'ana', roles: new Set(['agent']) };

  test('is held by who made it, in whatever case', () => {
    expect(holdsClaim(actor, actionOf({ claimedBy: 'bOT' }))).toBe(true);
    expect(holdsClaim(actor, actionOf({ claimedBy: 'ana' }))).toBe(false);
    expect(holdsClaim(actor, actionOf({ claimedBy: null }))).toBe(false);
  });

  test('is sent again by its holder, by its key, while it runs', () => {
    const running = { status: 'executing', claimedBy: 'bot', claimKey: 'key-1' } as const;
    const again = (more: Partial<Action>, key: string | undefined = 'key-1') =>
      isSentAgain(actor, actionOf({ ...running, ...more }), key);
    expect(again({})).toBe(true);
    expect(again({}, 'key-2')).toBe(false);
    expect(again({ claimedBy: 'cleo' })).toBe(false);
    expect(again({ status: 'executed' })).toBe(false);
    expect(isSentAgain(actor, actionOf({ ...running, claimKey: null }), undefined)).toBe(false);
    const { claimKey: _none, ...unknown } = actionOf(running);
    expect(isSentAgain(actor, unknown as Action, undefined)).toBe(false);
  });

  test('that fails tells the state as it is', () => {
    const action = actionOf({ status: 'executing', claimedBy: 'bot', leaseEpoch: 2 });
    expect(told(claimConflict(action, 'it is late'))).toEqual(conflict(action, 'it is late'));
  });
});

describe('an action that is not started', () => {
  const planned = { status: 'cancelled' as const, endedReason: 'ana took it back.' };

  test('ends as it was meant to where it cannot have happened', () => {
    expect(closingAs(planned, false)).toBe(planned);
  });

  test('is of unknown outcome where it may have happened, and says why it ended', () => {
    expect(closingAs(planned, true)).toEqual({
      status: 'outcome_unknown',
      endedReason:
        'An earlier attempt may have had its effect, and it will not be made again. Find out and reconcile. ' +
        'Why it ended: ana took it back.',
    });
    expect(told(mayHaveRun('action-1', 'why'))).toEqual({
      code: 'CONFLICT',
      message: 'why',
      details: { actionId: 'action-1', status: 'OUTCOME_UNKNOWN' },
    });
  });
});

test('an approval stays good as long again as the request was open', () => {
  expect(goodUntil({ requestedAt: later(1), expiresAt: later(6) }, later(3))).toEqual(later(8));
});

describe('who comes too late is told', () => {
  test('who was first, and when', () => {
    const approval = approvalOf({ status: 'rejected', decidedBy: 'ana', decidedAt: NOW });
    expect(told(alreadyDecided(approval))).toEqual({
      code: 'CONFLICT',
      message: 'ana was first: the request was rejected at 2026-03-04T12:00:00.000Z.',
      details: {
        approvalId: 'approval-1',
        status: 'rejected',
        decidedBy: 'ana',
        decidedAt: '2026-03-04T12:00:00.000Z',
      },
    });
    expect(alreadyDecided({ ...approval, decidedBy: null }).message).toBe(
      'Somebody was first: the request was rejected at 2026-03-04T12:00:00.000Z.',
    );
  });

  test('what became of it where nobody decided', () => {
    expect(told(alreadyDecided(approvalOf({ status: 'invalidated' })))).toEqual({
      code: 'CONFLICT',
      message: 'The request is invalidated already.',
      details: { approvalId: 'approval-1', status: 'invalidated', decidedBy: null, decidedAt: null },
    });
  });

  test('when its time was over', () => {
    expect(told(expired(approvalOf()))).toEqual({
      code: 'EXPIRED',
      message:
        'The request ran out at 2026-03-05T12:00:00.000Z and nobody had decided. ' +
        'Nothing ran; the agent may propose again.',
      details: { approvalId: 'approval-1', expiresAt: '2026-03-05T12:00:00.000Z' },
    });
  });
});

describe('who was shown something else is told', () => {
  const revision = (number: number, more: Partial<Revision>): Revision => ({
    tenantId: 'tenant-1',
    actionId: 'action-1',
    revision: number,
    kind: 'edited',
    canonical: '{}',
    digest: `digest-${number}`,
    replacedBy: `digest-${number + 1}`,
    diff: [{ op: 'replace', path: `/${number}`, before: 0, after: 1 }],
    comment: null,
    editedBy: 'ana',
    editedByRoot: 'ana',
    editedAt: NOW,
    ...more,
  });
  const action = actionOf({ digest: 'digest-3', revision: 3 });
  const revisions = [revision(0, { editedBy: 'ben' }), revision(1, { kind: 'renewed' }), revision(2, {})];
  const change = (number: number) => ({ op: 'replace', path: `/${number}`, before: 0, after: 1 });

  test('everything that was changed since', () => {
    expect(told(digestMismatch(action, 'digest-0', revisions))).toEqual({
      code: 'DIGEST_MISMATCH',
      message:
        'What you were shown is not what is stored: ben edited it, then its ground has moved, then ana edited it. ' +
        'Look at it again, and decide on the new digest.',
      details: { expected: 'digest-3', received: 'digest-0', revision: 3, changes: [0, 1, 2].map(change) },
    });
    expect(digestMismatch(action, 'digest-2', revisions).details.changes).toEqual([change(2)]);
  });

  test('nothing more where it was never so', () => {
    expect(told(digestMismatch(action, 'made up', revisions))).toEqual({
      code: 'DIGEST_MISMATCH',
      message: 'What you were shown is not what is stored. Look at it again, and decide on the new digest.',
      details: { expected: 'digest-3', received: 'made up', revision: 3, changes: [] },
    });
  });
});
