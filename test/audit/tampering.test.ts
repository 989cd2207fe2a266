import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { firstLink } from '../../src/features/audit/domain/seal.js';
import { newId } from '../../src/kernel/ids.js';
import { type Database, sqlOf } from '../../src/platform/db/database.js';
import { DATABASES, openTestDatabase } from '../support/database.js';
import { openLog, placeOf, type SealedLog, type StoredEvent } from './sealed-log.js';

const SEALS = 4;
const PER_SEAL = 4;

describe.each(DATABASES)('a sealed log on %s', (kind) => {
  let database: Database;
  let log: SealedLog;
  let neighbour: SealedLog;
  let events: readonly StoredEvent[];

  beforeAll(async () => {
    database = await openTestDatabase(kind);
    neighbour = await openLog(database);
    await neighbour.write(5);
    await neighbour.seal();
  });
  afterAll(() => database.close());

  beforeEach(async () => {
    log = await openLog(database);
    for (let number = 0; number < SEALS; number += 1) {
      await log.write(1, PER_SEAL - 1);
      // Between two of ours stands one of another tenant.
      await neighbour.write(1);
      await log.seal();
    }
    events = await log.events();
    expect(await log.problems()).toEqual([]);
  });

  /** The event at this index, and what a report calls its place. */
  const at = (index: number): StoredEvent => {
    const event = events[index];
    if (!event) throw new Error(`there is no event ${index}`);
    return event;
  };
  const place = (index: number): string => placeOf(at(index));
  /** Like this event, at a place behind all others of its transaction. */
  const behind = (index: number): StoredEvent => ({ ...at(index), id: String(1_000_000 + index) });

  test('that nobody touched is as it was sealed, and so are the others', async () => {
    await log.write(3);
    const { problems, sealsChecked, eventsChecked, complete, noLongerKept, checkedTo } = await log.verify();
    expect({ problems, sealsChecked, eventsChecked, complete, noLongerKept }).toEqual({
      problems: [],
      sealsChecked: SEALS,
      eventsChecked: SEALS * PER_SEAL,
      complete: true,
      noLongerKept: 0,
    });
    expect(checkedTo).toEqual(await log.head());
    expect(await neighbour.problems()).toEqual([]);
  });

  test.each([
    ['a fact', `data = jsonb_set(data, '{number}', '-1')`],
    ['the way a number is written', `data = jsonb_set(data, '{share}', '0.10')`],
    ['a fact more', `data = data || '{"more": null}'`],
    ['the type', `type = 'goal.created'`],
    ['the subject', `subject_id = gen_random_uuid()`],
    ['the actor', `actor = 'Agent-1'`],
    ['the time, by a microsecond', `at = at + interval '1 microsecond'`],
    [
      'the time, to before Christ',
      `at = (to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00 BC')::timestamptz`,
    ],
  ])('shows an edit of %s, with the seal and the place', async (_, change) => {
    const { tx, id } = at(6);
    await log.asOwner(`update event set ${change} where tx = $1::xid8 and id = $2`, [tx, id]);
    expect(await log.problems()).toEqual([`2 event_edited ${place(6)}`]);
    expect(await neighbour.problems()).toEqual([]);
  });

  test('shows an event that was given to another tenant, to both', async () => {
    const { tx, id } = at(6);
    await log.asOwner('update event set tenant_id = $3 where tx = $1::xid8 and id = $2', [tx, id, neighbour.tenantId]);
    expect(await log.problems()).toEqual([`2 event_deleted ${place(6)}`]);
    expect(await neighbour.problems()).toContainEqual(expect.stringContaining(`event_inserted ${place(6)}`));
    await log.asOwner('update event set tenant_id = $3 where tx = $1::xid8 and id = $2', [tx, id, log.tenantId]);
    expect([...(await log.problems()), ...(await neighbour.problems())]).toEqual([]);
  });

  test.each([0, 3, 4, 15])('shows that event %i is gone', async (index) => {
    await log.remove(at(index));
    expect(await log.problems()).toEqual([`${Math.floor(index / PER_SEAL) + 1} event_deleted ${place(index)}`]);
  });

  test('counts what is gone under each seal, and names the first', async () => {
    await Promise.all([5, 6, 9].map((index) => log.remove(at(index))));
    const { problems } = await log.verify();
    expect(problems.map(({ seal, message }) => [seal, message])).toEqual([
      [2, '2 events under this seal are gone.'],
      [3, '1 event under this seal is gone.'],
    ]);
    expect(placeOf(problems[0]?.position ?? { tx: 0, id: 0 })).toBe(place(5));
  });

  test('shows two events of one seal that have changed places', async () => {
    const [first, second] = [at(5), at(7)];
    await log.overwrite(first, second);
    await log.overwrite(second, first);
    expect(await log.problems()).toEqual([`2 events_reordered ${place(5)}`]);
  });

  test('shows two events of different seals that have changed places, at both', async () => {
    const [first, second] = [at(1), at(10)];
    await log.overwrite(first, second);
    await log.overwrite(second, first);
    expect(await log.problems()).toEqual([`1 events_reordered ${place(1)}`, `3 events_reordered ${place(10)}`]);
  });

  test('shows an event that was moved to another place', async () => {
    await log.remove(at(2));
    await log.insert({ ...behind(8), ...contentOf(at(2)) });
    expect(await log.problems()).toEqual([
      `1 events_reordered ${place(2)}`,
      `3 events_reordered ${placeOf(behind(8))}`,
    ]);
  });

  test.each([
    ['within a seal', 4, 2],
    ['between two seals', 7, 3],
  ])('shows an event that was put in %s', async (_, index, seal) => {
    // A place behind the last event of a seal belongs to the next one.
    await log.insert(behind(index));
    expect(await log.problems()).toEqual([`${seal} event_inserted ${placeOf(behind(index))}`]);
  });

  test('shows an event that was put in before the first', async () => {
    await log.insert({ ...at(0), tx: '0', id: '-1' });
    expect(await log.problems()).toEqual(['1 event_inserted 0.-1']);
  });

  test('shows an event that was put in just below the end', async () => {
    const last = at(events.length - 1);
    // The rows of a transaction have ascending numbers; 0 is below all of them.
    const forged = { ...last, id: '0' };
    await log.insert(forged);
    expect(await log.problems()).toEqual([`${SEALS} event_inserted ${placeOf(forged)}`]);
  });

  test('shows each of several things that were done', async () => {
    await log.overwrite(at(1), { ...at(1), actor: 'nobody' });
    await log.remove(at(2));
    await log.insert(behind(12));
    expect(await log.problems()).toEqual([
      `1 event_edited ${place(1)}`,
      `1 event_deleted ${place(2)}`,
      `4 event_inserted ${placeOf(behind(12))}`,
    ]);
  });

  test('shows that a batch is gone together with its seal', async () => {
    for (const index of [4, 5, 6, 7]) await log.remove(at(index));
    await log.asOwner('delete from seal where tenant_id = $1 and number = 2', [log.tenantId]);
    expect(await log.problems()).toEqual([`2 seal_missing ${place(3)}`]);
  });

  test('shows that the beginning is gone', async () => {
    await log.asOwner('delete from seal where tenant_id = $1 and number <= 2', [log.tenantId]);
    const { problems } = await log.verify();
    expect(problems.map(({ seal, kind, message }) => [seal, kind, message])).toEqual([
      [1, 'seal_missing', expect.stringContaining('2 seals are missing before seal 3')],
    ]);
  });

  test.each([
    ['count', 'count = count + 1'],
    ['time', `sealed_at = sealed_at - interval '1 microsecond'`],
    ['end', 'to_id = to_id + 1000000'],
    ['end, by far', `to_tx = (to_tx::text::bigint + 1000000)::text::xid8`],
    ['beginning', 'from_id = from_id - 1'],
    ['entries', `entries = set_byte(entries, 40, (get_byte(entries, 40) + 1) % 256)`],
    ['entries, by cutting them', 'entries = substring(entries for 100)'],
    ['entries, by adding to them', `entries = entries || '\\x00'`],
    ['hash', `hash = translate(hash, '0123456789abcdef', '123456789abcdef0')`],
  ])('shows that a seal itself was altered: its %s', async (_, change) => {
    await log.asOwner(`update seal set ${change} where tenant_id = $1 and number = 2`, [log.tenantId]);
    const problems = await log.problems();
    expect(problems[0]).toMatch(/^2 seal_altered /);
    // A seal with another hash is also not the one that the next was made behind.
    expect(problems.slice(1)).toEqual(change.startsWith('hash') ? [`3 chain_broken ${place(8)}`] : []);
  });

  test('an altered end of the newest seal makes no event before it look deleted', async () => {
    await log.asOwner(`update seal set to_tx = '1' where tenant_id = $1 and number = $2`, [log.tenantId, SEALS]);
    expect(await log.problems()).toEqual([`${SEALS} seal_altered ${place(12)}`]);
  });

  test('shows a seal whose link was altered, at that seal only', async () => {
    await log.asOwner('update seal set previous_hash = $2 where tenant_id = $1 and number = 3', [
      log.tenantId,
      firstLink(log.tenantId),
    ]);
    expect(await log.problems()).toEqual([`3 chain_broken ${place(8)}`, `3 seal_altered ${place(8)}`]);
  });

  test('shows an edit that was sealed anew, by the seal behind it', async () => {
    await log.overwrite(at(5), { ...at(5), actor: 'nobody' });
    const later = events.slice(8);
    const [, ...seals] = await takeOffSeals(log, 2);
    for (const event of later) await log.remove(event);
    await log.seal();
    for (const event of later) await log.insert(event);
    await putBack(log, seals);
    expect(await log.problems()).toEqual([`3 chain_broken ${place(8)}`]);
  });

  test('shows against a head written down earlier that the end was cut off', async () => {
    const head = await log.head();
    await log.asOwner('delete from seal where tenant_id = $1 and number = $2', [log.tenantId, SEALS]);
    for (const index of [12, 13, 14, 15]) await log.remove(at(index));
    expect(await log.problems()).toEqual([]);
    expect(await log.problems({ head })).toEqual([`${SEALS} head_missing -`]);
  });

  test('shows against a head written down earlier that the chain was written anew', async () => {
    const head = await log.head();
    await log.overwrite(at(1), { ...at(1), actor: 'nobody' });
    await log.asOwner('delete from seal where tenant_id = $1', [log.tenantId]);
    await log.seal();
    await log.write(2);
    await log.seal();
    expect(await log.problems()).toEqual([]);
    expect((await log.problems({ head }))[0]).toMatch(new RegExp(`^${head.number} head_(differs|missing) `));
  });

  test('shows an earlier head as part of the chain that has grown since', async () => {
    const head = await log.head();
    await log.write(3);
    await log.seal();
    expect((await log.head()).number).toBeGreaterThan(head.number);
    expect(await log.problems({ head })).toEqual([]);
  });

  test('is checked from an earlier head on, when asked to', async () => {
    const after = await log.head();
    await log.write(3);
    await log.seal();
    await log.remove(at(0));
    const { problems, sealsChecked, eventsChecked } = await log.verify({ after });
    expect({ problems, sealsChecked, eventsChecked }).toEqual({ problems: [], sealsChecked: 1, eventsChecked: 3 });
    const forged = { number: after.number, hash: firstLink(newId(new Date())) };
    expect(await log.problems({ after: forged })).toEqual([
      `${SEALS} head_differs ${place(events.length - 1)}`,
      expect.stringContaining(`${SEALS + 1} chain_broken`),
    ]);
  });

  test('takes what retention deleted for deleted, and nothing above its horizon', async () => {
    // Ends in the middle of seal 2.
    for (const index of [0, 1, 2, 3, 4, 5]) await log.remove(at(index));
    await log.asOwner('update log_horizon set tx = $1::xid8, id = $2', [at(5).tx, at(5).id]);
    try {
      const { problems, noLongerKept } = await log.verify();
      expect({ problems, noLongerKept }).toEqual({ problems: [], noLongerKept: 6 });
      await log.remove(at(6));
      expect(await log.problems()).toEqual([`2 event_deleted ${place(6)}`]);
      // Below the horizon the chain still has to hold.
      await log.asOwner('update seal set count = 3 where tenant_id = $1 and number = 1', [log.tenantId]);
      expect((await log.problems())[0]).toBe(`1 seal_altered ${place(0)}`);
    } finally {
      await log.asOwner(`update log_horizon set tx = '0', id = 0`);
    }
  });

  test('shows its seals to its own tenant only, and lets no tenant change them', async () => {
    const count = (tenantId: string) =>
      database.run(tenantId, async (tx) => {
        const [row] = await sqlOf(tx)<{ all: number; foreign: number }>(
          'select count(*)::int as all, (count(*) filter (where tenant_id <> $1))::int as foreign from seal',
          [tenantId],
        );
        return row;
      });
    expect(await count(log.tenantId)).toEqual({ all: SEALS, foreign: 0 });
    expect(await count(newId(new Date()))).toEqual({ all: 0, foreign: 0 });
    for (const statement of ['delete from seal', 'update seal set count = 0', 'insert into seal select * from seal']) {
      await expect(database.run(log.tenantId, (tx) => sqlOf(tx)(statement))).rejects.toThrow(/permission denied/);
    }
  });
});

const contentOf = ({ type, subject_id, data, actor, at }: StoredEvent) => ({ type, subject_id, data, actor, at });

type SealRow = Readonly<Record<string, unknown>>;

/** Removes the seals from `number` on, as JSON to put back later. */
async function takeOffSeals(log: SealedLog, number: number): Promise<readonly SealRow[]> {
  const rows = await log.asOwner<{ row: SealRow }>(
    'delete from seal where tenant_id = $1 and number >= $2 returning to_jsonb(seal) as row',
    [log.tenantId, number],
  );
  return rows.map(({ row }) => row).sort((a, b) => Number(a.number) - Number(b.number));
}

async function putBack(log: SealedLog, rows: readonly SealRow[]): Promise<void> {
  for (const row of rows) {
    await log.asOwner('insert into seal select * from jsonb_populate_record(null::seal, $1::jsonb)', [
      JSON.stringify(row),
    ]);
  }
}
