import { describe, expect, test } from 'vitest';
import { policyChanges } from '../../../src/features/policy/domain/changes.js';
import { clockTime, daysOf, isTimeZone, isWithin } from '../../../src/features/policy/domain/gates.js';
import {
  BUDGET_PERIODS,
  BUDGET_SCOPES,
  CONNECTORS,
  DECIDING_ROLES,
  EMPTY_POLICY,
  type Gates,
  POLICY_TIERS,
  type PolicyDocument,
  rolesFrom,
} from '../../../src/features/policy/domain/index.js';

const EMPTY: PolicyDocument = { rules: {}, budgets: [] };
const HOURS = { timeZone: 'Europe/Berlin', from: 485, to: 1_440, days: [1, 7] };
const GATES: Gates = {
  dealValueAbove: 0,
  stages: ['discovery', 'evaluation'],
  contactTitles: ['CEO', 'CFO'],
  hours: HOURS,
};

describe('what a new policy changes', () => {
  const added = (after: PolicyDocument) => {
    const changes = policyChanges(EMPTY, after);
    expect(changes.every(({ before }) => before === null)).toBe(true);
    // The other way round the same is told, as taken away.
    expect(policyChanges(after, EMPTY)).toEqual(
      changes.map(({ what, after: before }) => ({ what, before, after: null })),
    );
    return changes.map(({ what, after: now }) => [what, now]);
  };

  test('is every gate for all types', () => {
    expect(added({ ...EMPTY, gates: GATES })).toEqual([
      ['gates.contactTitles', 'CEO, CFO'],
      ['gates.dealValueAbove', '0'],
      ['gates.hours', '08:05 to 24:00 in Europe/Berlin on Mon, Sun'],
      ['gates.stages', 'discovery, evaluation'],
    ]);
  });

  test('is every rule, also one that says nothing, with its gates', () => {
    const rules = { send_gift: {}, send_proposal: { quorum: 2, gates: { dealValueAbove: 7 } } };
    expect(added({ ...EMPTY, rules })).toEqual([
      ['rules.send_gift', 'laid down'],
      ['rules.send_proposal', 'laid down'],
      ['rules.send_proposal.gates.dealValueAbove', '7'],
      ['rules.send_proposal.quorum', '2'],
    ]);
  });

  test('is every budget, in the words of people', () => {
    const budgets = [
      { name: 'all', scope: 'tenant', period: 'hour', limit: 3 },
      { name: 'gifts', scope: 'account', period: 'week', limit: 0, actionType: 'send_gift' },
    ] as const;
    expect(added({ ...EMPTY, budgets })).toEqual([
      ['budgets.all', '3 actions of any type a hour for each tenant'],
      ['budgets.gifts', '0 send_gift a week for each account'],
    ]);
  });

  test('is only what differs, with what was there', () => {
    expect(policyChanges({ ...EMPTY, gates: GATES }, { ...EMPTY, gates: { ...GATES, dealValueAbove: 1 } })).toEqual([
      { what: 'gates.dealValueAbove', before: '0', after: '1' },
    ]);
    expect(policyChanges({ ...EMPTY, gates: GATES }, { ...EMPTY, gates: GATES })).toEqual([]);
  });
});

describe('hours', () => {
  test('are written with two digits, up to the end of the day', () => {
    expect([0, 59, 60, 605, 1_439, 1_440].map(clockTime)).toEqual([
      '00:00',
      '00:59',
      '01:00',
      '10:05',
      '23:59',
      '24:00',
    ]);
  });

  test('are on days of the week, from Monday', () => {
    expect(daysOf({ days: [1, 2, 3, 4, 5, 6, 7, 8] })).toBe('Mon, Tue, Wed, Thu, Fri, Sat, Sun, ?');
  });

  test('hold on each of their days, from the first minute to before the last', () => {
    const week = ['02', '03', '04', '05', '06', '07', '08'].map((day) => new Date(`2026-03-${day}T10:30:00Z`));
    const held = (days: number[], from: number, to: number) =>
      week.flatMap((at, index) => (isWithin({ timeZone: 'UTC', from, to, days }, at) ? [index + 1] : []));
    for (const day of [1, 2, 3, 4, 5, 6, 7]) expect(held([day], 0, 1_440)).toEqual([day]);
    expect(held([1, 2], 630, 631)).toEqual([1, 2]);
    expect(held([1, 2], 0, 630)).toEqual([]);
    expect(held([1, 2], 631, 1_440)).toEqual([]);
  });

  test('are in a time zone that is known', () => {
    expect(['Europe/Berlin', 'UTC', 'Europe/Atlantis', ''].map(isTimeZone)).toEqual([true, true, false, false]);
    expect(
      isWithin({ ...HOURS, timeZone: 'Europe/Atlantis', days: [0, 1, 2, 3, 4, 5, 6, 7], from: 0 }, new Date(0)),
    ).toBe(false);
  });
});

describe('the closed lists of a policy', () => {
  test('are these', () => {
    expect(CONNECTORS).toEqual(['agent', 'webhook', 'email', 'built_in']);
    expect(POLICY_TIERS).toEqual(['autonomous', 'approval_required', 'hard_stop']);
    expect(DECIDING_ROLES).toEqual(['approver', 'manager', 'admin']);
    expect(BUDGET_SCOPES).toEqual(['tenant', 'clone', 'account']);
    expect(BUDGET_PERIODS).toEqual(['hour', 'day', 'week']);
  });

  test('begin with a policy that says nothing', () => {
    expect(EMPTY_POLICY).toEqual({ version: 0, document: EMPTY });
  });

  test('give the roles from the weakest that may decide', () => {
    expect(DECIDING_ROLES.map(rolesFrom)).toEqual([['approver', 'manager', 'admin'], ['manager', 'admin'], ['admin']]);
  });
});
