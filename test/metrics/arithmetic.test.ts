import { describe, expect, it } from 'vitest';
import { DEAL_STAGES } from '../../src/features/guardrails/index.js';
import { compare } from '../../src/features/metrics/domain/comparison.js';
import { type Figures, OPEN_STAGES } from '../../src/features/metrics/domain/figures.js';
import { metricsOf, salesVelocity, stageConversion } from '../../src/features/metrics/domain/metrics.js';
import { latestPeriod, previousPeriod, validatePeriod } from '../../src/features/metrics/domain/period.js';
import { DomainError } from '../../src/kernel/errors.js';

const NONE = { deals: 0, valued: 0, value: 0 };
const NOTHING: Figures = {
  deals: {
    identified: NONE,
    unqualified: 0,
    open: NONE,
    openEstimate: 0,
    won: NONE,
    lost: 0,
    cycles: 0,
    cycleDays: 0,
  },
  journeys: { furthest: {}, unplaced: 0 },
  interactions: { completed: 0, emailsSent: 0, meetings: 0, inbound: 0, directed: 0, writtenTo: 0, answered: 0 },
  decisions: { proposals: 0, escalated: 0, approved: 0, editedBefore: 0, rejected: 0 },
  executions: { executed: 0, failed: 0, unknown: 0 },
};
const withDeals = (deals: Partial<Figures['deals']>) =>
  metricsOf({ ...NOTHING, deals: { ...NOTHING.deals, ...deals } });
const withInteractions = (interactions: Partial<Figures['interactions']>) =>
  metricsOf({ ...NOTHING, interactions: { ...NOTHING.interactions, ...interactions } }).activity;

describe('metrics of nothing', () => {
  it('are 0 where something was counted or added up, and null everywhere else', () => {
    const nobody = { reached: 0, converted: 0, rate: null };
    expect(metricsOf(NOTHING)).toEqual({
      pipeline: {
        identified: 0,
        identifiedValue: 0,
        identifiedDealsWithoutValue: 0,
        openDeals: 0,
        openValue: 0,
        openDealsWithoutValue: 0,
        estimatedOpenValue: 0,
        velocityPerDay: null,
        stageConversion: OPEN_STAGES.map((stage) => ({ stage, ...nobody })),
      },
      activity: {
        emailsSent: 0,
        meetingsBooked: 0,
        replies: null,
        accountsWrittenTo: 0,
        engagementRate: null,
        actionsExecuted: 0,
        actionsFailed: 0,
        actionsOfUnknownOutcome: 0,
      },
      quality: {
        qualificationCompletion: null,
        escalationRate: null,
        approvalRate: null,
        rejectRate: null,
        editRate: null,
        executionSuccessRate: null,
      },
      revenue: {
        closedValue: 0,
        wonDeals: 0,
        wonDealsWithoutValue: 0,
        lostDeals: 0,
        winRate: null,
        averageDeal: null,
        averageCycleDays: null,
      },
    });
  });
});

describe('values that are not known', () => {
  it('make a sum null only when none is known', () => {
    const some = { deals: 3, valued: 1, value: 70 };
    const none = { deals: 3, valued: 0, value: 0 };
    const known = withDeals({ identified: some, open: some, openEstimate: 70, won: some });
    expect(known.pipeline).toMatchObject({ identifiedValue: 70, openValue: 70, estimatedOpenValue: 70 });
    expect(known.pipeline.openDealsWithoutValue).toBe(2);
    expect(known.revenue).toMatchObject({ closedValue: 70, averageDeal: 70, wonDealsWithoutValue: 2 });
    const unknown = withDeals({ identified: none, open: none, won: none });
    expect(unknown.pipeline).toMatchObject({ identifiedValue: null, openValue: null, estimatedOpenValue: null });
    expect(unknown.pipeline).toMatchObject({ identified: 3, openDeals: 3, openDealsWithoutValue: 3 });
    expect(unknown.revenue).toMatchObject({ closedValue: null, averageDeal: null, wonDeals: 3 });
  });

  it('are told apart from values of 0', () => {
    expect(withDeals({ won: { deals: 2, valued: 2, value: 0 } }).revenue).toMatchObject({
      closedValue: 0,
      averageDeal: 0,
    });
  });
});

describe('revenue', () => {
  it.each([
    [3, 1, 0.75],
    [0, 4, 0],
    [4, 0, 1],
    [0, 0, null],
  ])('with %d won and %d lost has the win rate %s', (won, lost, expected) => {
    expect(withDeals({ won: { deals: won, valued: 0, value: 0 }, lost }).revenue.winRate).toBe(expected);
  });

  it('averages cycles over the deals that have both dates only', () => {
    const won = { deals: 5, valued: 5, value: 500 };
    expect(withDeals({ won, cycles: 4, cycleDays: 50 }).revenue.averageCycleDays).toBe(12.5);
    expect(withDeals({ won, cycles: 0, cycleDays: 0 }).revenue.averageCycleDays).toBeNull();
  });
});

describe('sales velocity', () => {
  it('is open deals × win rate × average deal / average cycle', () => {
    expect(salesVelocity(40, { winRate: 0.25, averageDeal: 3000, averageCycleDays: 60 })).toBe(500);
    expect(salesVelocity(0, { winRate: 0.25, averageDeal: 3000, averageCycleDays: 60 })).toBe(0);
  });

  it.each([
    ['win rate', { winRate: null, averageDeal: 3000, averageCycleDays: 60 }],
    ['average deal', { winRate: 0.25, averageDeal: null, averageCycleDays: 60 }],
    ['average cycle', { winRate: 0.25, averageDeal: 3000, averageCycleDays: null }],
    ['cycle that takes time', { winRate: 0.25, averageDeal: 3000, averageCycleDays: 0 }],
  ])('is null without a known %s', (_what, revenue) => {
    expect(salesVelocity(40, revenue)).toBeNull();
  });
});

describe('stage conversion', () => {
  it('counts a deal in its furthest stage and in every stage before, a won one in all', () => {
    const furthest = { prospecting: 4, qualification: 3, discovery: 2, negotiation: 5, closed_won: 6 };
    expect(stageConversion({ furthest, unplaced: 0 })).toEqual([
      { stage: 'prospecting', reached: 20, converted: 16, rate: 0.8 },
      { stage: 'qualification', reached: 16, converted: 13, rate: 0.8125 },
      { stage: 'discovery', reached: 13, converted: 11, rate: 11 / 13 },
      { stage: 'evaluation', reached: 11, converted: 11, rate: 1 },
      { stage: 'negotiation', reached: 11, converted: 6, rate: 6 / 11 },
    ]);
  });

  it('has no rates once a deal was lost nobody knows where', () => {
    const conversion = stageConversion({ furthest: { discovery: 1, closed_won: 1 }, unplaced: 1 });
    expect(conversion.map(({ reached, converted }) => [reached, converted])).toEqual([
      [2, 2],
      [2, 2],
      [2, 1],
      [1, 1],
      [1, 1],
    ]);
    expect(conversion.map(({ rate }) => rate)).toEqual([null, null, null, null, null]);
  });

  it('knows every open stage of deals, in their order', () => {
    expect([...OPEN_STAGES, 'closed_won', 'closed_lost']).toEqual(DEAL_STAGES);
  });
});

describe('qualification', () => {
  it.each([
    [4, 2, 0.5],
    [2, 2, 0],
    [3, 0, 1],
    [0, 0, null],
  ])('of %d deals, %d of them still in it, is complete for the share %s', (deals, unqualified, expected) => {
    const { quality } = withDeals({ identified: { deals, valued: 0, value: 0 }, unqualified });
    expect(quality.qualificationCompletion).toBe(expected);
  });
});

describe('activity', () => {
  it('does not know replies until a direction is known', () => {
    expect(withInteractions({ emailsSent: 7, writtenTo: 3 })).toMatchObject({ replies: null, engagementRate: null });
    expect(withInteractions({ emailsSent: 8, writtenTo: 4, directed: 3 })).toMatchObject({
      replies: 0,
      engagementRate: 0,
    });
    const some = { emailsSent: 8, writtenTo: 4, answered: 1, directed: 3, inbound: 20 };
    expect(withInteractions(some)).toMatchObject({ replies: 20, accountsWrittenTo: 4, engagementRate: 0.25 });
  });

  it('has no engagement rate when nobody was written to', () => {
    expect(withInteractions({ directed: 2, inbound: 2 })).toMatchObject({ replies: 2, engagementRate: null });
  });

  it('counts what became of actions, and the share that went well', () => {
    const { activity, quality } = metricsOf({ ...NOTHING, executions: { executed: 3, failed: 1, unknown: 2 } });
    expect(activity).toMatchObject({ actionsExecuted: 3, actionsFailed: 1, actionsOfUnknownOutcome: 2 });
    expect(quality.executionSuccessRate).toBe(0.75);
  });
});

describe('a comparison', () => {
  const of = (won: number, lost: number) => withDeals({ won: { deals: won, valued: won, value: won * 10 }, lost });
  const figure = (name: string, now = of(3, 1), before: ReturnType<typeof of> | undefined = of(2, 2)) =>
    compare(now, before).find((one) => one.figure === name);

  it('says what changed, and by what share', () => {
    expect(figure('wonDeals')).toEqual({ figure: 'wonDeals', value: 3, previous: 2, change: 1, changeShare: 0.5 });
    expect(figure('winRate')).toMatchObject({ value: 0.75, previous: 0.5, change: 0.25, changeShare: 0.5 });
  });

  it('is null where one of the two is not known, and has no share of nothing', () => {
    expect(figure('winRate', of(3, 1), of(0, 0))).toMatchObject({ previous: null, change: null, changeShare: null });
    expect(figure('wonDeals', of(3, 1), of(0, 1))).toMatchObject({ previous: 0, change: 3, changeShare: null });
    expect(compare(of(3, 1), undefined).every(({ previous, change }) => previous === null && change === null)).toBe(
      true,
    );
  });

  it('has every figure of every section but stage conversion, once', () => {
    const { pipeline, activity, quality, revenue } = metricsOf(NOTHING);
    const names = [pipeline, activity, quality, revenue].flatMap((section) => Object.keys(section));
    const compared = compare(metricsOf(NOTHING), undefined).map((one) => one.figure);
    expect(compared).toEqual(names.filter((name) => name !== 'stageConversion'));
  });
});

describe('decisions', () => {
  it('are shared out over what was decided, escalations over what was proposed', () => {
    const decisions = { proposals: 8, escalated: 6, approved: 4, editedBefore: 1, rejected: 4 };
    expect(metricsOf({ ...NOTHING, decisions }).quality).toMatchObject({
      escalationRate: 0.75,
      approvalRate: 0.5,
      rejectRate: 0.5,
      editRate: 0.25,
    });
  });
});

describe('the period of metrics', () => {
  const issuesOf = (start: string, end: string) => {
    try {
      validatePeriod({ start: new Date(start), end: new Date(end) });
      return [];
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      expect(error.code).toBe('VALIDATION_FAILED');
      return (error.details.issues as { path: string[] }[]).map(({ path }) => path.join('.'));
    }
  };

  it.each([
    ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.001Z'],
    ['2026-01-01T00:00:00.000Z', '2036-01-01T00:00:00.000Z'],
    ['2028-02-29T00:00:00.000Z', '2038-03-01T00:00:00.000Z'],
    ['1970-01-01T00:00:00.000Z', '1971-01-01T00:00:00.000Z'],
    ['2199-01-01T00:00:00.000Z', '2199-12-31T23:59:59.999Z'],
  ])('may be %s to %s', (start, end) => {
    expect(issuesOf(start, end)).toEqual([]);
  });

  it.each([
    ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', ['period.end']],
    ['2026-01-02T00:00:00.000Z', '2026-01-01T00:00:00.000Z', ['period.end']],
    ['2026-01-01T00:00:00.000Z', '2036-01-01T00:00:00.001Z', ['period.end']],
    ['1969-12-31T23:59:59.999Z', '1971-01-01T00:00:00.000Z', ['period.start']],
    ['2199-01-01T00:00:00.000Z', '2200-01-01T00:00:00.000Z', ['period.end']],
    ['0000-01-01T00:00:00.000Z', '+010000-01-01T00:00:00.000Z', ['period.start', 'period.end']],
    ['no date', '2026-01-01T00:00:00.000Z', ['period.start']],
  ])('may not be %s to %s', (start, end, expected) => {
    expect(issuesOf(start, end)).toEqual(expected);
  });

  it('before is of the same length and ends where it starts, from 1970 on', () => {
    const period = (start: string, end: string) => ({ start: new Date(start), end: new Date(end) });
    const march = period('2026-03-01T00:00:00Z', '2026-04-01T00:00:00Z');
    expect(previousPeriod(march)).toEqual(period('2026-01-29T00:00:00Z', '2026-03-01T00:00:00Z'));
    expect(previousPeriod(period('1970-06-01T00:00:00Z', '1971-06-01T00:00:00Z'))).toBeUndefined();
  });

  it('is the latest ninety days when none is named', () => {
    expect(latestPeriod(new Date('2026-04-01T12:00:00Z'))).toEqual({
      start: new Date('2026-01-01T12:00:00Z'),
      end: new Date('2026-04-01T12:00:00Z'),
    });
  });
});
