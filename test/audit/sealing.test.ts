import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ENTITIES } from '../../src/compose/entities.js';
import { MAX_EVENTS_PER_SEAL } from '../../src/features/audit/domain/seal.js';
import type { SealWriter } from '../../src/features/audit/ports.js';
import { SealingService } from '../../src/features/audit/sealing.js';
import { firstUnsealed, sealWriter } from '../../src/features/audit/store/seals.js';
import { systemClock } from '../../src/kernel/clock.js';
import { newId } from '../../src/kernel/ids.js';
import { type Database, openDatabase } from '../../src/platform/db/database.js';
import { eventWriter } from '../../src/platform/realtime/event-log.js';
import { deleteOldest } from '../../src/platform/realtime/retention.js';
import { createPostgresDatabase, DATABASES, openTestDatabase } from '../support/database.js';
import { openLog, placeOf, type SealedLog, verifierOn } from './sealed-log.js';

const sealerOn = (database: Database) => new SealingService({ seals: sealWriter(database), clock: systemClock });

interface SealFacts {
  readonly number: number;
  readonly count: number;
  readonly first: string;
  readonly last: string;
}
const sealsOf = (log: SealedLog) =>
  log.asOwner<SealFacts>(
    `select number, count, from_tx::text || '.' || from_id as first, to_tx::text || '.' || to_id as last
     from seal where tenant_id = $1 order by number`,
    [log.tenantId],
  );

describe.each(DATABASES)('sealing on %s', (kind) => {
  let database: Database;
  let log: SealedLog;
  beforeAll(async () => {
    database = await openTestDatabase(kind);
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    // Nothing is left over from an earlier test.
    await sealerOn(database).sealPending();
    log = await openLog(database);
  });

  test('covers a backlog of any size in batches, in log order, without gap or repeat', async () => {
    await log.write(MAX_EVENTS_PER_SEAL + 1, 700, MAX_EVENTS_PER_SEAL);
    expect(await sealerOn(database).sealPending()).toBe(2_701);
    const events = await log.events();
    const facts = (number: number, from: number, to: number) => ({
      number,
      count: to - from,
      first: placeOf(events[from] ?? { tx: '', id: '' }),
      last: placeOf(events[to - 1] ?? { tx: '', id: '' }),
    });
    expect(await sealsOf(log)).toEqual([facts(1, 0, 1_000), facts(2, 1_000, 2_000), facts(3, 2_000, 2_701)]);
    const { problems, eventsChecked } = await log.verify();
    expect({ problems, eventsChecked }).toEqual({ problems: [], eventsChecked: 2_701 });
    expect(await sealerOn(database).sealPending()).toBe(0);
  });

  test('goes on behind the newest seal', async () => {
    await log.write(2);
    await sealerOn(database).sealPending();
    await log.write(3);
    await sealerOn(database).sealPending();
    expect((await sealsOf(log)).map(({ number, count }) => [number, count])).toEqual([
      [1, 2],
      [2, 3],
    ]);
    expect(await log.problems()).toEqual([]);
  });

  test('gives each tenant a chain of its own', async () => {
    const other = await openLog(database);
    await log.write(3);
    await other.write(4);
    await log.write(1);
    expect(await sealerOn(database).sealPending()).toBe(8);
    expect([await sealsOf(log), await sealsOf(other)].map((seals) => seals.map(({ count }) => count))).toEqual([
      [4],
      [4],
    ]);
    expect([...(await log.problems()), ...(await other.problems())]).toEqual([]);
    const [mine, foreign] = [await log.head(), await other.head()];
    expect(mine.hash).not.toBe(foreign.hash);
    expect(await log.problems({ head: foreign })).toEqual([expect.stringContaining('1 head_differs')]);
  });

  test('a tenant that fails keeps no other waiting', async () => {
    const other = await openLog(database);
    await log.write(1);
    await other.write(1);
    // Transactions of other tests on the same server may hold both back for a moment.
    const unsettled = 'select from event where tx >= pg_snapshot_xmin(pg_current_snapshot())';
    await expect.poll(() => database.asServer((sql) => sql(unsettled)), { timeout: 20_000 }).toEqual([]);
    const writer = sealWriter(database);
    const seals: SealWriter = {
      ...writer,
      append: (tenantId, limit, make) =>
        tenantId === log.tenantId ? Promise.reject(new Error('disk full')) : writer.append(tenantId, limit, make),
    };
    const error = await new SealingService({ seals, clock: systemClock }).sealPending().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(AggregateError);
    expect(error.errors.map(({ cause }: Error) => cause)).toEqual([new Error('disk full')]);
    expect([(await sealsOf(log)).length, (await sealsOf(other)).length]).toEqual([0, 1]);
  });

  test('stops between two seals when told to', async () => {
    await log.write(1);
    expect(await sealerOn(database).sealPending(AbortSignal.abort())).toBe(0);
    expect(await sealsOf(log)).toEqual([]);
  });

  test('what retention deletes is counted, and everything else still checked', async () => {
    await log.write(3);
    await log.seal();
    await log.write(4);
    await log.seal();
    const all = (await log.asOwner('select from event')).length;
    await deleteOldest(database, new Date('2100-01-01'), { limit: all - 2, firstNeeded: firstUnsealed });
    expect(await log.events()).toHaveLength(2);
    const { problems, noLongerKept } = await log.verify();
    expect({ problems, noLongerKept }).toEqual({ problems: [], noLongerKept: 5 });
    const [, newest] = await log.events();
    if (newest) await log.remove(newest);
    expect(await log.problems()).toEqual([`2 event_deleted ${placeOf(newest ?? { tx: '', id: '' })}`]);
  });

  test('comes before deleting: retention stops at the first event that no seal covers, of any tenant', async () => {
    const other = await openLog(database);
    await log.write(2);
    await sealerOn(database).sealPending();
    await other.write(1);
    await log.write(3);
    const everythingIsOld = new Date('2100-01-01');
    const sweep = () => deleteOldest(database, everythingIsOld, { firstNeeded: firstUnsealed });
    // All that is sealed, also of earlier tests.
    expect(await sweep()).toBeGreaterThanOrEqual(2);
    expect([(await log.events()).length, (await other.events()).length]).toEqual([3, 1]);
    expect(await sweep()).toBe(0);
    await sealerOn(database).sealPending();
    expect(await sweep()).toBe(4);
    expect(await sweep()).toBe(0);
    const { problems, noLongerKept } = await log.verify();
    expect({ problems, noLongerKept }).toEqual({ problems: [], noLongerKept: 5 });
  });

  test('is done once for all who ask at the same time in one process', async () => {
    await log.write(3);
    const sealer = sealerOn(database);
    expect(await Promise.all([sealer.sealPending(), sealer.sealPending()])).toEqual([3, 3]);
    expect(await sealsOf(log)).toHaveLength(1);
  });

  test('checks a long chain in parts that fit together, a mistake in any of them shown', async () => {
    const slow = await openLog(database, { events: 60, seals: 1_000 });
    for (let number = 0; number < 120; number += 1) {
      await slow.write(2);
      // PostgreSQL's own housekeeping may hold a transaction open for a moment; nothing behind it can be sealed.
      await expect.poll(() => sealerOn(database).sealPending(), { interval: 1 }).toBe(2);
    }
    const [victim] = (await slow.events()).slice(-1);
    if (victim) await slow.remove(victim);
    let part = await slow.verify();
    const parts = [part];
    while (!part.complete) {
      part = await slow.verify({ after: part.checkedTo });
      parts.push(part);
    }
    expect(parts.map(({ sealsChecked }) => sealsChecked)).toEqual([50, 50, 20]);
    expect(parts.flatMap(({ problems }) => problems.map(({ seal, kind: what }) => [seal, what]))).toEqual([
      [120, 'event_deleted'],
    ]);
    expect(part.checkedTo).toEqual(await slow.head());
  });
});

describe('sealing with several instances on one PostgreSQL', () => {
  let instances: Database[];
  let log: SealedLog;
  let url: string;
  beforeEach(async () => {
    url = await createPostgresDatabase();
    const open = () => openDatabase({ location: { url }, entities: ENTITIES, poolSize: 4 });
    const first = await open();
    await first.migrate();
    instances = [first, await open(), await open()];
    log = await openLog(first);
  });
  afterEach(async () => {
    for (const database of instances) await database.close();
  });

  test('never forks a chain, and loses nothing that is written meanwhile', async () => {
    const other = await openLog(instances[1] as Database);
    let writing = true;
    const writers = Promise.all(
      [log, other, log, other].map(async (target) => {
        for (let round = 0; round < 30; round += 1) await target.write(1, 5, 40);
      }),
    ).finally(() => {
      writing = false;
    });
    const sealers = instances.flatMap((database) => [sealerOn(database), sealerOn(database)]);
    const failures: unknown[] = [];
    await Promise.all(
      sealers.map(async (sealer) => {
        while (writing) await sealer.sealPending().catch((error) => failures.push(error));
      }),
    );
    await writers;
    await log.seal();
    await other.seal();
    expect(failures).toEqual([]);
    for (const each of [log, other]) {
      const { problems, eventsChecked, sealsChecked } = await each.verify();
      expect({ problems, eventsChecked }).toEqual({ problems: [], eventsChecked: 2 * 30 * 46 });
      expect((await sealsOf(each)).map(({ number }) => number)).toEqual(
        Array.from({ length: sealsChecked }, (_, index) => index + 1),
      );
    }
  });

  test('leaves a tenant to the instance whose turn it is', async () => {
    const [first, second] = instances as [Database, Database];
    await log.write(2);
    const holder = new pg.Client({ connectionString: url });
    await holder.connect();
    try {
      // A transaction that has the turn and does not come to an end.
      await holder.query('begin');
      await holder.query('select pg_advisory_xact_lock($1::integer, hashtext($2))', [0x5ea1, log.tenantId]);
      expect(await sealerOn(first).sealPending()).toBe(0);
      expect(await sealsOf(log)).toEqual([]);
      await holder.query('commit');
      expect(await sealerOn(second).sealPending()).toBe(2);
    } finally {
      await holder.end();
    }
  });

  test('an event that commits late is sealed when it is settled, in log order', async () => {
    const [database] = instances as [Database];
    await log.write(1);
    const written = Promise.withResolvers<void>();
    const commit = Promise.withResolvers<void>();
    const late = database.run(log.tenantId, async (tx) => {
      const event = {
        type: 'goal.created',
        subjectId: newId(new Date()),
        data: {},
        actor: 'late',
        at: new Date(),
      } as const;
      await eventWriter.append(tx, [event]);
      written.resolve();
      await commit.promise;
    });
    await written.promise;
    await log.write(2);
    // What was written behind the open transaction is visible, but not settled.
    expect(await sealerOn(database).sealPending()).toBe(1);
    expect(await log.events()).toHaveLength(3);
    commit.resolve();
    await late;
    await log.seal();
    const [first, second, ...rest] = await log.events();
    expect([first, second, ...rest].map((event) => event?.actor === 'late')).toEqual([false, true, false, false]);
    expect((await sealsOf(log))[0]).toMatchObject({ count: 1, last: placeOf(first ?? { tx: '', id: '' }) });
    expect((await sealsOf(log))[1]).toMatchObject({ first: placeOf(second ?? { tx: '', id: '' }) });
    expect(await log.problems()).toEqual([]);
  });

  test('what one instance sealed holds for another whose sessions write times differently', async () => {
    const [database] = instances as [Database];
    await log.write(3);
    await log.seal();
    for (const setting of [`timezone to 'Asia/Tokyo'`, `datestyle to 'SQL, DMY'`, `extra_float_digits to '0'`]) {
      await log.asOwner(`alter database "${new URL(url).pathname.slice(1)}" set ${setting}`);
    }
    const foreign = await openDatabase({ location: { url }, entities: ENTITIES, poolSize: 1 });
    instances.push(foreign);
    const written = (on: Database) => on.asServer((sql) => sql<{ at: string }>('select at::text as at from event'));
    expect(await written(foreign)).not.toEqual(await written(database));
    const there = await verifierOn(foreign).verify(log.actor, {});
    expect(there).toMatchObject({ problems: [], eventsChecked: 3 });
  });
});
