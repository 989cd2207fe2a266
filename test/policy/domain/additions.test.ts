import { describe, expect, test } from 'vitest';
import { ownTypes, standingOf, tightenedTypes } from '../../../src/features/policy/domain/additions.js';
import { EMPTY_POLICY, type Policy } from '../../../src/features/policy/domain/index.js';

const policy: Policy = {
  ...EMPTY_POLICY,
  document: {
    budgets: [],
    rules: {
      visit_customer: { tier: 'hard_stop', description: 'Going there.' },
      call_customer: {},
      send_chat_message: { tier: 'approval_required' },
      create_briefing: { quorum: 2 },
    },
  },
};

describe('what a policy adds to the built-in types', () => {
  test('is nothing where it lays nothing down', () => {
    expect(ownTypes(EMPTY_POLICY)).toEqual([]);
    expect(tightenedTypes(EMPTY_POLICY)).toEqual([]);
  });

  test('are types of its own, by name, which wait for a person where it says nothing else', () => {
    expect(ownTypes(policy)).toEqual([
      { actionType: 'call_customer', tier: 'approval_required', description: null },
      { actionType: 'visit_customer', tier: 'hard_stop', description: 'Going there.' },
    ]);
  });

  test('and stricter tiers, but not rules that leave the tier as it is', () => {
    expect(tightenedTypes(policy)).toEqual([
      { actionType: 'send_chat_message', builtInTier: 'autonomous', tier: 'approval_required' },
    ]);
  });
});

describe('how a type stands', () => {
  test.each([
    ['visit_customer', 'hard_stop', false, true],
    ['send_chat_message', 'approval_required', true, false],
    ['create_briefing', 'autonomous', true, false],
    ['nobody_knows_it', 'approval_required', false, false],
    ['constructor', 'approval_required', false, false],
  ])('%s is %s, known: %s, own: %s', (actionType, tier, known, own) => {
    expect(standingOf(policy, actionType)).toEqual({ tier, known, own });
  });
});
