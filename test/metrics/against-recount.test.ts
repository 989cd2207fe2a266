import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cloneStore } from '../../src/features/identity/store/stores.js';
import { MetricsGoalMeter, MetricsService } from '../../src/features/metrics/index.js';
import { figureReader } from '../../src/features/metrics/store/figures.js';
import type { Actor } from '../../src/kernel/actor.js';
import type { Database } from '../../src/platform/db/database.js';
import { DATABASES, openTestDatabase } from '../support/database.js';
import { anyRecords, onDay, type Records, store } from './records.js';
import { type Question, recount } from './recount.js';

const [START, END] = [0, 10];
/** Before, at and after the end of the period. */
const anyQuestion: fc.Arbitrary<Question> = fc.record({
  start: fc.constant(START),
  end: fc.constant(END),
  now: fc.constantFrom(4, 10, 10.5, 13),
  clone: fc.constantFrom(0, null),
});

/** Every number to 12 significant digits: the order of additions and divisions may differ. */
const rounded = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_key, part) => (typeof part === 'number' ? Number(part.toPrecision(12)) : part));

describe.each(DATABASES)('metrics on %s', (kind) => {
  let database: Database;
  beforeAll(async () => {
    database = await openTestDatabase(kind);
  });
  afterAll(() => database.close());

  const ask = async (records: Records, { start, end, now, clone }: Question) => {
    const { tenantId, cloneIds } = await store(database, records);
    const cloneId = clone === null ? null : cloneIds[clone];
    const clock = { now: () => onDay(now) };
    const actor: Actor = { tenantId, tenant: 'any', name: 'mia', root: 'mia', roles: new Set(['manager']) };
    const service = new MetricsService({ transactor: database, figures: figureReader, clones: cloneStore, clock });
    const period = { start: onDay(start), end: onDay(end) };
    const { period: answered, cloneId: ofClone, ...sections } = await service.metrics(actor, { period, cloneId });
    expect([answered, ofClone]).toEqual([period, cloneId]);
    const meter = new MetricsGoalMeter(figureReader, clock);
    const measure = (type: 'pipeline' | 'activity' | 'quality' | 'revenue') =>
      database.run(tenantId, (tx) =>
        meter.measure(tx, { type, cloneId, periodStart: period.start, periodEnd: period.end }),
      );
    const before = await service.before(actor, { period, cloneId });
    return { sections, measure, before };
  };

  // Each run has a tenant of its own, in one database: what leaked from another would be counted, and seen.
  test('are what plain counting over the same records gives', async () => {
    await fc.assert(
      fc.asyncProperty(anyRecords, anyQuestion, async (records, question) => {
        const { sections } = await ask(records, question);
        expect(rounded(sections)).toEqual(rounded(recount(records, question)));
      }),
      { numRuns: 60 },
    );
  });

  test('no share is ever outside of 0 and 1', async () => {
    await fc.assert(
      fc.asyncProperty(anyRecords, anyQuestion, async (records, question) => {
        const { sections } = await ask(records, question);
        const { engagementRate } = sections.activity;
        const shares = [engagementRate, sections.revenue.winRate, ...Object.values(sections.quality)];
        for (const share of shares) {
          if (share === null) continue;
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 15 },
    );
  });

  test('of the period before are those of a period of the same length that ends where this one starts', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyRecords,
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(0, null),
        async (records, start, clone) => {
          const { before } = await ask(records, { start, end: END, now: 13, clone });
          const { period, cloneId: _clone, ...sections } = before ?? {};
          expect(period).toEqual({ start: onDay(2 * start - END), end: onDay(start) });
          const previous = { start: 2 * start - END, end: start, now: 13, clone };
          expect(rounded(sections)).toEqual(rounded(recount(records, previous)));
        },
      ),
      { numRuns: 15 },
    );
  });

  test('are what goals are measured by', async () => {
    await fc.assert(
      fc.asyncProperty(anyRecords, anyQuestion, async (records, question) => {
        const { sections, measure } = await ask(records, question);
        expect(await measure('pipeline')).toBe(sections.pipeline.identifiedValue);
        expect(await measure('revenue')).toBe(sections.revenue.closedValue);
        const share = sections.quality.qualificationCompletion;
        expect(await measure('quality')).toBe(share === null ? null : share * 100);
        const completed = records.interactions.filter(
          ({ clone, status, occurred }) =>
            (question.clone === null || clone === question.clone) &&
            status === 'completed' &&
            occurred >= question.start &&
            occurred < question.end,
        );
        expect(await measure('activity')).toBe(completed.length);
      }),
      { numRuns: 15 },
    );
  });
});
