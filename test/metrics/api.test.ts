import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROLES } from '../../src/kernel/actor.js';
import { newId } from '../../src/kernel/ids.js';
import type { Database } from '../../src/platform/db/database.js';
import { DATABASES, openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { store } from './records.js';

const NOW = new Date('2026-06-30T12:00:00Z');
const METRICS = `query ($period: PeriodInput, $cloneId: ID) { metrics(period: $period, cloneId: $cloneId) {
  period { start end } cloneId
  pipeline { identified identifiedValue identifiedDealsWithoutValue openDeals openValue openDealsWithoutValue estimatedOpenValue velocityPerDay
    stageConversion { stage reached converted rate } }
  activity { emailsSent meetingsBooked replies accountsWrittenTo engagementRate actionsExecuted actionsFailed
    actionsOfUnknownOutcome }
  quality { qualificationCompletion escalationRate approvalRate rejectRate editRate executionSuccessRate }
  revenue { closedValue wonDeals wonDealsWithoutValue lostDeals winRate averageDeal averageCycleDays } } }`;

describe.each(DATABASES)('the metrics query on %s', (kind) => {
  let database: Database;
  let server: TestServer;
  let manager: string;
  let clones: { id: string; slug: string }[];
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    server = await startTestServer({ kind, database, clock: { now: () => NOW } });
    manager = await server.token('manager');
    clones = (await server.data(manager, '{ clones { id slug } }')).clones;
    await sell();
  });
  afterAll(async () => {
    await server.close();
    await database.close();
  });

  /** Two won, one of them by the first clone, one lost, one open at its list price; all within the last 90 days. */
  const sell = () =>
    database.asServer(async (sql) => {
      const deals: readonly unknown[][] = [
        [clones[0]?.id, 'closed_won', 1000.5, false, '2026-05-01T00:00:00Z', '2026-05-11T00:00:00Z'],
        [null, 'closed_won', 500, false, '2026-05-01T00:00:00Z', '2026-05-31T00:00:00Z'],
        [null, 'closed_lost', null, false, '2026-05-01T00:00:00Z', '2026-06-29T00:00:00Z'],
        [null, 'evaluation', 900, true, '2026-06-30T11:59:59.999Z', null],
      ];
      for (const deal of deals) {
        await sql(
          `insert into deal (tenant_id, id, clone_id, name, stage, value, value_is_estimate, opened_at, closed_at,
             created_at, updated_at)
           select id, $1, $2, 'Deal', $3, $4, $5, $6, $7, $8, $8 from tenant where slug = 'demo'`,
          [newId(NOW), ...deal, NOW],
        );
      }
    });

  const issuesOf = async (variables: object) => {
    const { data, errors } = await server.request(manager, METRICS, variables);
    expect(data ?? null).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors?.[0].extensions.code).toBe('VALIDATION_FAILED');
    return errors?.[0].extensions.issues.map(({ path }: { path: string[] }) => path.join('.'));
  };

  test('looks at the last 90 days and the whole tenant when nothing else is asked', async () => {
    const { metrics } = await server.data(manager, METRICS);
    expect(metrics).toMatchObject({
      period: { start: '2026-04-01T12:00:00.000Z', end: NOW.toISOString() },
      cloneId: null,
      pipeline: {
        identified: 4,
        identifiedValue: 2400.5,
        identifiedDealsWithoutValue: 1,
        openDeals: 1,
        openValue: 900,
        openDealsWithoutValue: 0,
        estimatedOpenValue: 900,
      },
      activity: { emailsSent: 0, meetingsBooked: 0, replies: null, engagementRate: null },
      quality: { qualificationCompletion: 1, escalationRate: null, approvalRate: null, editRate: null },
      revenue: {
        closedValue: 1500.5,
        wonDeals: 2,
        lostDeals: 1,
        winRate: 2 / 3,
        averageDeal: 750.25,
        averageCycleDays: 20,
      },
    });
    expect(metrics.pipeline.velocityPerDay).toBeCloseTo((1 * (2 / 3) * 750.25) / 20, 9);
    expect(metrics.pipeline.stageConversion[3]).toEqual({ stage: 'EVALUATION', reached: 3, converted: 2, rate: null });
  });

  test('is compared with the period of the same length just before', async () => {
    const query = `query ($period: PeriodInput) { metrics(period: $period) {
      previous { period { start end } revenue { wonDeals closedValue winRate } }
      comparison { figure value previous change changeShare } } }`;
    const period = { start: '2026-05-21T00:00:00Z', end: '2026-06-10T00:00:00Z' };
    const { metrics } = await server.data(manager, query, { period });
    expect(metrics.previous).toEqual({
      period: { start: '2026-05-01T00:00:00.000Z', end: '2026-05-21T00:00:00.000Z' },
      revenue: { wonDeals: 1, closedValue: 1000.5, winRate: 1 },
    });
    const figure = (name: string) => metrics.comparison.find((one: { figure: string }) => one.figure === name);
    expect(figure('CLOSED_VALUE')).toEqual({
      figure: 'CLOSED_VALUE',
      value: 500,
      previous: 1000.5,
      change: -500.5,
      changeShare: -500.5 / 1000.5,
    });
    expect(figure('REPLIES')).toMatchObject({ value: null, previous: null, change: null, changeShare: null });
    expect(metrics.comparison).toHaveLength(29);
    const early = { start: '1970-01-01T00:00:00Z', end: '1970-02-01T00:00:00Z' };
    const first = (await server.data(manager, query, { period: early })).metrics;
    expect(first.previous).toBeNull();
    expect(first.comparison).toHaveLength(29);
  });

  test('looks at one clone alone', async () => {
    const { metrics } = await server.data(manager, METRICS, { cloneId: clones[0]?.id });
    expect(metrics).toMatchObject({
      cloneId: clones[0]?.id,
      pipeline: { identified: 1, openDeals: 0, openValue: 0 },
      revenue: { closedValue: 1000.5, winRate: 1, averageCycleDays: 10 },
    });
    const { metrics: other } = await server.data(manager, METRICS, { cloneId: clones[1]?.id });
    expect(other.revenue).toMatchObject({ closedValue: 0, wonDeals: 0, winRate: null, averageDeal: null });
  });

  test('takes the start of a period and leaves out its end', async () => {
    const wonIn = async (start: string, end: string) =>
      (await server.data(manager, METRICS, { period: { start, end } })).metrics.revenue.wonDeals;
    expect(await wonIn('2026-05-11T00:00:00Z', '2026-05-31T00:00:00Z')).toBe(1);
    expect(await wonIn('2026-05-11T00:00:00.001Z', '2026-05-31T00:00:00.001Z')).toBe(1);
    expect(await wonIn('2026-05-11T02:00:00+02:00', '2026-05-31T00:00:00.001Z')).toBe(2);
  });

  test('counts what agents proposed and people decided', async () => {
    const [agent, ana] = await Promise.all([server.token('agent'), server.token('approver', 'ana')]);
    const propose = async (actionType: string) => {
      const input = { actionType, payload: {}, idempotencyKey: `metrics-${actionType}`, cloneId: clones[1]?.id };
      const { proposeAction } = await server.data(
        agent,
        'mutation ($input: ProposeActionInput!) { proposeAction(input: $input) { approval { id digest } } }',
        { input },
      );
      return proposeAction.approval;
    };
    await propose('create_briefing');
    await propose('legal_commitment');
    const signed = await propose('send_proposal');
    const refused = await propose('negotiate_terms');
    await server.data(
      ana,
      `mutation { approveAction(input: { approvalId: "${signed.id}", digest: "${signed.digest}" }) { id } }`,
    );
    await server.data(ana, `mutation { rejectAction(input: { approvalId: "${refused.id}", reason: "No" }) { id } }`);
    // What happens at this very instant lies at the end of the latest 90 days, and so behind them.
    const period = { start: NOW.toISOString(), end: '2026-07-01T00:00:00Z' };
    const variables = { period, cloneId: clones[1]?.id };
    expect((await server.data(manager, METRICS, variables)).metrics.quality).toEqual({
      qualificationCompletion: null,
      escalationRate: 0.75,
      approvalRate: 0.5,
      rejectRate: 0.5,
      editRate: 0,
      executionSuccessRate: null,
    });
  });

  test('refuses a period that cannot be, naming what is wrong', async () => {
    const period = (start: string, end: string) => ({ period: { start, end } });
    expect(await issuesOf(period('2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z'))).toEqual(['period.end']);
    expect(await issuesOf(period('2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'))).toEqual(['period.end']);
    expect(await issuesOf(period('2016-01-01T00:00:00Z', '2026-01-01T00:00:00.001Z'))).toEqual(['period.end']);
    expect(await issuesOf(period('0000-01-01T00:00:00Z', '0001-01-01T00:00:00Z'))).toEqual([
      'period.start',
      'period.end',
    ]);
    expect(await issuesOf(period('2026-01-01T00:00:00Z', 'soon'))).toEqual(['period.end']);
    expect(await issuesOf({ period: { start: '2026-01-01T00:00:00Z' } })).toEqual(['period']);
  });

  test('answers for no clone that is not of this tenant', async () => {
    const other = await store(database, { deals: [], interactions: [], actions: [] });
    for (const cloneId of [newId(NOW), other.cloneIds[0], 'clara']) {
      expect(await issuesOf({ cloneId })).toEqual(['cloneId']);
    }
  });

  test('is open to every role, and to nobody without a token', async () => {
    for (const role of ROLES) {
      expect((await server.request(await server.token(role), METRICS)).errors).toBeUndefined();
    }
    expect((await server.request(undefined, METRICS)).errors?.[0].extensions.code).toBe('UNAUTHENTICATED');
  });
});
