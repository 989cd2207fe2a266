import { describe, expect, test } from 'vitest';
import {
  type BudgetDemand,
  type BudgetSubject,
  budgetDemands,
  budgetKey,
  grantPlaces,
  windowEnd,
  windowStart,
} from '../../../src/features/policy/domain/budget.js';
import type { Budget } from '../../../src/features/policy/domain/policy.js';

const NOON = new Date('2026-03-04T12:34:56.789Z');
const SUBJECT = { actionType: 'send_gift', cloneId: 'clone-1', accountId: 'account-1', facts: {} };
const budget = (more: Partial<Budget> = {}): Budget => ({
  name: 'mails',
  scope: 'tenant',
  period: 'day',
  limit: 5,
  ...more,
});

describe('a period', () => {
  test.each([
    ['hour', '2026-03-04T12:34:56.789Z', '2026-03-04T12:00:00.000Z', '2026-03-04T13:00:00.000Z'],
    ['hour', '2026-03-04T12:00:00.000Z', '2026-03-04T12:00:00.000Z', '2026-03-04T13:00:00.000Z'],
    ['day', '2026-03-04T12:34:56.789Z', '2026-03-04T00:00:00.000Z', '2026-03-05T00:00:00.000Z'],
    ['week', '2026-03-02T00:00:00.000Z', '2026-03-02T00:00:00.000Z', '2026-03-09T00:00:00.000Z'],
    ['week', '2026-03-04T12:34:56.789Z', '2026-03-02T00:00:00.000Z', '2026-03-09T00:00:00.000Z'],
    ['week', '2026-03-01T23:59:59.999Z', '2026-02-23T00:00:00.000Z', '2026-03-02T00:00:00.000Z'],
  ] as const)('of one %s around %s begins at %s and ends at %s, in UTC', (period, now, start, end) => {
    const at = new Date(now);
    expect(windowStart(period, at).toISOString()).toBe(start);
    expect(windowEnd(period, at).toISOString()).toBe(end);
    expect(at.toISOString()).toBe(now);
  });
});

describe('the places an action needs', () => {
  const scopesOf = (subject: Partial<BudgetSubject>) => {
    const budgets = (['tenant', 'clone', 'account'] as const).map((scope) => budget({ scope }));
    return budgetDemands({ rules: {}, budgets }, { ...SUBJECT, ...subject }, NOON).map(({ scope }) => scope);
  };

  test('are one in every budget that counts its type', () => {
    const budgets = [
      budget(),
      budget({ name: 'gifts', actionType: 'send_gift', period: 'week', limit: 0 }),
      budget({ name: 'notes', actionType: 'log_interaction' }),
    ];
    expect(budgetDemands({ rules: {}, budgets }, SUBJECT, NOON)).toEqual([
      { budget: 'mails', scope: 'tenant', windowStart: '2026-03-04T00:00:00.000Z', limit: 5 },
      { budget: 'gifts', scope: 'tenant', windowStart: '2026-03-02T00:00:00.000Z', limit: 0 },
    ]);
  });

  test('are counted for the tenant, the clone or the account; those that name none share one count', () => {
    expect(scopesOf({})).toEqual(['tenant', 'clone-1', 'account-1']);
    expect(scopesOf({ cloneId: null, accountId: null })).toEqual(['tenant', 'none', 'none']);
  });

  test('are those of every account it reaches as well, each once', () => {
    const facts = { reachedAccounts: ['account-1', 'account-2'] };
    expect(scopesOf({ facts })).toEqual(['tenant', 'clone-1', 'account-1', 'account-2']);
    expect(scopesOf({ cloneId: null, accountId: null, facts })).toEqual(['tenant', 'none', 'account-1', 'account-2']);
  });
});

describe('handing out places', () => {
  const place = (name: string, limit: number): BudgetDemand => ({
    budget: name,
    scope: 'tenant',
    windowStart: '2026-03-04T00:00:00.000Z',
    limit,
  });
  const keyOf = (name: string) => `["${name}","tenant","2026-03-04T00:00:00.000Z"]`;

  test('goes by a count for each budget, scope and period', () => {
    expect(budgetKey(place('a"b', 1))).toBe('["a\\"b","tenant","2026-03-04T00:00:00.000Z"]');
  });

  test('goes in the order of those who ask, up to the limit', () => {
    const asking = [[place('a', 2)], [place('a', 2)], [place('a', 2)], [place('b', 1)], []];
    expect(grantPlaces(asking, new Map())).toEqual([undefined, undefined, 'a', undefined, undefined]);
  });

  test('counts what is taken already, and leaves that count as it was', () => {
    const used = new Map([[keyOf('a'), 1]]);
    expect(grantPlaces([[place('a', 2)], [place('a', 2)]], used)).toEqual([undefined, 'a']);
    expect(used).toEqual(new Map([[keyOf('a'), 1]]));
  });

  test('gives all that one needs, or none', () => {
    const both = [place('a', 1), place('b', 0)];
    expect(grantPlaces([both, [place('a', 1)]], new Map())).toEqual(['b', undefined]);
    expect(grantPlaces([[place('a', 0)]], new Map())).toEqual(['a']);
  });
});
