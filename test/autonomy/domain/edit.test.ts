import { describe, expect, test } from 'vitest';
import { requireAskedFor, requireWithinReach } from '../../../src/features/autonomy/domain/edit.js';
import type { DecisionReason } from '../../../src/features/guardrails/domain/index.js';
import type { Demands } from '../../../src/features/policy/domain/index.js';
import { DomainError } from '../../../src/kernel/errors.js';
import type { JsonObject } from '../../../src/kernel/json.js';
import { actionOf, approvalOf, demandsAs } from './recorded.js';

function refusalOf(act: () => void) {
  try {
    act();
  } catch (error) {
    if (error instanceof DomainError) return { code: error.code, message: error.message, details: error.details };
    throw error;
  }
  return undefined;
}

const demanding = (decision: Partial<Demands['decision']>, more: Partial<Demands> = {}): Demands =>
  demandsAs({ ...more, decision: { ...demandsAs().decision, ...decision } });

describe('an edit stays within reach', () => {
  const reach = (reason: DecisionReason, after: JsonObject) =>
    refusalOf(() =>
      requireWithinReach(demanding({ reason, actionType: 'sign_it' }), { before: { text: 'Dear Kim' }, after }),
    );

  test('of what people may sign', () => {
    expect(reach('policy_gate', { text: 'Dear Ana' })).toBeUndefined();
  });

  test.each(['hard_stop', 'policy_hard_stop'] as const)('and makes nothing a hard stop, by %s', (reason) => {
    expect(reach(reason, { text: 'Dear Ana' })).toEqual({
      code: 'HARD_STOP',
      message: 'sign_it is a hard stop: nobody signs it. A person does it, outside.',
      details: { actionType: 'sign_it', reason: reason.toUpperCase() },
    });
  });

  test('and brings in nothing that only people do', () => {
    expect(reach('policy_gate', { text: 'You get a discount.' })).toEqual({
      code: 'HARD_STOP',
      message:
        'The edit brings in what only people do, outside (discount, at /text). Nothing was changed. ' +
        'Leave it out, or reject the request.',
      details: { findings: [{ matter: 'discount', path: '/text', found: 'you get a discount.' }] },
    });
  });

  test('and is told at most twenty findings, each cut at two hundred letters', () => {
    const text = `A discount ${'x'.repeat(300)}`;
    const refusal = reach('policy_gate', { texts: Array.from({ length: 30 }, (_, at) => `${text}${at}`) });
    const findings = refusal?.details.findings as { found: string }[];
    expect(findings).toHaveLength(20);
    expect(findings[0]?.found).toBe(text.toLowerCase().slice(0, 200));
  });
});

describe('an edit is asked for', () => {
  const refusal = (decision: Partial<Demands['decision']>, more: Partial<Demands> = {}, isSame = false) =>
    refusalOf(() =>
      requireAskedFor({
        action: actionOf(),
        atLeast: [approvalOf(), approvalOf({ quorum: 2, requiredRole: 'manager', fallbackRole: 'manager' })],
        demands: demanding(decision, { quorum: 2, requiredRole: 'manager', fallbackRole: 'manager', ...more }),
        isSame,
      }),
    );
  const weaker = {
    code: 'VALIDATION_FAILED',
    details: {
      issues: [
        {
          path: ['input', 'actionType'],
          message:
            'discuss_pricing needs fewer or weaker signatures than send_proposal. ' +
            'Reject the request, and let the agent propose that.',
        },
      ],
    },
  };
  const other = { actionType: 'discuss_pricing' };

  test('where it changes something', () => {
    expect(refusal({}, {}, true)).toMatchObject({
      code: 'VALIDATION_FAILED',
      details: {
        issues: [{ path: ['input', 'payload'], message: 'expected something else than what is asked for already.' }],
      },
    });
  });

  test('where the type stays as it is, whatever that takes by now', () => {
    expect(refusal({ allowed: true }, { quorum: 1, requiredRole: 'approver' })).toBeUndefined();
  });

  test('where another type takes as many people and as strong a role, or more', () => {
    expect(refusal(other)).toBeUndefined();
    expect(refusal(other, { quorum: 3, requiredRole: 'admin', fallbackRole: 'admin' })).toBeUndefined();
  });

  test('and not where another type takes none, fewer, or a weaker role', () => {
    expect(refusal({ ...other, allowed: true })).toMatchObject(weaker);
    expect(refusal(other, { quorum: 1 })).toMatchObject(weaker);
    expect(refusal(other, { requiredRole: 'approver' })).toMatchObject(weaker);
    expect(refusal(other, { fallbackRole: 'approver' })).toMatchObject(weaker);
  });
});
