import { expect, test } from 'vitest';
import { describe as inWords } from '../../chaos/report.js';
import { runChaos } from '../../chaos/run.js';

/** Changes only the choices; `npm run chaos` takes any. */
const OPTIONS = { seed: 7, minutes: 0.25, instances: 2 };

test('servers that are killed, frozen and cut off under load break no promise', { timeout: 300_000 }, async () => {
  const report = await runChaos(OPTIONS);
  console.log(inWords(OPTIONS, report));
  expect(report.findings.filter(({ violations }) => violations.length > 0)).toEqual([]);
  // A run in which nothing happened would prove nothing.
  expect(report.ledger.faults.size).toBeGreaterThan(0);
  expect(report.ledger.effects.length).toBeGreaterThan(10);
  expect(report.findings.length).toBeGreaterThan(15);
});
