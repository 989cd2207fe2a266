import { describe, expect, test } from 'vitest';
import {
  type DelegationOrder,
  type DelegationSituation,
  MAX_DELEGATION_DAYS,
  rolesToLend,
} from '../../../src/features/autonomy/domain/delegation.js';
import { DomainError } from '../../../src/kernel/errors.js';
import { later, NOW } from './recorded.js';

const lend = (order: Partial<DelegationOrder> = {}, situation: Partial<DelegationSituation> = {}) =>
  rolesToLend(
    { to: 'ben', until: later(24), roles: undefined, ...order },
    {
      now: NOW,
      held: new Set(['agent', 'admin', 'approver']),
      fromNames: ['ana'],
      toNames: ['ben'],
      standing: undefined,
      ...situation,
    },
  );

/** The refusal, as it is told. */
function refusal(order: Partial<DelegationOrder>, situation: Partial<DelegationSituation> = {}) {
  try {
    lend(order, situation);
  } catch (error) {
    if (error instanceof DomainError) return { code: error.code, message: error.message, details: error.details };
    throw error;
  }
  throw new Error('was not refused');
}

describe('the roles that are lent', () => {
  test('are all deciding ones that the lender holds, the weakest first', () => {
    expect(lend()).toEqual(['approver', 'admin']);
  });

  test('are those that were named', () => {
    expect(lend({ roles: ['admin'] })).toEqual(['admin']);
    expect(lend({ roles: ['admin', 'approver'] })).toEqual(['approver', 'admin']);
  });

  test('are none that the lender does not hold', () => {
    expect(refusal({ roles: ['approver', 'manager'] })).toEqual({
      code: 'FORBIDDEN',
      message: 'You can lend only roles that you hold yourself (approver, admin), got manager.',
      details: { held: ['approver', 'admin'], missing: ['manager'] },
    });
    expect(refusal({ roles: ['manager', 'admin', 'approver'] }, { held: new Set(['approver']) }).message).toBe(
      'You can lend only roles that you hold yourself (approver), got manager, admin.',
    );
  });

  test('are some', () => {
    expect(refusal({ roles: [] })).toMatchObject({ code: 'FORBIDDEN', message: expect.stringContaining('got none') });
    expect(refusal({}, { held: new Set(['agent']) })).toEqual({
      code: 'FORBIDDEN',
      message: 'You can lend only roles that you hold yourself (none), got none.',
      details: { held: [], missing: [] },
    });
  });
});

describe('the time for which they are lent', () => {
  test('is from now on, up to ninety days', () => {
    expect(MAX_DELEGATION_DAYS).toBe(90);
    expect(lend({ until: new Date(NOW.getTime() + 1) })).toHaveLength(2);
    expect(lend({ until: later(90 * 24) })).toHaveLength(2);
  });

  test.each([
    ['now', NOW],
    ['the past', later(-1)],
    ['more than ninety days from now', new Date(later(90 * 24).getTime() + 1)],
  ])('is not %s', (_what, until) => {
    const message = `expected a time from now until 2026-06-02T12:00:00.000Z, 90 days from now, got ${until.toISOString()}.`;
    expect(refusal({ until })).toEqual({
      code: 'VALIDATION_FAILED',
      message: `input.until: ${message}`,
      details: { issues: [{ path: ['input', 'until'], message }] },
    });
  });
});

describe('who gets them', () => {
  test('is not the lender under another name', () => {
    expect(refusal({}, { fromNames: ['ana', 'Boss'], toNames: ['ben', 'bOSS'] })).toMatchObject({
      code: 'VALIDATION_FAILED',
      details: {
        issues: [{ path: ['input', 'to'], message: 'ben and you are the same person; expected somebody else.' }],
      },
    });
  });

  test.each([
    ['is suspended', { roles: ['admin' as const], suspended: true }],
    ['may hold no deciding role', { roles: ['agent' as const], suspended: false }],
  ])('is nobody who %s', (_what, standing) => {
    const message = 'ben decides on nothing: expected an approver, manager or admin who is not suspended.';
    expect(refusal({}, { standing })).toMatchObject({
      code: 'VALIDATION_FAILED',
      details: { issues: [{ path: ['input', 'to'], message }] },
    });
  });

  test('may be somebody of whom only a role is laid down', () => {
    expect(lend({}, { standing: { roles: ['approver'], suspended: false } })).toEqual(['approver', 'admin']);
  });
});
