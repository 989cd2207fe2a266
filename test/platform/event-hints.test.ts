import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../src/kernel/ids.js';
import { type Database, sqlOf } from '../../src/platform/db/database.js';
import { eventWriter } from '../../src/platform/realtime/event-log.js';
import { startLog } from '../../src/platform/realtime/log.js';
import { type LogHints, startLogHints } from '../../src/platform/realtime/log-hints.js';
import { DATABASES, openTestDatabase } from '../support/database.js';

const tenant = newId(new Date());
const addTenant = (database: Database) =>
  database.asServer((sql) =>
    sql(`insert into tenant (id, slug, name, created_at) values ($1, 'one', 'One', now())`, [tenant]),
  );
const write = (database: Database, number: number) =>
  database.run(tenant, (tx) =>
    eventWriter.append(tx, [
      { type: 'goal.created', subjectId: tenant, data: { number }, actor: 'test', at: new Date() },
    ]),
  );
/** Resolves at each call of `tell`, in order. */
function calls() {
  let pending = 0;
  let resume = (): void => {};
  return {
    tell: (): void => {
      pending += 1;
      resume();
    },
    async next(): Promise<void> {
      while (pending === 0) {
        await new Promise<void>((resolve) => {
          resume = resolve;
        });
      }
      pending -= 1;
    },
  };
}

describe('hints between instances on postgres', () => {
  let database: Database;
  const started: LogHints[] = [];
  beforeEach(async () => {
    database = await openTestDatabase('postgres');
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((hints) => hints.stop()));
    await database.close();
  });

  const start = async () => {
    if (!database.direct) throw new Error('expected PostgreSQL');
    const hint = calls();
    const lost = calls();
    const hints = startLogHints({ connection: database.direct, onHint: hint.tell, onLost: lost.tell });
    started.push(hints);
    // The first tells that it listens: whatever came before may have been missed.
    await hint.next();
    return { hints, hint, lost };
  };
  const endListeners = () =>
    database.asServer((sql) =>
      sql(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and application_name = 'countersign hints'`,
      ),
    );

  test('what one announces the other hears; any number of announcements at once are few hints', async () => {
    const [a, b] = await Promise.all([start(), start()]);
    const listener = new pg.Client(database.direct);
    await listener.connect();
    await listener.query('listen countersign_log');
    let heard = 0;
    listener.on('notification', () => {
      heard += 1;
    });
    for (let n = 0; n < 1_000; n += 1) a.hints.announce();
    await b.hint.next();
    // One when the first announcement came, one for all that came while it was sent.
    await expect.poll(() => heard, { timeout: 10_000 }).toBe(2);
    await listener.query('select 1');
    expect(heard).toBe(2);
    await listener.end();
  });

  test('a lost connection is opened again, and its return counts as a hint', async () => {
    const { hints, hint, lost } = await start();
    for (let round = 0; round < 3; round += 1) {
      await endListeners();
      await lost.next();
      await hint.next();
    }
    const other = await start();
    hints.announce();
    await other.hint.next();
    await hints.stop();
    await hints.stop();
  });

  test('stopping does not wait for a database that cannot be reached', async () => {
    if (!database.direct) throw new Error('expected PostgreSQL');
    const lost = calls();
    const connection = { ...database.direct, connectionString: 'postgresql://nobody@127.0.0.1:1/nothing' };
    const hints = startLogHints({ connection, onHint: () => expect.unreachable(), onLost: lost.tell });
    await lost.next();
    hints.announce();
    await hints.stop();
  });
});

describe.each(DATABASES)('a commit on %s', (kind) => {
  test('wakes the readers of this process when it wrote to the log, and only then', async () => {
    const database = await openTestDatabase(kind);
    await addTenant(database);
    let woken = 0;
    const forget = database.onLogged(() => {
      woken += 1;
    });
    await database.run(tenant, (tx) => sqlOf(tx)('select count(*) from event'));
    expect(woken).toBe(0);
    await write(database, 1);
    expect(woken).toBe(1);
    await expect(
      database.run(tenant, async (tx) => {
        await eventWriter.append(tx, []);
        await sqlOf(tx)('insert into event select');
      }),
    ).rejects.toThrow();
    expect(woken).toBe(1);
    forget();
    await write(database, 2);
    expect(woken).toBe(1);
    await database.close();
  });
});

describe('a log whose next poll is a minute away', () => {
  test.each(DATABASES)('is read at once when this process writes, on %s', async (kind) => {
    const database = await openTestDatabase(kind);
    await addTenant(database);
    const log = await startLog(database, {
      pollMs: 60_000,
      retention: undefined,
      onTrouble: (error, what) => expect.unreachable(`${what}: ${error}`),
    });
    const reader = log.tail.follow(tenant, log.tail.end(), new AbortController().signal);
    const first = reader.next();
    await write(database, 7);
    expect((await first).value?.data).toEqual({ number: 7 });
    await log.stop();
    await log.stop();
    await database.close();
  });

  test('is read soon after a hint that came too early: what was announced was not settled yet', async () => {
    const database = await openTestDatabase('postgres');
    await addTenant(database);
    const log = await startLog(database, {
      pollMs: 60_000,
      retention: undefined,
      onTrouble: (error, what) => expect.unreachable(`${what}: ${error}`),
    });
    const reader = log.tail.follow(tenant, log.tail.end(), new AbortController().signal);
    const first = reader.next();
    await database.asServer(async (sql) => {
      // A transaction with a number of its own holds readers back, and its end is no hint.
      await sql('select pg_current_xact_id()');
      await write(database, 8);
    });
    expect((await first).value?.data).toEqual({ number: 8 });
    await log.stop();
    await database.close();
  });
});
