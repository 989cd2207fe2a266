import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DomainError } from '../../src/kernel/errors.js';
import { newId } from '../../src/kernel/ids.js';
import { type Database, sqlOf } from '../../src/platform/db/database.js';
import { cursorToPosition, eventWriter, START_OF_LOG } from '../../src/platform/realtime/event-log.js';
import { startEventTail } from '../../src/platform/realtime/event-tail.js';
import { logPages } from '../../src/platform/realtime/log-pages.js';
import { deleteOldest } from '../../src/platform/realtime/retention.js';
import { DATABASES, openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';

const DAY_MS = 24 * 3_600_000;
const daysAgo = (days: number): Date => new Date(Date.now() - days * DAY_MS);
const codeOf = (error: unknown): string => (error instanceof DomainError ? error.code : String(error));

/** No position is as high as this one. */
const nothingNeeded = async () => ({ tx: 2n ** 63n, id: 0n });

describe.each(DATABASES)('retention on %s', (kind) => {
  let database: Database;
  const tenant = newId(new Date());
  beforeEach(async () => {
    database = await openTestDatabase(kind);
    await database.asServer((sql) =>
      sql(`insert into tenant (id, slug, name, created_at) values ($1, 'one', 'One', now())`, [tenant]),
    );
  });
  afterEach(() => database.close());

  /** One transaction with an event for each of these ages, in days. */
  const write = (...ages: number[]): Promise<void> =>
    database.run(tenant, (tx) =>
      eventWriter.append(
        tx,
        ages.map((age) => ({
          type: 'goal.created',
          subjectId: tenant,
          data: { age },
          actor: 'test',
          at: daysAgo(age),
        })),
      ),
    );
  const ages = async (after?: string): Promise<number[]> => {
    const page = await database.run(tenant, (tx) => logPages.page(tx, {}, { first: 100, after }));
    return page.edges.map(({ node }) => Number(node.data.age));
  };
  const cursors = async (): Promise<string[]> => {
    const page = await database.run(tenant, (tx) => logPages.page(tx, {}, { first: 100 }));
    return page.edges.map(({ cursor }) => cursor);
  };
  const sweep = async (before: Date, limit?: number): Promise<number> => {
    for (let total = 0; ; ) {
      const deleted = await deleteOldest(database, before, { limit, firstNeeded: nothingNeeded });
      if (deleted === 0) return total;
      total += deleted;
    }
  };

  test('deletes what is older, in batches, and keeps the rest', async () => {
    await write(40, 39, 38);
    await write(37, 36);
    await write(5, 4);
    expect(await deleteOldest(database, daysAgo(30), { limit: 2, firstNeeded: nothingNeeded })).toBe(2);
    expect(await ages()).toEqual([38, 37, 36, 5, 4]);
    expect(await sweep(daysAgo(30), 2)).toBe(3);
    expect(await ages()).toEqual([5, 4]);
    expect(await sweep(daysAgo(1))).toBe(2);
    expect(await ages()).toEqual([]);
  });

  test('stops at the first event that is young enough, so that what is kept has no hole', async () => {
    await write(40, 5, 39);
    expect(await sweep(daysAgo(30))).toBe(1);
    expect(await ages()).toEqual([5, 39]);
  });

  test('stops where somebody still needs an event, however old it is', async () => {
    await write(40, 39, 38);
    const [, second = ''] = await cursors();
    const firstNeeded = async () => cursorToPosition(second, 'after');
    expect(await deleteOldest(database, daysAgo(30), { firstNeeded })).toBe(1);
    expect(await deleteOldest(database, daysAgo(30), { firstNeeded })).toBe(0);
    expect(await ages()).toEqual([39, 38]);
  });

  test('a cursor behind which something is gone is refused, with one that works', async () => {
    await write(40, 39, 38, 5, 4);
    const [first = '', , third = '', fourth = ''] = await cursors();
    await sweep(daysAgo(30));
    const refusal = await ages(first).catch((error: unknown) => error);
    expect(codeOf(refusal)).toBe('CURSOR_EXPIRED');
    const { oldestCursor } = (refusal as DomainError).details;
    expect(oldestCursor).toBe(third);
    expect(await ages(third)).toEqual([5, 4]);
    expect(await ages(fourth)).toEqual([4]);
    const backwards = (before: string) => database.run(tenant, (tx) => logPages.page(tx, {}, { last: 5, before }));
    expect((await backwards(fourth)).edges).toEqual([]);
    expect(codeOf(await backwards(third).catch((error: unknown) => error))).toBe('CURSOR_EXPIRED');
  });

  test('a reader that was overtaken is told so instead of skipping; one that was not goes on', async () => {
    await write(...Array.from({ length: 250 }, () => 40));
    await write(5);
    const tail = await startEventTail(database, { pollMs: 20, onError: (error) => expect.unreachable(String(error)) });
    const signal = new AbortController().signal;
    const slow = tail.follow(tenant, START_OF_LOG, signal);
    const { value: read } = await slow.next();
    expect(read?.data).toEqual({ age: 40 });
    const live = tail.follow(tenant, tail.end(), signal);
    await sweep(daysAgo(30));
    await write(0);
    expect((await live.next()).value?.data).toEqual({ age: 0 });
    const rest = (async () => {
      for await (const _ of slow);
    })();
    expect(codeOf(await rest.catch((error: unknown) => error))).toBe('CURSOR_EXPIRED');
    await tail.stop();
  });

  test('a reader that has seen everything stays so while others write, however long its own tenant is quiet', async () => {
    const busy = newId(new Date());
    await database.asServer((sql) =>
      sql(`insert into tenant (id, slug, name, created_at) values ($1, 'busy', 'Busy', now())`, [busy]),
    );
    const onError = (error: unknown) => expect.unreachable(String(error));
    const tail = await startEventTail(database, { pollMs: 20, keep: 10, onError });
    const signal = new AbortController().signal;
    const next = tail.follow(tenant, tail.end(), signal).next();
    const others = tail.follow(busy, tail.end(), signal);
    const old = { type: 'goal.created', subjectId: busy, data: {}, actor: 'test', at: daysAgo(40) } as const;
    for (let round = 0; round < 10; round += 1) {
      await database.run(busy, (tx) => eventWriter.append(tx, Array(10).fill(old)));
      for (let n = 0; n < 10; n += 1) await others.next();
    }
    expect(await sweep(daysAgo(30))).toBe(100);
    await write(0);
    expect((await next).value?.data).toEqual({ age: 0 });
    await tail.stop();
  });

  test('a tail that starts when everything is gone starts where deleting ended', async () => {
    await write(40, 39);
    const [, last = ''] = await cursors();
    await sweep(daysAgo(30));
    const tail = await startEventTail(database, { pollMs: 20, onError: (error) => expect.unreachable(String(error)) });
    expect(tail.end()).toEqual(cursorToPosition(last, 'after'));
    await tail.requireKept(tenant, tail.end());
    await tail.stop();
  });

  test('the role of tenants reads the horizon and moves nothing', async () => {
    const asTenant = (text: string) => database.run(tenant, (tx) => sqlOf(tx)(text));
    expect(await asTenant('select tx::text, id::text from log_horizon')).toEqual([{ tx: '0', id: '0' }]);
    for (const forbidden of ["update log_horizon set tx = '1'", 'delete from event', 'delete from log_horizon']) {
      await expect(asTenant(forbidden)).rejects.toThrow(/permission denied/);
    }
  });
});

describe('retention on postgres, beside others', () => {
  let database: Database;
  const tenant = newId(new Date());
  const old = { type: 'goal.created', subjectId: tenant, data: {}, actor: 'test', at: daysAgo(40) } as const;
  beforeEach(async () => {
    database = await openTestDatabase('postgres');
    await database.asServer((sql) =>
      sql(`insert into tenant (id, slug, name, created_at) values ($1, 'one', 'One', now())`, [tenant]),
    );
  });
  afterEach(() => database.close());

  test('never deletes past a transaction that still runs, and instances do not wait for one another', async () => {
    await database.run(tenant, (tx) => eventWriter.append(tx, [old]));
    await database.run(tenant, async (running) => {
      await eventWriter.append(running, [old]);
      await database.run(tenant, (later) => eventWriter.append(later, [old]));
      // Only what stands before the running transaction is settled.
      expect(await deleteOldest(database, daysAgo(30), { firstNeeded: nothingNeeded })).toBe(1);
      await database.asServer(async (sql) => {
        await sql('select from log_horizon for update');
        expect(await deleteOldest(database, daysAgo(30), { firstNeeded: nothingNeeded })).toBe(0);
      });
    });
    expect(await deleteOldest(database, daysAgo(30), { firstNeeded: nothingNeeded })).toBe(2);
  });
});

describe.each(DATABASES)('a log that is kept for 30 days, over the doors, on %s', (kind) => {
  let server: TestServer;
  let database: Database;
  beforeEach(async () => {
    database = await openTestDatabase(kind);
    server = await startTestServer({ database });
  });
  afterEach(async () => {
    await server.close();
    await database.close();
  });

  test('events, auditTrail and subscriptions refuse a cursor that is too old, alike', async () => {
    const [agent, ana] = await Promise.all([server.token('agent'), server.token('approver', 'ana')]);
    const subjects: string[] = [];
    for (const key of ['a', 'b', 'c']) {
      const { proposeAction } = await server.data(
        agent,
        `mutation { proposeAction(input: { actionType: "send_proposal", payload: {}, idempotencyKey: "${key}" }) { action { id } } }`,
      );
      subjects.push(proposeAction.action.id);
    }
    const cursorsOf = async (): Promise<string[]> =>
      (await server.data(ana, '{ events(types: [APPROVAL_REQUESTED]) { edges { cursor } } }')).events.edges.map(
        (edge: { cursor: string }) => edge.cursor,
      );
    await expect.poll(cursorsOf).toHaveLength(3);
    const [first, second] = await cursorsOf();
    await database.asServer((sql) =>
      sql(`update event set at = now() - interval '40 days' where subject_id = any($1::uuid[])`, [
        subjects.slice(0, 2),
      ]),
    );
    await server.close();
    server = await startTestServer({ database, config: { logRetentionDays: 30 } });
    await expect.poll(cursorsOf).toHaveLength(1);

    const expired = { code: 'CURSOR_EXPIRED', argument: 'after', oldestCursor: second };
    const ask = (query: string, after: string | undefined) => server.request(ana, query, { after });
    const EVENTS = 'query ($after: String) { events(after: $after) { edges { node { subjectId } } } }';
    const TRAIL = `query ($after: String) { auditTrail(subjectId: "${subjects[2]}", after: $after) { edges { cursor } } }`;
    const LIVE = 'subscription ($after: String) { approvalRequested(after: $after) { approval { action { id } } } }';
    expect((await ask(EVENTS, first)).errors?.[0].extensions).toEqual(expired);
    expect((await ask(TRAIL, first)).errors?.[0].extensions).toEqual(expired);
    const refused = server.subscribe(ana, LIVE, { after: first });
    expect((await refused.next()).errors[0].extensions).toEqual(expired);
    await refused.close();

    expect((await ask(TRAIL, second)).data.auditTrail.edges).toHaveLength(1);
    const live = server.subscribe(ana, LIVE, { after: second });
    expect((await live.next()).data.approvalRequested.approval.action.id).toBe(subjects[2]);
    await live.close();
  });
});
