import { describe, expect, test } from 'vitest';
import type { Action } from '../../../src/features/autonomy/domain/action.js';
import type { Approval } from '../../../src/features/autonomy/domain/approval.js';
import { canonicalAction } from '../../../src/features/autonomy/domain/canonical.js';
import { type GroundToday, reviewGround } from '../../../src/features/autonomy/domain/renewal.js';
import { requestFor } from '../../../src/features/autonomy/domain/request.js';
import { REVISION_KINDS, revise } from '../../../src/features/autonomy/domain/revision.js';
import { actionOf, approvalOf, demandsAs, FACTS, HOUR_MS, later, NOW, policyOf } from './recorded.js';

const TODAY: GroundToday = { now: NOW, policy: policyOf(), facts: FACTS, isOutdated: false, defaultOpenMs: 1_000 };
const review = (today: Partial<GroundToday> = {}, action: Partial<Action> = {}, approval: Partial<Approval> = {}) =>
  reviewGround(actionOf(action), approvalOf(approval), { ...TODAY, ...today });

describe('the ground a pending request stands on', () => {
  test('is the same while nothing that counts has moved', () => {
    expect(review()).toEqual({ kind: 'same' });
    expect(review({ facts: { ...FACTS, dealValue: 7, contactTitles: ['CEO'] }, now: later(3) })).toEqual({
      kind: 'same',
    });
  });

  test.each<[string, Partial<GroundToday>, Partial<Action>, Partial<Approval>]>([
    ['a vote was cast on other ground', { isOutdated: true }, {}, {}],
    ['there is another policy', { policy: policyOf({}, 4) }, {}, {}],
    ['the deal is in another stage', { facts: { ...FACTS, dealStage: 'discovery' } }, {}, {}],
    ['the account opted out', { facts: { ...FACTS, optedOut: true } }, {}, {}],
    ['the account wants to be written to again', {}, { facts: { ...FACTS, optedOut: true } }, {}],
    ['somebody else runs it', {}, { connector: 'webhook' }, {}],
    ['it takes more or fewer people', {}, {}, { quorum: 2 }],
    ['it takes another role', {}, {}, { requiredRole: 'manager' }],
    ['it falls back on another role', {}, {}, { fallbackRole: 'manager' }],
  ])('has to be looked at again where %s', (_what, today, action, approval) => {
    expect(review(today, action, approval)).toMatchObject({
      kind: 'renew',
      revised: {
        action: { actionType: 'send_proposal', revision: 1, connector: 'agent' },
        approval: { quorum: 1, requiredRole: 'approver', fallbackRole: 'approver' },
      },
    });
  });

  test('is gone where what it names is', () => {
    expect(review({ facts: undefined })).toEqual({ kind: 'withdraw', why: 'reference_changed' });
  });

  test('is gone where its type became a hard stop, by the policy or built in', () => {
    const rules = { send_proposal: { tier: 'hard_stop' as const } };
    const withdrawn = { kind: 'withdraw', why: 'policy_hard_stop' };
    expect(review({ policy: policyOf({ rules }) })).toEqual(withdrawn);
    expect(review({}, { actionType: 'commit_pricing' })).toEqual(withdrawn);
  });

  test('goes by the clock and the time a request stays open', () => {
    const hours = { timeZone: 'UTC', from: 0, to: 12 * 60, days: [3] };
    const policy = policyOf({ gates: { hours } }, 4);
    const about = { actionType: 'send_chat_message', reason: 'policy_gate' as const };
    expect(review({ policy }, about)).toMatchObject({ revised: { action: { reason: 'policy_gate' } } });
  });
});

describe('the next revision', () => {
  const action = actionOf({ revision: 4, facts: { ...FACTS, optedOut: true } });
  const approval = approvalOf({ quorum: 2, policyVersion: 3 });
  const facts = { ...FACTS, dealStage: 'discovery' as const };
  const ground = {
    actionType: 'discuss_pricing',
    payload: { text: 'Dear Ana' },
    policy: policyOf({}, 5),
    facts,
    demands: demandsAs({
      decision: {
        actionType: 'discuss_pricing',
        tier: 'approval_required',
        allowed: false,
        reason: 'policy_tier',
        requiresHuman: true,
        explanation: 'Because.',
      },
      quorum: 3,
      requiredRole: 'manager',
      fallbackRole: 'admin',
      connector: 'email',
    }),
  };
  const signed = canonicalAction({
    tenantId: 'tenant-1',
    actionType: 'discuss_pricing',
    accountId: 'account-1',
    dealId: 'deal-1',
    cloneId: 'clone-1',
    contactId: 'contact-1',
    connector: 'email',
    policyVersion: 5,
    revision: 5,
    payload: { text: 'Dear Ana' },
  });

  test('is signed anew, in everything it is', () => {
    expect(revise(action, approval, ground)).toMatchObject({
      action: {
        actionType: 'discuss_pricing',
        tier: 'approval_required',
        reason: 'policy_tier',
        explanation: 'Because.',
        dealStage: 'discovery',
        connector: 'email',
        policyVersion: 5,
        facts,
        revision: 5,
        ...signed,
      },
      approval: {
        digest: signed.digest,
        reason: 'policy_tier',
        quorum: 3,
        requiredRole: 'manager',
        fallbackRole: 'admin',
        policyVersion: 5,
      },
    });
  });

  test('tells everything that differs', () => {
    const replaced = (path: string, before: unknown, after: unknown) => ({ op: 'replace', path, before, after });
    expect(revise(action, approval, ground).diff).toEqual([
      replaced('/actionType', 'send_proposal', 'discuss_pricing'),
      replaced('/connector', 'agent', 'email'),
      replaced('/dealStage', null, 'discovery'),
      replaced('/fallbackRole', 'approver', 'admin'),
      replaced('/optedOut', true, false),
      replaced('/payload/text', 'Dear Kim', 'Dear Ana'),
      replaced('/policyVersion', 3, 5),
      replaced('/quorum', 2, 3),
      replaced('/requiredRole', 'approver', 'manager'),
    ]);
  });

  test('of what might run alone by now waits still, for the reason for which it was asked', () => {
    const decision = { ...ground.demands.decision, tier: 'autonomous' as const, allowed: true };
    expect(revise(action, approval, { ...ground, demands: { ...ground.demands, decision } })).toMatchObject({
      action: { tier: 'approval_required', reason: 'approval_required', explanation: 'It waits for a person.' },
      approval: { reason: 'approval_required' },
    });
  });

  test('is made by a person, or by the ground', () => {
    expect(REVISION_KINDS).toEqual(['edited', 'renewed']);
  });
});

test('a request is as strict as the policy demands, and escalated at half its time', () => {
  const demands = demandsAs({ quorum: 2, requiredRole: 'manager', fallbackRole: 'admin', openMs: 10 * HOUR_MS });
  const { id, ...request } = requestFor(actionOf({ digest: 'its digest' }), demands, NOW);
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  expect(request).toEqual({
    tenantId: 'tenant-1',
    actionId: 'action-1',
    status: 'pending',
    reason: 'approval_required',
    digest: 'its digest',
    requestedAt: NOW,
    expiresAt: later(10),
    quorum: 2,
    requiredRole: 'manager',
    fallbackRole: 'admin',
    escalatesAt: later(5),
    escalatedAt: null,
    validUntil: null,
    policyVersion: 3,
    decidedBy: null,
    decidedAt: null,
    comment: null,
  });
});
