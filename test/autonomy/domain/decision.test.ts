import { describe, expect, test } from 'vitest';
import { overBudget, recordedDecision } from '../../../src/features/autonomy/domain/decision.js';
import { checkAction, type DecisionReason } from '../../../src/features/guardrails/domain/index.js';

const recorded = (reason: DecisionReason, explanation: string | null = null, dealStage: 'evaluation' | null = null) =>
  recordedDecision({ actionType: 'log_interaction', tier: 'autonomous', reason, dealStage, explanation });

describe('a decision as it was recorded', () => {
  test('is told in the words that were kept', () => {
    expect(recorded('policy_gate', 'Because of the hour.')).toEqual({
      actionType: 'log_interaction',
      tier: 'autonomous',
      reason: 'policy_gate',
      allowed: false,
      requiresHuman: true,
      explanation: 'Because of the hour.',
    });
  });

  test('was to let the agent run it alone for one reason only', () => {
    expect(recorded('autonomous')).toEqual(checkAction({ actionType: 'log_interaction', dealStage: null }));
    expect(recorded('over_budget')).toMatchObject({ allowed: false, requiresHuman: true });
  });

  test.each([
    ['policy_hard_stop', 'The tenant’s policy makes log_interaction a hard stop; a person does it.'],
    ['policy_tier', 'log_interaction waits for a person, because the tenant’s policy says so.'],
    ['policy_gate', 'log_interaction waits for a person, because a gate of the tenant’s policy is closed.'],
    ['opted_out', 'log_interaction waits for a person, because the account asked not to be written to.'],
    ['over_budget', 'log_interaction waits for a person, because a budget is used up.'],
  ] as const)('for %s is worded anew where no words were kept', (reason, words) => {
    expect(recorded(reason).explanation).toBe(words);
  });

  test('for what is built in is worded as the guardrails do, with the stage of then', () => {
    expect(recorded('stage_gate', null, 'evaluation').explanation).toContain('in the gated stage evaluation');
  });
});

test('what is over a budget waits for a person, in whatever tier it is', () => {
  const decision = checkAction({ actionType: 'log_interaction', dealStage: null });
  expect(overBudget(decision, 'notes a day')).toEqual({
    actionType: 'log_interaction',
    tier: 'autonomous',
    allowed: false,
    requiresHuman: true,
    reason: 'over_budget',
    explanation: 'log_interaction waits for a person, because the budget "notes a day" is used up.',
  });
});
