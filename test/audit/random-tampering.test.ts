import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Head } from '../../src/features/audit/domain/chain.js';
import type { AuditProblemKind } from '../../src/features/audit/domain/findings.js';
import type { Database } from '../../src/platform/db/database.js';
import { DATABASES, openTestDatabase } from '../support/database.js';
import { openLog, placeOf, type SealedLog, type StoredEvent } from './sealed-log.js';

/** What happens to a log before anybody tampers: transactions of so many events, with seals in between. */
const history = fc.array(
  fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1, max: 6 }) }, fc.constant('seal' as const)),
  {
    minLength: 1,
    maxLength: 8,
  },
);
type History = readonly (number | 'seal')[];

const TAMPERS = ['edit', 'delete', 'swap', 'insert', 'alter seal', 'delete seal', 'cut off', 'write anew'] as const;
const tamper = fc.record({
  what: fc.constantFrom(...TAMPERS),
  /** Where, as a share of what there is. */
  at: fc.nat({ max: 999 }),
  and: fc.nat({ max: 999 }),
  column: fc.constantFrom<keyof StoredEvent>('type', 'subject_id', 'data', 'actor', 'at'),
});
type Tamper = typeof tamper extends fc.Arbitrary<infer T> ? T : never;

const RUNS = { pglite: 40, postgres: 60 } as const;

describe.each(DATABASES)('whatever is written and sealed on %s', (kind) => {
  let database: Database;
  beforeAll(async () => {
    database = await openTestDatabase(kind);
  });
  afterAll(() => database.close());

  const live = async (steps: History): Promise<{ log: SealedLog; sealed: readonly StoredEvent[]; head: Head }> => {
    const log = await openLog(database);
    for (const step of steps) await (step === 'seal' ? log.seal() : log.write(step));
    const sealed = (await log.verify()).eventsChecked;
    return { log, sealed: (await log.events()).slice(0, sealed), head: await log.head() };
  };

  test('holds as long as nobody tampers', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const { log, head } = await live(steps);
        expect(await log.problems({ head })).toEqual([]);
        await log.write(2);
        await log.seal();
        expect(await log.problems({ head })).toEqual([]);
        expect(await log.problems({ after: head })).toEqual([]);
      }),
      { numRuns: RUNS[kind] / 2 },
    );
  });

  test('shows any one thing that was done to it, by its kind and place', async () => {
    await fc.assert(
      fc.asyncProperty(history, tamper, async (steps, done) => {
        const { log, sealed, head } = await live([...steps, 'seal']);
        fc.pre(sealed.length > 1);
        const expected = await tamperWith(log, { sealed, head, done });
        const { problems } = await log.verify({ head });
        expect(problems.map((problem) => problem.kind)).toContain(expected.kind);
        if (expected.place !== undefined) {
          const [first] = problems;
          expect(placeOf(first?.position ?? { tx: '', id: '' })).toBe(expected.place);
        }
      }),
      { numRuns: RUNS[kind] },
    );
  });
});

interface Expected {
  readonly kind: AuditProblemKind;
  /** Of the first difference; undefined where it is not known beforehand. */
  readonly place?: string;
}

async function tamperWith(
  log: SealedLog,
  { sealed, head, done }: { readonly sealed: readonly StoredEvent[]; readonly head: Head; readonly done: Tamper },
): Promise<Expected> {
  const pick = (share: number): StoredEvent => {
    const event = sealed[Math.floor((share / 1_000) * sealed.length)];
    if (!event) throw new Error('nothing sealed');
    return event;
  };
  const seal = Math.floor((done.at / 1_000) * head.number) + 1;
  const onSeal = (statement: string) =>
    log.asOwner(`${statement} where tenant_id = $1 and number = $2`, [log.tenantId, seal]);
  const event = pick(done.at);

  switch (done.what) {
    case 'edit':
      await log.overwrite(event, { ...event, [done.column]: EDITS[done.column] });
      return { kind: 'event_edited', place: placeOf(event) };
    case 'delete':
      await log.remove(event);
      return { kind: 'event_deleted', place: placeOf(event) };
    case 'swap': {
      const other = pick(done.and) === event ? pick((done.at + 500) % 1_000) : pick(done.and);
      await log.overwrite(event, other);
      await log.overwrite(other, event);
      const first = sealed.indexOf(event) < sealed.indexOf(other) ? event : other;
      return { kind: 'events_reordered', place: placeOf(first) };
    }
    case 'insert': {
      const forged = { ...event, id: '-1', actor: pick(done.and).actor };
      await log.insert(forged);
      return { kind: 'event_inserted', place: placeOf(forged) };
    }
    case 'alter seal':
      await onSeal('update seal set entries = set_byte(entries, 20, (get_byte(entries, 20) + 1) % 256)');
      return { kind: 'seal_altered' };
    case 'delete seal':
      await onSeal('delete from seal');
      return { kind: seal === head.number ? 'head_missing' : 'seal_missing' };
    case 'cut off':
      await log.asOwner('delete from seal where tenant_id = $1 and number >= $2', [log.tenantId, seal]);
      return { kind: 'head_missing' };
    case 'write anew': {
      await log.overwrite(event, { ...event, actor: 'somebody else' });
      await log.asOwner('delete from seal where tenant_id = $1', [log.tenantId]);
      await log.seal();
      return { kind: head.number === 1 ? 'head_differs' : 'head_missing' };
    }
    default:
      throw new Error(`unknown: ${done.what satisfies never}`);
  }
}

/** Something else than any event of the test says, by column. */
const EDITS: Readonly<Record<string, string>> = {
  type: 'approval.approved',
  subject_id: '00000000-0000-7000-8000-000000000000',
  data: '{}',
  actor: 'somebody else',
  at: '2026-01-01T00:00:00.000001Z',
};
