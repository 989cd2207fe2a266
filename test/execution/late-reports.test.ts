import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { onFailpoint } from '../../src/kernel/failpoints.js';
import type { Database } from '../../src/platform/db/database.js';
import { DATABASES, openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { connected } from './connected.js';
import { startReceiver } from './receiver.js';

const RECONCILE = 'mutation ($input: ReconcileActionInput!) { reconcileAction(input: $input) { status leaseEpoch } }';

describe.each(DATABASES)('a connector that was asleep on %s', (kind) => {
  let database: Database;
  let server: TestServer;
  let now = Date.parse('2026-03-02T10:00:00Z');
  const { setConnector, letRun, propose, read, until, typesOf } = connected(() => server);
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    server = await startTestServer({
      database,
      clock: { now: () => new Date(now) },
      config: { allowPrivateTargets: true, retrySeconds: 0.01, runsJobs: true },
    });
    await letRun({ send_chat_message: 'WEBHOOK' });
  });
  afterAll(async () => {
    await server.close();
    await database.close();
  });

  test('does not bring back what a person has closed meanwhile', async () => {
    const receiver = await startReceiver(() => 429);
    await setConnector({ webhook: { url: receiver.url, receiverDeduplicates: false, timeoutSeconds: 1 } });
    let wake = () => {};
    const asleep = new Promise<void>((resolve) => {
      wake = resolve;
    });
    let isAsleep = false;
    const undo = onFailpoint((name) => {
      if (name !== 'after-effect') return undefined;
      isAsleep = true;
      return asleep;
    });
    try {
      const { action } = await propose('send_chat_message', { text: 'closed' });
      await vi.waitFor(() => expect(isAsleep).toBe(true), { timeout: 20_000, interval: 50 });
      now += 60_000;
      await until(action.id, 'OUTCOME_UNKNOWN');
      const input = { actionId: action.id, outcome: 'FAILED', note: 'It answered 429' };
      const { reconcileAction } = await server.data(await server.token('manager', 'mia'), RECONCILE, { input });
      // The claim's own epoch is gone, whoever comes with it.
      expect(reconcileAction).toEqual({ status: 'FAILED', leaseEpoch: 3 });
      wake();
      // The job has ended, so its report was made, and there is none that would send anything again.
      const open = `select id from countersign_jobs.job where data->>'actionId' = $1 and state <> 'completed'`;
      await vi.waitFor(async () => expect(await database.asServer((sql) => sql(open, [action.id]))).toEqual([]), {
        timeout: 20_000,
        interval: 50,
      });
      expect(await read(action.id)).toMatchObject({ status: 'FAILED', failure: 'It answered 429' });
      expect(await typesOf(action.id)).not.toContain('ACTION_RETRIED');
      expect(receiver.received).toHaveLength(1);
    } finally {
      undo();
      wake();
      await receiver.stop();
    }
  });
});
