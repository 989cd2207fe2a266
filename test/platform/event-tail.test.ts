import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LogEvent } from '../../src/kernel/events.js';
import { newId } from '../../src/kernel/ids.js';
import { type Database, sqlOf } from '../../src/platform/db/database.js';
import { cursorToPosition, eventWriter, type Position, START_OF_LOG } from '../../src/platform/realtime/event-log.js';
import { type EventTail, startEventTail } from '../../src/platform/realtime/event-tail.js';
import { DATABASES, openTestDatabase } from '../support/database.js';

const NOTHING_FAILS = { pollMs: 20, onError: (error: unknown) => expect.unreachable(String(error)) };

let database: Database;
let tail: EventTail;
const tenant = newId(new Date());
const other = newId(new Date());

const write = (tenantId: string, numbers: readonly number[]) =>
  database.run(tenantId, (tx) =>
    eventWriter.append(
      tx,
      numbers.map((number) => ({
        type: 'goal.created',
        subjectId: tenantId,
        data: { number },
        actor: 'test',
        at: new Date(),
      })),
    ),
  );

async function take(
  count: number,
  after: Position,
  tenantId = tenant,
  from = tail,
): Promise<{ number: number; cursor: string }[]> {
  const taken: { number: number; cursor: string }[] = [];
  for await (const { data, cursor } of from.follow(tenantId, after, new AbortController().signal)) {
    taken.push({ number: Number(data.number), cursor });
    if (taken.length === count) break;
  }
  return taken;
}
const numbers = (taken: readonly { number: number }[]) => taken.map(({ number }) => number);
const upTo = (count: number, from = 0) => Array.from({ length: count }, (_, index) => index + from);

const open = async (kind: (typeof DATABASES)[number]) => {
  database = await openTestDatabase(kind);
  for (const [index, id] of [tenant, other].entries()) {
    await database.asServer((sql) =>
      sql('insert into tenant (id, slug, name, created_at) values ($1, $2, $2, now())', [id, `tenant-${index}`]),
    );
  }
};

describe.each(DATABASES)('the event tail on %s', (kind) => {
  beforeEach(async () => {
    await open(kind);
    tail = await startEventTail(database, { ...NOTHING_FAILS, keep: 10 });
    database.onLogged(tail.wake);
  });
  afterEach(async () => {
    await tail.stop();
    await database.close();
  });

  test('gives what came behind a cursor, in order, then goes live, of one tenant only', async () => {
    await write(tenant, [0, 1, 2]);
    await write(other, [100, 101]);
    const [first] = await take(1, START_OF_LOG);
    const following = take(5, cursorToPosition(first?.cursor ?? '', 'after'));
    await write(other, [102]);
    await write(tenant, [3, 4, 5]);
    expect(numbers(await following)).toEqual([1, 2, 3, 4, 5]);
  });

  test('a reader far behind what is kept in memory is served from the database, without gap or repeat', async () => {
    for (const start of upTo(30)) {
      await write(tenant, upTo(5, start * 5));
      await write(other, upTo(5));
    }
    expect(numbers(await take(150, START_OF_LOG))).toEqual(upTo(150));
  });

  test('a reader that pauses in the middle of a burst misses nothing', async () => {
    const reader = tail.follow(tenant, START_OF_LOG, new AbortController().signal);
    await write(tenant, [0]);
    const seen = [Number((await reader.next()).value?.data.number)];
    for (const start of upTo(40)) await write(tenant, upTo(5, 1 + start * 5));
    while (seen.length < 201) seen.push(Number((await reader.next()).value?.data.number));
    await reader.return();
    expect(seen).toEqual(upTo(201));
  });

  test('a new tail resumes from a cursor of an earlier one', async () => {
    await write(tenant, [0, 1]);
    const [, second] = await take(2, START_OF_LOG);
    await tail.stop();
    await write(tenant, [2, 3]);
    tail = await startEventTail(database, NOTHING_FAILS);
    expect(numbers(await take(2, cursorToPosition(second?.cursor ?? '', 'after')))).toEqual([2, 3]);
  });

  test('stopping ends every reader, also one that waits', async () => {
    const waiting = tail.follow(tenant, START_OF_LOG, new AbortController().signal).next();
    await tail.stop();
    expect((await waiting).done).toBe(true);
  });
});

describe('the event tail on postgres, with writers that overlap', () => {
  beforeEach(() => open('postgres'));
  afterEach(async () => {
    await tail.stop();
    await database.close();
  });

  test('an event whose transaction commits late is not skipped', async () => {
    tail = await startEventTail(database, NOTHING_FAILS);
    let commitEarlyWriter = (): void => {};
    const held = new Promise<void>((resolve) => {
      commitEarlyWriter = resolve;
    });
    let written = (): void => {};
    const hasWritten = new Promise<void>((resolve) => {
      written = resolve;
    });
    const early = database.run(tenant, async (tx) => {
      await eventWriter.append(tx, [
        { type: 'goal.created', subjectId: tenant, data: { number: 1 }, actor: 'test', at: new Date() },
      ]);
      written();
      await held;
    });
    await hasWritten;
    await write(tenant, [2]);
    const following = take(2, START_OF_LOG);
    // The later writer has committed; only the earlier one holds the reader back.
    const [visible] = await database.run(tenant, (tx) =>
      sqlOf(tx)<{ count: number }>('select count(*)::int as count from event'),
    );
    expect(visible?.count).toBe(1);
    commitEarlyWriter();
    await early;
    expect(numbers(await following)).toEqual([1, 2]);
  });

  test('twenty writers at once: every event arrives once, in the order of the log', async () => {
    tail = await startEventTail(database, { ...NOTHING_FAILS, keep: 50 });
    database.onLogged(tail.wake);
    const following = take(1000, START_OF_LOG);
    await Promise.all(
      upTo(20).map(async (writer) => {
        for (const round of upTo(25)) await write(tenant, [writer * 1000 + round * 2, writer * 1000 + round * 2 + 1]);
      }),
    );
    const seen = numbers(await following);
    expect(new Set(seen).size).toBe(1000);
    for (const writer of upTo(20)) {
      const own = seen.filter((number) => Math.floor(number / 1000) === writer);
      expect(own).toEqual(upTo(50, writer * 1000));
    }
    expect(numbers(await take(1000, START_OF_LOG))).toEqual(seen);
  });

  test('readers of every pace, with and without a filter, beside writers of two tenants: each sees its own, once', async () => {
    tail = await startEventTail(database, { ...NOTHING_FAILS, keep: 10 });
    database.onLogged(tail.wake);
    const LAST = 1_000_000;
    /** Reads until the last number, and lets others go first `pause` times before each event. */
    const read = async (tenantId: string, pause: number, matches?: (event: LogEvent) => boolean): Promise<number[]> => {
      const seen: number[] = [];
      const signal = new AbortController().signal;
      for await (const { data } of tail.follow(tenantId, START_OF_LOG, signal, matches)) {
        if (data.number === LAST) break;
        seen.push(Number(data.number));
        for (let turn = 0; turn < pause; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      }
      return seen;
    };
    const isEven = ({ data }: LogEvent) => Number(data.number) % 2 === 0;
    const paces = [0, 0, 1, 5, 20, 60];
    const all = paces.map((pause) => read(tenant, pause));
    const even = paces.map((pause) => read(tenant, pause, isEven));
    const ofOther = paces.map((pause) => read(other, pause));
    await Promise.all(
      upTo(8).map(async (writer) => {
        for (const round of upTo(20)) {
          await write(tenant, [writer * 1000 + round * 2, writer * 1000 + round * 2 + 1]);
          await write(other, [writer * 1000 + round]);
        }
      }),
    );
    await Promise.all([write(tenant, [LAST]), write(other, [LAST])]);
    const [expected, expectedOther] = [await read(tenant, 0), await read(other, 0)];
    expect([...expected].sort((a, b) => a - b)).toEqual(upTo(8).flatMap((writer) => upTo(40, writer * 1000)));
    for (const seen of await Promise.all(all)) expect(seen).toEqual(expected);
    for (const seen of await Promise.all(even)) expect(seen).toEqual(expected.filter((number) => number % 2 === 0));
    for (const seen of await Promise.all(ofOther)) expect(seen).toEqual(expectedOther);
  });
});
