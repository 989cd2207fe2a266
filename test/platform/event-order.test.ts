import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../src/kernel/ids.js';
import type { Database } from '../../src/platform/db/database.js';
import { readEvents, START_OF_LOG } from '../../src/platform/realtime/event-log.js';
import { findOrderProblem } from '../../src/platform/realtime/log-order.js';
import { DATABASES, openTestDatabase } from '../support/database.js';

describe.each(DATABASES)('a log from another server, as a restored dump brings it, on %s', (kind) => {
  let database: Database;
  const tenant = newId(new Date());
  beforeEach(async () => {
    database = await openTestDatabase(kind);
    await database.asServer((sql) =>
      sql(`insert into tenant (id, slug, name, created_at) values ($1, 'one', 'One', now())`, [tenant]),
    );
  });
  afterEach(() => database.close());

  test('is refused, and the advice helps: then all of it can be read, and what is written comes behind it', async () => {
    const add = (number: number, tx: string) =>
      database.asServer((sql) =>
        sql(
          `insert into event (tenant_id, tx, type, subject_id, data, actor, at)
           values ($1, ${tx}, 'goal.created', $1, jsonb_build_object('number', $2::int), 'test', now())`,
          [tenant, number],
        ),
      );
    await add(1, 'pg_current_xact_id()');
    expect(await findOrderProblem(database)).toBeUndefined();
    await add(2, `(pg_current_xact_id()::text::bigint + 200)::text::xid8`);
    const problem = await findOrderProblem(database);
    expect(problem).toMatch(/^expected a server whose transaction counter is ahead of the event log, got one that is/);
    const catchUp = /in psql: (do .*)$/.exec(problem ?? '')?.[1] ?? '';
    await runOutsideTransaction(database, catchUp);
    expect(await findOrderProblem(database)).toBeUndefined();
    await add(3, 'pg_current_xact_id()');
    const events = await database.asServer((sql) => readEvents(sql, START_OF_LOG, 10));
    expect(events.map(({ data }) => data.number)).toEqual([1, 2, 3]);
  });
});

/** As psql would: each of its commits counts. */
async function runOutsideTransaction(database: Database, block: string): Promise<void> {
  const rounds = Number(/1\.\.(\d+)/.exec(block)?.[1]);
  expect(rounds).toBeGreaterThan(150);
  if (!database.direct) {
    for (let n = 0; n < rounds; n += 1) await database.asServer((sql) => sql('select pg_current_xact_id()'));
    return;
  }
  const { default: pg } = await import('pg');
  const client = new pg.Client(database.direct);
  await client.connect();
  await client.query(block);
  await client.end();
}
