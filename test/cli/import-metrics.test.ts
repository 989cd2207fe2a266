import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runImport } from '../../src/cli/commands/import.js';
import { run } from '../../src/cli/commands/terminal.js';
import { crmFigures } from '../metrics/crm-oracle.js';
import { DATABASES } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { recordedTerminal } from './recorded-terminal.js';

/** A folder with a larger export in the form of samples/crm, to run the same comparison on. */
const { CRM_EXPORT: ownExport } = process.env;
const EXPORTS = [{ name: 'the sample', folder: 'samples/crm' }];
if (ownExport) EXPORTS.push({ name: 'the export that CRM_EXPORT names', folder: ownExport });

const now = new Date('2026-12-15T09:00:00Z');
const YEARS = Array.from({ length: 12 }, (_, index) => 2015 + index);
const PERIODS = [
  ...YEARS.map((year) => [`${year}-01-01`, `${year + 1}-01-01`]),
  ['2026-07-01', '2026-10-01'],
  ['2017-04-01', '2017-07-01'],
  ['2016-01-01', '2026-01-01'],
].map(([start, end]) => ({ start: new Date(`${start}T00:00:00Z`), end: new Date(`${end}T00:00:00Z`) }));

const METRICS = `query ($period: PeriodInput!) { metrics(period: $period) {
  pipeline { identified openDeals }
  revenue { closedValue wonDeals lostDeals winRate averageDeal averageCycleDays } } }`;

describe.each(EXPORTS)('after importing $name', ({ folder }) => {
  describe.each(DATABASES)('on %s', (kind) => {
    let server: TestServer;
    let manager: string;
    beforeAll(async () => {
      server = await startTestServer({ kind, clock: { now: () => now } });
      manager = await server.token('manager');
      const admin = await server.token('admin', 'import');
      const argv = [folder, '--tenant', 'demo', '--url', server.url, '--token', admin];
      expect(await run(runImport, argv, recordedTerminal())).toBe(0);
    });
    afterAll(() => server.close());

    it('everything that is fit to keep is there', async () => {
      const { keptDeals } = crmFigures({ folder, period: { start: now, end: now }, now });
      const { deals } = await server.data(manager, '{ deals(first: 1) { totalCount } }');
      expect(deals.totalCount).toBe(keptDeals);
    });

    it.each(PERIODS)('metrics agree with a separate computation over the files from $start to $end', async (period) => {
      const { metrics } = await server.data(manager, METRICS, { period });
      const { averageCycleDays: cycle, averageDeal, ...exact } = { ...metrics.pipeline, ...metrics.revenue };
      const expected = crmFigures({ folder, period, now });
      const { averageCycleDays, averageDeal: deal, refusedDeals: _, keptDeals: __, ...figures } = expected;
      expect(exact).toEqual(figures);
      expectClose(cycle, averageCycleDays);
      expectClose(averageDeal, deal);
    });
  });
});

/** Equal up to the last digits of a division; null only if both are. */
function expectClose(got: number | null, expected: number | null): void {
  if (got === null || expected === null) expect(got).toBe(expected);
  else expect(got).toBeCloseTo(expected, 6);
}
