import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accountsThatCloseTheGap, type GapCandidate, warmth } from '../../src/features/goals/domain/gap.js';
import { GOAL_TYPES } from '../../src/features/goals/index.js';

const NOW = new Date('2026-03-01T00:00:00Z');
const ago = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);
const candidate = (accountId: string, change: Partial<GapCandidate> = {}): GapCandidate => ({
  accountId,
  accountName: `Account ${accountId}`,
  openDeals: [],
  lastInteractionAt: ago(1),
  lastInboundAt: null,
  ...change,
});
const revenue = { type: 'revenue', target: 100_000, current: 0 } as const;
const ids = (goal: Parameters<typeof accountsThatCloseTheGap>[0], candidates: readonly GapCandidate[]) =>
  accountsThatCloseTheGap(goal, candidates, NOW).map(({ accountId }) => accountId);

describe('accounts that close the gap', () => {
  test('of revenue: by the value of open deals, weighed by stage and silence', () => {
    const [first, ...rest] = accountsThatCloseTheGap(
      revenue,
      [
        candidate('early', { openDeals: [{ id: 'deal', stage: 'prospecting', value: 90_000 }] }),
        candidate('late', { openDeals: [{ id: 'deal', stage: 'negotiation', value: 40_000 }] }),
        candidate('silent', {
          openDeals: [{ id: 'deal', stage: 'negotiation', value: 40_000 }],
          lastInteractionAt: ago(52),
        }),
        candidate('unknown', { openDeals: [{ id: 'deal', stage: 'negotiation', value: null }] }),
        candidate('none'),
      ],
      NOW,
    );
    expect(first).toEqual({
      accountId: 'late',
      accountName: 'Account late',
      openValue: 40_000,
      dealId: 'deal',
      stage: 'negotiation',
      silentDays: 1,
      expectedGain: 30_000,
      reason: '1 open deal worth 40,000, the furthest in negotiation; last contact 1 day ago; likely to bring 30,000.',
    });
    expect(rest.map(({ accountId, expectedGain }) => [accountId, expectedGain])).toEqual([
      ['silent', 22_500],
      ['early', 9_000],
    ]);
  });

  test.each([
    ['revenue', 'likely'],
    ['quality', 'large'],
    ['activity', null],
    ['pipeline', null],
  ] as const)('a %s goal is about the deal that brings most: %s', (type, dealId) => {
    const openDeals = [
      { id: 'large', stage: 'prospecting', value: 50_000 },
      { id: 'likely', stage: 'negotiation', value: 40_000 },
      { id: 'unknown', stage: 'negotiation', value: null },
    ] as const;
    const given = { openDeals: type === 'pipeline' ? [] : openDeals, lastInboundAt: ago(2) };
    const [chosen] = accountsThatCloseTheGap({ ...revenue, type }, [candidate('any', given)], NOW);
    expect(chosen?.dealId).toBe(dealId);
  });

  test('as many as it takes, at most five; none when there is no gap', () => {
    const many = Array.from({ length: 9 }, (_, index) =>
      candidate(`a${index}`, { openDeals: [{ id: 'deal', stage: 'evaluation', value: 10_000 - index }] }),
    );
    expect(ids(revenue, many)).toEqual(['a0', 'a1', 'a2', 'a3', 'a4']);
    expect(ids({ ...revenue, target: 9_000 }, many)).toEqual(['a0', 'a1']);
    expect(ids({ ...revenue, current: 100_000 }, many)).toEqual([]);
  });

  test('of quality: what waits to be qualified, the most valuable first', () => {
    const goal = { type: 'quality', target: 80, current: 20 } as const;
    const candidates = [
      candidate('small', { openDeals: [{ id: 'deal', stage: 'qualification', value: 10 }] }),
      candidate('large', { openDeals: [{ id: 'deal', stage: 'prospecting', value: 20 }] }),
      candidate('none'),
    ];
    expect(ids(goal, candidates)).toEqual(['large', 'small']);
    expect(accountsThatCloseTheGap(goal, candidates, NOW)[0]).toMatchObject({
      expectedGain: null,
      reason: '1 open deal worth 20, the furthest in prospecting, not qualified yet; last contact 1 day ago.',
    });
  });

  test('of activity: who answered, those with most at stake first', () => {
    const goal = { type: 'activity', target: 80, current: 20 } as const;
    const candidates = [
      candidate('never'),
      candidate('lately', { lastInboundAt: ago(2) }),
      candidate('before', { lastInboundAt: ago(20) }),
      candidate('rich', { lastInboundAt: ago(30), openDeals: [{ id: 'deal', stage: 'discovery', value: 5 }] }),
    ];
    expect(ids(goal, candidates)).toEqual(['rich', 'lately', 'before']);
  });

  test('of pipeline: who has no open deal, those in touch last first', () => {
    const goal = { type: 'pipeline', target: 80, current: 20 } as const;
    const candidates = [
      candidate('stranger', { lastInteractionAt: null }),
      candidate('busy', { openDeals: [{ id: 'deal', stage: 'discovery', value: 5 }] }),
      candidate('old', { lastInteractionAt: ago(200) }),
      candidate('fresh', { lastInteractionAt: ago(3) }),
    ];
    expect(ids(goal, candidates)).toEqual(['fresh', 'old', 'stranger']);
    expect(accountsThatCloseTheGap(goal, candidates, NOW).at(-1)?.reason).toBe('No open deal; no contact is stored.');
  });

  test('do not depend on the order in which candidates come', () => {
    const stage = fc.constantFrom('prospecting', 'qualification', 'discovery', 'evaluation', 'negotiation');
    const deal = fc.record({ id: fc.uuid(), stage, value: fc.option(fc.integer({ min: 0, max: 1_000 })) });
    const time = fc.option(fc.integer({ min: 0, max: 300 }).map(ago));
    const some = fc.uniqueArray(
      fc.record({
        accountId: fc.uuid(),
        accountName: fc.constant('Any'),
        openDeals: fc.array(deal, { maxLength: 3 }),
        lastInteractionAt: time,
        lastInboundAt: time,
      }),
      { selector: ({ accountId }) => accountId, maxLength: 12 },
    );
    fc.assert(
      fc.property(
        some,
        fc.constantFrom(...GOAL_TYPES),
        fc.integer({ min: 1, max: 2_000 }),
        (candidates, type, target) => {
          const goal = { type, target, current: 0 };
          const chosen = accountsThatCloseTheGap(goal, candidates, NOW);
          expect(accountsThatCloseTheGap(goal, candidates.toReversed(), NOW)).toEqual(chosen);
          expect(chosen.length).toBeLessThanOrEqual(5);
          // Without the last one the gap would not be closed.
          const gains = chosen.slice(0, -1).map(({ expectedGain }) => expectedGain ?? 0);
          expect(gains.reduce((sum, gain) => sum + gain, 0)).toBeLessThan(target);
        },
      ),
    );
  });

  test('silence counts from two weeks on, and for no more than half', () => {
    expect([0, 14, 52, 90, 900, null].map(warmth)).toEqual([1, 1, 0.75, 0.5, 0.5, 0.5]);
  });
});
