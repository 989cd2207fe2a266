import { describe, expect, test } from 'vitest';
import {
  demandsOf,
  type Policy,
  type PolicyDocument,
  policyTierOf,
  ruleOf,
} from '../../../src/features/policy/domain/index.js';

const policy = (document: Partial<PolicyDocument>): Policy => ({
  version: 1,
  document: { rules: {}, budgets: [], ...document },
});
const HOUR_MS = 3_600_000;

describe('the tier of a type as a policy leaves it', () => {
  test.each([
    ['send_chat_message', 'autonomous'],
    ['send_proposal', 'approval_required'],
    ['commit_pricing', 'hard_stop'],
    ['send_gift', 'approval_required'],
  ])('is the built-in one of %s where it says nothing: %s', (actionType, tier) => {
    expect(policyTierOf(policy({}), actionType)).toBe(tier);
  });

  test('is the stricter one', () => {
    const rules = {
      send_chat_message: { tier: 'approval_required' as const },
      send_proposal: { tier: 'hard_stop' as const },
      send_gift: { tier: 'autonomous' as const },
      commit_pricing: { tier: 'autonomous' as const },
    };
    expect(Object.keys(rules).map((type) => policyTierOf(policy({ rules }), type))).toEqual([
      'approval_required',
      'hard_stop',
      'autonomous',
      'hard_stop',
    ]);
  });

  test('is the same whatever the gates say', () => {
    const hours = { timeZone: 'UTC', from: 0, to: 1, days: [1] };
    const gates = { dealValueAbove: 0, stages: ['discovery' as const], contactTitles: ['CEO'], hours };
    expect(policyTierOf(policy({ gates }), 'send_chat_message')).toBe('autonomous');
  });
});

describe('what a rule demands', () => {
  const demands = (rule: object) =>
    demandsOf(policy({ rules: { send_proposal: rule } }), {
      actionType: 'send_proposal',
      facts: { dealStage: null, givenStage: null, contactTitles: [], optedOut: false },
      now: new Date(0),
      defaultOpenMs: 7,
    });

  test('is one approver, within the usual time, and an agent to run it, where it says nothing', () => {
    const usual = { quorum: 1, requiredRole: 'approver', fallbackRole: 'approver', openMs: 7, connector: 'agent' };
    expect(demands({})).toMatchObject(usual);
    expect(demandsOf(policy({}), { ...question, actionType: 'send_proposal' })).toMatchObject(usual);
  });

  const question = {
    facts: { dealStage: null, givenStage: null, contactTitles: [], optedOut: false },
    now: new Date(0),
    defaultOpenMs: 7,
  };

  test('is what it says', () => {
    const rule = { quorum: 3, requiredRole: 'manager', fallbackRole: 'admin', connector: 'email', expiryHours: 0.5 };
    const { expiryHours, ...rest } = rule;
    expect(demands(rule)).toMatchObject({ ...rest, openMs: expiryHours * HOUR_MS });
  });

  test('falls back on the required role where it names no other', () => {
    expect(demands({ requiredRole: 'manager' })).toMatchObject({ requiredRole: 'manager', fallbackRole: 'manager' });
    expect(demands({ fallbackRole: 'admin' })).toMatchObject({ requiredRole: 'approver', fallbackRole: 'admin' });
  });

  test('is found for its type alone', () => {
    const one = policy({ rules: { send_gift: { quorum: 2 } } });
    expect(ruleOf(one, 'send_gift')).toEqual({ quorum: 2 });
    for (const type of ['send_gif', 'constructor', 'toString', '__proto__']) expect(ruleOf(one, type)).toBeUndefined();
  });
});

describe('a decision is told in words', () => {
  const decide = (document: Partial<PolicyDocument>, actionType: string, facts: object = {}) =>
    demandsOf(policy(document), {
      actionType,
      facts: { dealStage: null, givenStage: null, contactTitles: [], optedOut: false, ...facts },
      now: new Date('2026-03-04T12:00:00Z'),
      defaultOpenMs: 7,
    }).decision;
  const own = { rules: { send_gift: { tier: 'autonomous' as const } } };
  const waits = { allowed: false, requiresHuman: true };

  test('of the policy’s tiers', () => {
    expect(decide({ rules: { send_gift: { tier: 'hard_stop' } } }, 'send_gift')).toEqual({
      ...waits,
      actionType: 'send_gift',
      tier: 'hard_stop',
      reason: 'policy_hard_stop',
      explanation: 'The tenant’s policy makes send_gift a hard stop: the server never runs it; a person does it.',
    });
    expect(decide({ rules: { send_gift: { tier: 'approval_required' } } }, 'send_gift')).toEqual({
      ...waits,
      actionType: 'send_gift',
      tier: 'approval_required',
      reason: 'policy_tier',
      explanation: 'send_gift waits for a person, because the tenant’s policy says so.',
    });
  });

  test('of a type of the tenant’s own', () => {
    expect(decide(own, 'send_gift')).toEqual({
      actionType: 'send_gift',
      tier: 'autonomous',
      allowed: true,
      requiresHuman: false,
      reason: 'autonomous',
      explanation: 'The agent may run send_gift alone, because the tenant’s policy says so.',
    });
    expect(decide(own, 'send_gift', { dealStage: 'evaluation' })).toEqual({
      ...waits,
      actionType: 'send_gift',
      tier: 'autonomous',
      reason: 'stage_gate',
      explanation: 'send_gift waits for a person, because the deal is in the gated stage evaluation.',
    });
  });

  test('of what the account asked for', () => {
    expect(decide(own, 'send_gift', { optedOut: true })).toMatchObject({
      ...waits,
      reason: 'opted_out',
      explanation: 'send_gift waits for a person, because the account asked not to be written to.',
    });
  });

  test('of what needs a person anyway, whatever gate is closed', () => {
    const gates = { dealValueAbove: 5 };
    expect(decide({ gates }, 'send_proposal', { dealValue: 6 })).toMatchObject({ reason: 'approval_required' });
    expect(decide({ gates }, 'send_gift', { dealValue: 6 })).toMatchObject({ reason: 'unknown_action_type' });
  });

  test('of one gate, where only another looks at what there is', () => {
    const open = { allowed: true, reason: 'autonomous' };
    const facts = { dealStage: 'discovery', dealValue: null, contactTitles: ['CEO'] };
    expect(decide({ gates: { stages: ['qualification'] } }, 'log_interaction', facts)).toMatchObject(open);
    expect(decide({ gates: { contactTitles: ['CFO'] } }, 'log_interaction', facts)).toMatchObject(open);
    expect(decide({ gates: { dealValueAbove: 5 } }, 'log_interaction', { dealStage: 'discovery' })).toMatchObject(open);
  });

  test.each([
    [{ dealValueAbove: 5 }, { dealValue: 6 }, 'the deal’s value is 6, and above 5 the policy asks a person'],
    [{ dealValueAbove: 5 }, { dealValue: null }, 'the deal has no value, and above 5 the policy asks a person'],
    [
      { stages: ['qualification', 'discovery'] },
      { dealStage: 'discovery' },
      'the deal is in stage discovery, which the policy gates',
    ],
    [
      { contactTitles: ['CFO', 'CEO'] },
      { contactTitles: ['Buyer', 'ceo'] },
      'a contact’s title has “CEO”, for which the policy asks a person',
    ],
    [
      { hours: { timeZone: 'UTC', from: 0, to: 60, days: [1, 3] } },
      {},
      'it is outside the policy’s hours, 00:00 to 01:00 in UTC on Mon, Wed',
    ],
  ] as const)('of the gate %j', (gates, facts, why) => {
    const told = {
      ...waits,
      reason: 'policy_gate',
      explanation: `log_interaction waits for a person, because ${why}.`,
    };
    expect(decide({ gates }, 'log_interaction', facts)).toMatchObject(told);
    expect(decide({ rules: { log_interaction: { gates } } }, 'log_interaction', facts)).toMatchObject(told);
  });
});
