import { describe, expect, test } from 'vitest';
import type { Action } from '../../../src/features/autonomy/domain/action.js';
import { recheck, type Signed, type Today, WITHDRAWALS } from '../../../src/features/autonomy/domain/recheck.js';
import { actionOf, approvalOf, castOf, FACTS, later, NOW, policyOf } from './recorded.js';

const TODAY: Today = {
  now: NOW,
  policy: policyOf(),
  pause: undefined,
  facts: FACTS,
  replied: false,
  defaultOpenMs: 1_000,
};
const SIGNED: Signed = { approval: approvalOf({ status: 'approved', validUntil: later(1) }), votes: [castOf()] };
const alone = (today: Partial<Today> = {}, more: Partial<Action> = {}) =>
  recheck(actionOf({ actionType: 'send_chat_message', ...more }), undefined, { ...TODAY, ...today });
const signed = (today: Partial<Today> = {}, more: Partial<Action> = {}, by: Partial<Signed> = {}) =>
  recheck(actionOf(more), { ...SIGNED, ...by }, { ...TODAY, ...today });
const withdrawn = (why: string) => ({ kind: 'withdraw', why });

describe('an action that was allowed alone', () => {
  test('runs while it is allowed', () => {
    expect(alone()).toMatchObject({
      kind: 'run',
      demands: { decision: { reason: 'autonomous' }, connector: 'agent', openMs: 1_000 },
    });
  });

  test('is not started during a pause, whatever else has moved', () => {
    const pause = { by: 'ana', at: NOW, reason: 'stop' };
    expect(alone({ pause, facts: undefined })).toEqual({ kind: 'paused', pause });
  });

  test('needs a person where it is not allowed any more', () => {
    expect(alone({ facts: { ...FACTS, dealStage: 'evaluation' } })).toMatchObject({
      kind: 'ask',
      demands: { decision: { reason: 'stage_gate' } },
    });
    const hours = { timeZone: 'UTC', from: 0, to: 12 * 60, days: [3] };
    expect(alone({ policy: policyOf({ gates: { hours } }) })).toMatchObject({ kind: 'ask' });
    expect(alone({ policy: policyOf({ gates: { hours } }), now: later(-1) })).toMatchObject({ kind: 'run' });
  });

  test('is withdrawn where what it names is gone', () => {
    expect(alone({ facts: undefined })).toEqual(withdrawn('reference_changed'));
  });

  test('is withdrawn where its type became a hard stop, by the policy or built in', () => {
    const rules = { send_chat_message: { tier: 'hard_stop' as const, connector: 'webhook' as const } };
    expect(alone({ policy: policyOf({ rules }) })).toEqual(withdrawn('policy_hard_stop'));
    expect(alone({}, { actionType: 'commit_pricing' })).toEqual(withdrawn('policy_hard_stop'));
  });

  test('is withdrawn where somebody else is to run it', () => {
    const rules = { send_chat_message: { connector: 'webhook' as const } };
    expect(alone({ policy: policyOf({ rules }) })).toEqual(withdrawn('connector_changed'));
    expect(alone({ policy: policyOf({ rules }) }, { connector: 'webhook' })).toMatchObject({ kind: 'run' });
  });

  test('runs under a later policy that lets it, and after a reply', () => {
    expect(alone({ policy: policyOf({}, 9), replied: true })).toMatchObject({ kind: 'run' });
  });
});

describe('an action that was signed', () => {
  test('runs on exactly the ground it was signed on', () => {
    expect(signed()).toMatchObject({ kind: 'run', demands: { decision: { reason: 'approval_required' } } });
  });

  test('runs up to when the approval goes stale', () => {
    expect(signed({ now: new Date(later(1).getTime() - 1) })).toMatchObject({ kind: 'run' });
    expect(signed({ now: later(1) })).toEqual({ kind: 'stale' });
    expect(signed({ now: later(2) })).toEqual({ kind: 'stale' });
    expect(signed({ now: later(2) }, {}, { approval: approvalOf({ validUntil: null }) })).toMatchObject({
      kind: 'run',
    });
  });

  test('is withdrawn where the policy changed, for the better or the worse', () => {
    expect(signed({ policy: policyOf({}, 4) })).toEqual(withdrawn('policy_changed'));
    expect(signed({ policy: policyOf({}, 2) })).toEqual(withdrawn('policy_changed'));
    const rules = { send_proposal: { tier: 'hard_stop' as const } };
    expect(signed({ policy: policyOf({ rules }, 4) })).toEqual(withdrawn('policy_hard_stop'));
  });

  test('is withdrawn where the deal has moved', () => {
    expect(signed({ facts: { ...FACTS, dealStage: 'discovery' } })).toEqual(withdrawn('deal_stage_changed'));
    const facts = { ...FACTS, dealStage: 'discovery' as const };
    expect(signed({ facts }, { facts })).toMatchObject({ kind: 'run' });
    expect(signed({}, { facts })).toEqual(withdrawn('deal_stage_changed'));
  });

  test('is withdrawn where the account opted out since, and it reaches the customer', () => {
    const facts = { ...FACTS, optedOut: true };
    expect(signed({ facts })).toEqual(withdrawn('account_opted_out'));
    expect(signed({ facts }, { facts })).toMatchObject({ kind: 'run' });
    expect(signed({ facts }, { actionType: 'modify_account_plan' })).toMatchObject({ kind: 'run' });
  });

  test('is withdrawn where the customer has written since, and it reaches the customer', () => {
    expect(signed({ replied: true })).toEqual(withdrawn('account_replied'));
    expect(signed({ replied: true }, { actionType: 'modify_account_plan' })).toMatchObject({ kind: 'run' });
  });

  test('is withdrawn where fewer than it takes could still sign it', () => {
    const two = approvalOf({ quorum: 2, validUntil: later(1) });
    expect(signed({}, {}, { approval: two })).toEqual(withdrawn('approver_lost_authority'));
    expect(signed({}, {}, { approval: two, votes: [castOf(), castOf({ voter: 'ben' })] })).toMatchObject({
      kind: 'run',
    });
    const lost = castOf({}, { entitled: { roles: ['agent'], suspended: false } });
    expect(signed({}, {}, { votes: [lost] })).toEqual(withdrawn('approver_lost_authority'));
    expect(signed({}, {}, { votes: [castOf({ digest: 'another' })] })).toEqual(withdrawn('approver_lost_authority'));
  });

  test('is not run by whoever else it would be given to now: that took another policy', () => {
    const rules = { send_proposal: { connector: 'webhook' as const } };
    expect(signed({ policy: policyOf({ rules }) })).toMatchObject({ kind: 'run', demands: { connector: 'webhook' } });
    expect(signed({ policy: policyOf({ rules }, 4) })).toEqual(withdrawn('policy_changed'));
  });
});

test('why an action is withdrawn is told in words of its own', () => {
  expect(WITHDRAWALS).toEqual({
    policy_changed: expect.stringContaining('policy has changed'),
    policy_hard_stop: expect.stringContaining('hard stop'),
    connector_changed: expect.stringContaining('run by somebody else'),
    reference_changed: expect.stringContaining('gone or belongs to another account'),
    contact_changed: expect.stringContaining('another address'),
    deal_stage_changed: expect.stringContaining('another stage'),
    account_opted_out: expect.stringContaining('not to be written to'),
    account_replied: expect.stringContaining('has written'),
    approver_lost_authority: expect.stringContaining('may not decide any more'),
  });
});
