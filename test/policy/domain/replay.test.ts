import { describe, expect, test } from 'vitest';
import type { DecisionReason } from '../../../src/features/guardrails/domain/index.js';
import type { PolicyDocument } from '../../../src/features/policy/domain/index.js';
import {
  isChanged,
  type Outcome,
  type RecordedProposal,
  Replay,
  type ReplayedDecision,
} from '../../../src/features/policy/domain/replay.js';
import { MAX_TYPES, Totals } from '../../../src/features/policy/domain/simulation.js';

const HOUR_MS = 3_600_000;
const MONDAY = new Date('2026-03-02T00:00:00Z');
const hoursOn = (hours: number): Date => new Date(MONDAY.getTime() + hours * HOUR_MS);
const proposal = (more: Partial<RecordedProposal> = {}): RecordedProposal => ({
  actionId: 'action-1',
  actionType: 'send_chat_message',
  cloneId: 'clone-1',
  accountId: 'account-1',
  proposedAt: MONDAY,
  facts: { dealStage: null, givenStage: null, contactTitles: [], optedOut: false },
  ...more,
});
const replaying = (document: Partial<PolicyDocument>) =>
  new Replay({ version: 1, document: { rules: {}, budgets: [], ...document } }, 7 * HOUR_MS);

describe('a policy tried on past proposals', () => {
  test.each([
    ['send_chat_message', 'runs_alone', 'autonomous'],
    ['send_proposal', 'waits_for_person', 'approval_required'],
    ['commit_pricing', 'never_runs', 'hard_stop'],
  ] as const)('lets %s be as it would have been: %s', (actionType, outcome, reason) => {
    const decided = replaying({}).decide(proposal({ actionType }));
    expect(decided).toMatchObject({ outcome, reason, demands: { openMs: 7 * HOUR_MS, decision: { reason } } });
    expect(decided.explanation).toBe(decided.demands.decision.explanation);
  });

  test('goes by the hour of the proposal', () => {
    const hours = { timeZone: 'UTC', from: 0, to: 60, days: [1] };
    const replay = replaying({ gates: { hours } });
    expect([0, 1].map((at) => replay.decide(proposal({ proposedAt: hoursOn(at) })).reason)).toEqual([
      'autonomous',
      'policy_gate',
    ]);
  });

  test('lets those wait that find a budget used up', () => {
    const replay = replaying({ budgets: [{ name: 'chats', scope: 'tenant', period: 'day', limit: 2 }] });
    const decided = [0, 1, 2, 24].map((at) => replay.decide(proposal({ proposedAt: hoursOn(at) })));
    expect(decided.map(({ reason }) => reason)).toEqual(['autonomous', 'autonomous', 'over_budget', 'autonomous']);
    expect(decided[2]).toMatchObject({
      outcome: 'waits_for_person',
      explanation: 'send_chat_message waits for a person, because the budget "chats" is used up.',
      demands: { decision: { allowed: true } },
    });
  });

  test('counts only those that run alone, and only where they get every place', () => {
    const replay = replaying({
      budgets: [
        { name: 'all', scope: 'tenant', period: 'day', limit: 2 },
        { name: 'own', scope: 'clone', period: 'day', limit: 1 },
      ],
    });
    const reasons = [
      proposal({ actionType: 'send_proposal' }),
      proposal(),
      proposal(),
      proposal({ cloneId: 'clone-2' }),
      proposal({ cloneId: 'clone-3' }),
    ].map((each) => replay.decide(each).reason);
    expect(reasons).toEqual(['approval_required', 'autonomous', 'over_budget', 'autonomous', 'over_budget']);
  });

  test('forgets no count before its period is over, however much time passes between', () => {
    const replay = replaying({ budgets: [{ name: 'chats', scope: 'tenant', period: 'week', limit: 1 }] });
    const reasons = [0, 2, 30, 167, 168, 170, 2 * 168 - 1, 2 * 168].map(
      (at) => replay.decide(proposal({ proposedAt: hoursOn(at) })).reason,
    );
    const [free, full] = ['autonomous', 'over_budget'];
    expect(reasons).toEqual([free, full, full, full, free, full, full, free]);
  });
});

describe('a proposal is treated differently', () => {
  const decided = (
    outcome: Outcome,
    more: Partial<ReplayedDecision['demands']> = {},
    reason: DecisionReason = 'autonomous',
  ) => {
    const { demands } = replaying({}).decide(proposal());
    return { outcome, reason, explanation: '', demands: { ...demands, ...more } };
  };
  const differs = (outcome: Outcome, more: Partial<ReplayedDecision['demands']>) =>
    isChanged(decided(outcome), decided(outcome, more));

  test('where something else becomes of it, or for another reason', () => {
    expect(isChanged(decided('runs_alone'), decided('waits_for_person'))).toBe(true);
    expect(isChanged(decided('never_runs'), decided('never_runs', {}, 'hard_stop'))).toBe(true);
    for (const outcome of ['runs_alone', 'waits_for_person', 'never_runs'] as const) {
      expect(differs(outcome, {})).toBe(false);
    }
  });

  test('where somebody else runs it, unless nobody does', () => {
    expect(differs('runs_alone', { connector: 'email' })).toBe(true);
    expect(differs('waits_for_person', { connector: 'email' })).toBe(true);
    expect(differs('never_runs', { connector: 'email' })).toBe(false);
  });

  test.each([
    ['more people decide', { quorum: 2 }],
    ['another role decides', { requiredRole: 'manager' as const }],
    ['another role decides in the end', { fallbackRole: 'manager' as const }],
    ['it stays open longer', { openMs: 1 }],
  ])('where %s, if it waits for a person', (_what, more) => {
    expect(differs('waits_for_person', more)).toBe(true);
    expect(differs('runs_alone', more)).toBe(false);
    expect(differs('never_runs', more)).toBe(false);
  });
});

describe('what a draft changes, added up', () => {
  const decided = (outcome: Outcome): ReplayedDecision => ({
    ...replaying({}).decide(proposal()),
    outcome,
    reason: 'autonomous',
  });
  const none = { runs_alone: 0, waits_for_person: 0, never_runs: 0 };
  const [alone, waits, never] = [decided('runs_alone'), decided('waits_for_person'), decided('never_runs')];

  test('is told of all, of each type and of each day', () => {
    const totals = new Totals();
    expect(totals.add(proposal({ proposedAt: hoursOn(30) }), alone, alone)).toBe(false);
    expect(totals.add(proposal({ actionType: 'a_type' }), alone, waits)).toBe(true);
    expect(totals.add(proposal({ actionType: 'b_type' }), never, waits)).toBe(true);
    expect(totals.all).toEqual({
      proposals: 3,
      changed: 2,
      before: { runs_alone: 2, waits_for_person: 0, never_runs: 1 },
      after: { runs_alone: 1, waits_for_person: 2, never_runs: 0 },
    });
    const one = (more: object) => ({ proposals: 1, changed: 1, before: none, after: none, ...more });
    expect(totals.byType()).toEqual([
      ['a_type', one({ before: { ...none, runs_alone: 1 }, after: { ...none, waits_for_person: 1 } })],
      ['b_type', one({ before: { ...none, never_runs: 1 }, after: { ...none, waits_for_person: 1 } })],
      ['send_chat_message', one({ changed: 0, before: { ...none, runs_alone: 1 }, after: { ...none, runs_alone: 1 } })],
    ]);
    totals.add(proposal({ proposedAt: hoursOn(50) }), alone, alone);
    expect(totals.byDay().map(([day, { proposals }]) => [day, proposals])).toEqual([
      ['2026-03-02', 2],
      ['2026-03-03', 1],
      ['2026-03-04', 1],
    ]);
  });

  test('puts the types with the most changes first, then goes by name', () => {
    const totals = new Totals();
    for (const actionType of ['b', 'd', 'c', 'a', 'c']) {
      totals.add(proposal({ actionType }), alone, actionType === 'd' ? alone : waits);
    }
    expect(totals.byType().map(([type, { changed }]) => [type, changed])).toEqual([
      ['c', 2],
      ['a', 1],
      ['b', 1],
      ['d', 0],
    ]);
  });

  test('counts types beyond the first hundred together', () => {
    expect(MAX_TYPES).toBe(100);
    const totals = new Totals();
    const type = (index: number) => `type_${String(index).padStart(4, '0')}`;
    for (let index = 0; index < 100; index += 1) totals.add(proposal({ actionType: type(index) }), alone, waits);
    expect(totals.byType()).toHaveLength(100);
    for (const actionType of [type(100), type(101), type(101)]) totals.add(proposal({ actionType }), never, never);
    const byType = totals.byType();
    expect(byType).toHaveLength(101);
    expect(byType.at(99)?.[0]).toBe(type(99));
    expect(byType.at(-1)).toEqual([
      null,
      { proposals: 3, changed: 0, before: { ...none, never_runs: 3 }, after: { ...none, never_runs: 3 } },
    ]);
    for (const outcome of [alone, waits]) totals.add(proposal({ actionType: type(102) }), outcome, outcome);
    expect(totals.byType().at(-1)?.[1]).toMatchObject({
      proposals: 5,
      before: { runs_alone: 1, waits_for_person: 1, never_runs: 3 },
      after: { runs_alone: 1, waits_for_person: 1, never_runs: 3 },
    });
  });

  test('keeps at most five thousand types apart while it counts', () => {
    const totals = new Totals();
    for (let index = 0; index < 5_000; index += 1) totals.add(proposal({ actionType: `t${index}` }), alone, alone);
    for (let time = 0; time < 2; time += 1) totals.add(proposal({ actionType: 'zz_late' }), alone, waits);
    totals.add(proposal({ actionType: 't4999' }), alone, waits);
    const byType = totals.byType();
    expect(byType[0]).toMatchObject(['t4999', { proposals: 2, changed: 1 }]);
    expect(byType.at(-1)).toMatchObject([null, { proposals: 5_003 - 100 - 1, changed: 2 }]);
  });
});
