import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/kernel/ids.js';
import type { Database } from '../../src/platform/db/database.js';
import { DATABASES, openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { connected } from './connected.js';
import { startReceiver } from './receiver.js';

/** More than a server runs at once. */
const MANY = 20;

describe.each(DATABASES)('connectors of several tenants on %s', (kind) => {
  let database: Database;
  let server: TestServer;
  let silent: Awaited<ReturnType<typeof startReceiver>>;
  let quick: Awaited<ReturnType<typeof startReceiver>>;
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    server = await startTestServer({ database, config: { allowPrivateTargets: true, runsJobs: true } });
    await database.asServer((sql) =>
      sql(`insert into tenant (id, slug, name, created_at) values ($1, 'other', 'Other', now())`, [newId(new Date())]),
    );
    [silent, quick] = await Promise.all([startReceiver(() => 'silent'), startReceiver()]);
  });
  afterAll(async () => {
    // Before the server, which waits for what it has under way.
    await Promise.all([silent.stop(), quick.stop()]);
    await server.close();
    await database.close();
  });

  test('one whose receiver hangs keeps the others waiting for nothing', async () => {
    const [hung, other] = [connected(() => server), connected(() => server, 'other')];
    const webhook = { receiverDeduplicates: false, timeoutSeconds: 30, maxAttempts: 1 };
    await hung.setConnector({ webhook: { ...webhook, url: silent.url } });
    await other.setConnector({ webhook: { ...webhook, url: quick.url } });
    await hung.letRun({ send_chat_message: 'WEBHOOK' });
    await other.letRun({ send_chat_message: 'WEBHOOK' });

    for (let n = 0; n < MANY; n += 1) await hung.propose('send_chat_message', { text: `${n}` });
    await expect.poll(() => silent.received.length, { timeout: 10_000 }).toBeGreaterThan(2);
    for (let n = 0; n < 2; n += 1) {
      const { action } = await other.propose('send_chat_message', { text: `${n}` });
      await other.until(action.id, 'EXECUTED');
    }
    expect(quick.received).toHaveLength(2);
    expect(silent.received).toHaveLength(3);
  });
});
