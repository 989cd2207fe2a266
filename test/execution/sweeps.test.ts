import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actionStore, approvalStore } from '../../src/features/autonomy/store/stores.js';
import { executionJobs } from '../../src/features/execution/store/queue.js';
import { newId } from '../../src/kernel/ids.js';
import type { Database } from '../../src/platform/db/database.js';
import { DATABASES, openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { connected } from './connected.js';

const CLAIM = 'mutation ($input: ClaimActionInput!) { claimAction(input: $input) { status } }';
const APPROVE = 'mutation ($input: ApproveActionInput!) { approveAction(input: $input) { status } }';
const DAY_MS = 86_400_000;

/** `many` has five of everything, and all before the one of `few`. */
describe.each(DATABASES)('what is swept up for all tenants on %s', (kind) => {
  let database: Database;
  let server: TestServer;
  let time = Date.now();
  const ids = { many: newId(new Date(time)), few: newId(new Date(time)) };
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    server = await startTestServer({ database, clock: { now: () => new Date(time) } });
    for (const [slug, count] of [
      ['many', 5],
      ['few', 1],
    ] as const) {
      await database.asServer((sql) =>
        sql('insert into tenant (id, slug, name, created_at) values ($1, $2, $2, now())', [ids[slug], slug]),
      );
      const { propose, letRun } = connected(() => server, slug);
      await letRun({ send_routine_response: 'WEBHOOK' });
      const [agent, ana] = [await server.token('agent', 'a', slug), await server.token('approver', 'ana', slug)];
      for (let n = 0; n < count; n += 1) {
        time += 1_000;
        const { action } = await propose('send_chat_message', { text: 'claimed' });
        await server.data(agent, CLAIM, { input: { actionId: action.id } });
        await propose('send_routine_response', { text: 'waits for its connector' });
        await propose('send_proposal', { text: 'waits for a person' });
        const { approval } = await propose('send_proposal', { text: 'approved and not used' });
        await server.data(ana, APPROVE, { input: { approvalId: approval.id, digest: approval.digest } });
      }
    }
    await database.asServer((sql) => sql('delete from countersign_jobs.job'));
  });
  afterAll(async () => {
    await server.close();
    await database.close();
  });

  test.each([
    ['overdue claims', (at: Date) => actionStore(database).overdueClaims(at, 2)],
    ['requests that have run out', (at: Date) => approvalStore(database).overdue(at, 2)],
    ['approvals that nobody used', (at: Date) => approvalStore(database).unspent(at, 2)],
    ['lost jobs', (at: Date) => executionJobs(database, () => {}).lost(at, 2)],
  ])('%s are shared out by tenant: who has many does not keep out who has few', async (_what, sweep) => {
    const swept = await sweep(new Date(time + 30 * DAY_MS));
    expect(new Set(swept.map(({ tenantId }) => tenantId))).toEqual(new Set([ids.many, ids.few]));
  });

  test('requests half of whose time is over are shared out as well', async () => {
    const [row] = await database.asServer((sql) =>
      sql<{ at: string }>(`select max(escalates_at)::text as at from approval where status = 'pending'`),
    );
    const swept = await approvalStore(database).halfOver(new Date(row?.at ?? ''), 2);
    expect(new Set(swept.map(({ tenantId }) => tenantId))).toEqual(new Set([ids.many, ids.few]));
  });
});
