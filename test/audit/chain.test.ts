import { describe, expect, test } from 'vitest';
import { judgeHead, judgeLink, type Link } from '../../src/features/audit/domain/chain.js';
import { type Difference, recogniseReordering } from '../../src/features/audit/domain/comparison.js';
import { Findings } from '../../src/features/audit/domain/findings.js';
import { LOWEST } from '../../src/features/audit/domain/position.js';
import {
  firstLink,
  hashOfSeal,
  nextSeal,
  type RecordedEvent,
  type Seal,
} from '../../src/features/audit/domain/seal.js';

const TENANT = '0198c0de-0000-7000-8000-000000000001';
const NOW = new Date('2026-11-23T12:00:00.123Z');
const START: Link = { number: 0, hash: firstLink(TENANT), to: LOWEST };

const event = (tx: number, id: number): RecordedEvent => ({
  position: { tx: BigInt(tx), id: BigInt(id) },
  tenantId: TENANT,
  type: 'goal.created',
  subjectId: TENANT,
  data: `{"number": ${id}}`,
  actor: 'ana',
  at: '1767225600.000001',
});
const seal = (end: Link, ...events: readonly RecordedEvent[]): Seal =>
  nextSeal({ tenantId: TENANT, ...end }, events, NOW);
const resealed = (content: Omit<Seal, 'hash'>): Seal => ({ ...content, hash: hashOfSeal(content) });
const kinds = ({ problems }: { readonly problems: readonly { readonly kind: string }[] }) =>
  problems.map(({ kind }) => kind);

describe('a chain of seals', () => {
  const first = seal(START, event(1, 1), event(1, 2), event(3, 9));
  const second = seal(first, event(4, 3), event(7, 12));

  test('has the hashes that the documented form gives', () => {
    // Computed by another program from docs/AUDIT.md.
    expect([START.hash, first.entries[0]?.digest, first.hash]).toEqual([
      'afc88a6e562a3001a6a46311837758663412429f1fc46a4f65fb1d30c5c07320',
      '3af9ce8f23232b1bb464db67219ec2ef31d359a49c2991a847f42a943aa20c15',
      'f0b451caa82c439d220b284aa295a546db7cd774a3f720b4fcedbc5c52882edf',
    ]);
  });

  test('begins differently for each tenant', () => {
    expect(firstLink('0198c0de-0000-7000-8000-000000000002')).not.toBe(START.hash);
  });

  test('holds when every seal follows on the one before', () => {
    expect(judgeLink(START, first)).toEqual({ problems: [], entriesHold: true, follows: true });
    expect(judgeLink(first, second)).toEqual({ problems: [], entriesHold: true, follows: true });
    expect(judgeHead(second, second)).toEqual([]);
  });

  test('is broken by a sound seal that covers a part of the log again', () => {
    expect(kinds(judgeLink(first, seal(first, event(3, 9), event(4, 3))))).toEqual(['chain_broken']);
    expect(kinds(judgeLink(first, seal(first, event(2, 1))))).toEqual(['chain_broken']);
  });

  test.each([
    ['count', { count: 1 }],
    ['beginning', { from: { tx: 4n, id: 2n } }],
    ['end', { to: { tx: 7n, id: 13n } }],
    ['lack of entries', { entries: [], count: 0 }],
  ])('takes a seal for altered whose %s is not that of its entries, even when its hash is right', (_, change) => {
    const { hash, ...content } = second;
    const forged = resealed({ ...content, ...change });
    expect(forged.hash).not.toBe(hash);
    expect(judgeLink(first, forged)).toMatchObject({ problems: [{ kind: 'seal_altered' }], entriesHold: false });
    expect(judgeHead(forged, forged).map(({ kind }) => kind)).toEqual(['seal_altered']);
  });
});

describe('what was found', () => {
  const difference = (kind: Difference['kind'], id: number, sealed?: string, found?: string): Difference => ({
    kind,
    seal: 1,
    position: { tx: 1n, id: BigInt(id) },
    sealed,
    found,
  });

  test('names the first place of each kind, in whatever order it came', () => {
    const findings = new Findings();
    findings.noteEvent(difference('event_inserted', 8, undefined, 'a'));
    findings.noteEvent(difference('event_deleted', 2, 'a'));
    findings.settleDeletions(undefined);
    expect(findings.problems()).toMatchObject([{ kind: 'events_reordered', position: { tx: 1n, id: 2n } }]);
  });

  test.each([
    ['an event copied over another', [difference('event_edited', 1, 'a', 'b')], ['event_edited']],
    [
      'an event moved over another',
      [difference('event_edited', 1, 'a', 'b'), difference('event_deleted', 2, 'b')],
      ['event_edited', 'events_reordered'],
    ],
    [
      'three events moved round',
      [
        difference('event_edited', 1, 'a', 'b'),
        difference('event_edited', 2, 'b', 'c'),
        difference('event_edited', 3, 'c', 'a'),
      ],
      ['events_reordered', 'events_reordered', 'events_reordered'],
    ],
    [
      'one deleted and another inserted',
      [difference('event_deleted', 1, 'a'), difference('event_inserted', 2, undefined, 'b')],
      ['event_deleted', 'event_inserted'],
    ],
  ])('calls %s by its name', (_, differences, expected) => {
    expect(recogniseReordering(differences).map(({ kind }) => kind)).toEqual(expected);
  });

  test('stays countable however much it is', () => {
    const findings = new Findings();
    for (let id = 0; id < 25_000; id += 1) findings.noteEvent(difference('event_inserted', id, undefined, `${id}`));
    expect(findings.problems()).toMatchObject([
      { kind: 'event_inserted', position: { id: 0n }, message: expect.stringContaining('25000 events') },
    ]);
  });
});
