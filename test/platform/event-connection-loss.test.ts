import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ENTITIES } from '../../src/compose/entities.js';
import { newId } from '../../src/kernel/ids.js';
import { type Database, openDatabase, type Sql, sqlOf } from '../../src/platform/db/database.js';
import { eventWriter, readEvents, START_OF_LOG } from '../../src/platform/realtime/event-log.js';
import { startEventTail } from '../../src/platform/realtime/event-tail.js';
import { createPostgresDatabase } from '../support/database.js';

const tenant = newId(new Date());
const event = (number: number) => ({
  type: 'goal.created' as const,
  subjectId: tenant,
  data: { number },
  actor: 'test',
  at: new Date(),
});

describe('connections to postgres that are lost', () => {
  let url: string;
  let database: Database;
  let operator: Database;
  beforeEach(async () => {
    url = await createPostgresDatabase();
    operator = await openDatabase({ location: { url }, entities: ENTITIES, poolSize: 1 });
    await operator.migrate();
    await operator.asServer((sql) =>
      sql(`insert into tenant (id, slug, name, created_at) values ($1, 'one', 'One', now())`, [tenant]),
    );
    database = await openDatabase({ location: { url }, entities: ENTITIES, poolSize: 3, timeoutMs: 1_000 });
  });
  afterEach(async () => {
    await database.close();
    await operator.close();
  });

  const pidOf = async (sql: Sql): Promise<number> => {
    const [row] = await sql<{ pid: number }>('select pg_backend_pid() as pid');
    return row?.pid ?? 0;
  };
  const terminate = (pid: number) => operator.asServer((sql) => sql('select pg_terminate_backend($1)', [pid]));
  const logged = async (): Promise<number[]> => {
    const events = await operator.asServer((sql) => readEvents(sql, START_OF_LOG, 1_000));
    return events.map(({ data }) => Number(data.number));
  };

  test('in the middle of a transaction: the caller learns it, nothing is kept, the pool stays whole', async () => {
    for (let round = 0; round < 10; round += 1) {
      const lost = database.run(tenant, async (tx) => {
        await eventWriter.append(tx, [event(round)]);
        await terminate(await pidOf(sqlOf(tx)));
        await sqlOf(tx)('select 1');
      });
      await expect(lost).rejects.toThrow();
      const atCommit = database.run(tenant, async (tx) => {
        await eventWriter.append(tx, [event(round)]);
        await terminate(await pidOf(sqlOf(tx)));
      });
      await expect(atCommit).rejects.toThrow();
    }
    expect(await logged()).toEqual([]);
    // Three connections are all there are: each that was lost has been replaced.
    await Promise.all([1, 2, 3].map((number) => database.run(tenant, (tx) => eventWriter.append(tx, [event(number)]))));
    expect((await logged()).sort()).toEqual([1, 2, 3]);
  });

  test('while they are idle: nobody notices', async () => {
    const pids = await Promise.all(
      [1, 2, 3].map(() =>
        database.asServer(async (sql) => {
          await sql('select pg_sleep(0.05)');
          return pidOf(sql);
        }),
      ),
    );
    expect(new Set(pids).size).toBe(3);
    for (const pid of pids) await terminate(pid);
    await expect.poll(() => database.asServer(pidOf).catch(() => 0)).toBeGreaterThan(0);
  });

  test('a statement that takes too long is ended, and its connection serves on', async () => {
    await expect(database.asServer((sql) => sql('select pg_sleep(60)'))).rejects.toThrow(/statement timeout/);
    expect(await database.asServer(pidOf)).toBeGreaterThan(0);
  });

  test('a transaction left open is ended, so that it does not hold the readers of the log back for ever', async () => {
    const tail = await startEventTail(operator, { pollMs: 20, onError: (error) => expect.unreachable(String(error)) });
    const reader = tail.follow(tenant, START_OF_LOG, new AbortController().signal);
    let frozen: Promise<unknown> = Promise.resolve();
    await new Promise<void>((resolve) => {
      frozen = database
        .run(tenant, async (tx) => {
          await eventWriter.append(tx, [event(1)]);
          resolve();
          // The writer freezes here, until the server has given up on it.
          await expect.poll(() => logged(), { timeout: 10_000 }).toEqual([2]);
        })
        .catch((error: unknown) => error);
    });
    await database.run(tenant, (tx) => eventWriter.append(tx, [event(2)]));
    expect((await reader.next()).value?.data).toEqual({ number: 2 });
    expect(await frozen).toBeInstanceOf(Error);
    await tail.stop();
  });

  test('readers wait for a database that does not answer, and go on where they were', async () => {
    let failures = 0;
    const tail = await startEventTail(database, {
      pollMs: 20,
      keep: 2,
      onError: () => {
        failures += 1;
      },
    });
    for (let number = 0; number < 10; number += 1)
      await operator.run(tenant, (tx) => eventWriter.append(tx, [event(number)]));
    const signal = new AbortController().signal;
    // One is far behind and reads from the database, one is fed from memory.
    const readers = [tail.follow(tenant, START_OF_LOG, signal), tail.follow(tenant, START_OF_LOG, signal)];
    const read = async (reader: (typeof readers)[number], upTo: number): Promise<number[]> => {
      const numbers: number[] = [];
      while (numbers.at(-1) !== upTo) numbers.push(Number((await reader.next()).value?.data.number));
      return numbers;
    };
    const [behind, caughtUp] = readers as [(typeof readers)[number], (typeof readers)[number]];
    await read(caughtUp, 9);
    await operator.asServer((sql) => sql('alter table event rename to event_away'));
    const waiting = Promise.all([read(behind, 10), read(caughtUp, 10)]);
    await expect.poll(() => failures).toBeGreaterThan(2);
    await operator.asServer((sql) => sql('alter table event_away rename to event'));
    await operator.run(tenant, (tx) => eventWriter.append(tx, [event(10)]));
    expect(await waiting).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [10]]);
    await tail.stop();
  });
});
