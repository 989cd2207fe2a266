import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Id } from '../../../kernel/ids.js';
import type { JsonValue } from '../../../kernel/json.js';
import type { Position } from './position.js';

/** Most events under one seal. */
export const MAX_EVENTS_PER_SEAL = 1_000;

/** An event with every column as the database itself writes it, so that nothing is rounded before it is hashed. */
export interface RecordedEvent {
  readonly position: Position;
  readonly tenantId: Id;
  readonly type: string;
  readonly subjectId: string;
  /** The text form of the jsonb value. */
  readonly data: string;
  readonly actor: string;
  /** Seconds since 1970 with six decimals. */
  readonly at: string;
}

/** What a seal keeps of one event. */
export interface Entry {
  readonly position: Position;
  /** SHA-256 of what the event says, in hex. The place is not part of it, so that a moved event is recognised. */
  readonly digest: string;
}

/** A batch of the log, fixed: each seal contains the hash of the one before. */
export interface Seal {
  readonly tenantId: Id;
  /** 1, 2, 3, … within the tenant. */
  readonly number: number;
  readonly from: Position;
  readonly to: Position;
  readonly count: number;
  /** One for each event, in log order. */
  readonly entries: readonly Entry[];
  /** Hash of the seal before; of the first one: `firstLink` of the tenant. */
  readonly previousHash: string;
  /** SHA-256 over everything else here, in hex. */
  readonly hash: string;
  /** Seconds since 1970 with six decimals, as the database has it. */
  readonly sealedAt: string;
}

/** Names what is hashed and how, so that a later form can never be taken for this one. */
const FORMS = {
  start: 'countersign.audit-start.v1',
  event: 'countersign.audit-event.v1',
  seal: 'countersign.audit-seal.v1',
} as const;

/** What the first seal of a tenant follows on: a chain copied from another tenant does not fit. */
export const firstLink = (tenantId: Id): string => hashOf({ form: FORMS.start, tenantId });

/** The digest of what an event says: all of its columns but its place. */
export function digestOfEvent({ tenantId, type, subjectId, data, actor, at }: RecordedEvent): string {
  return hashOf({ form: FORMS.event, tenantId, type, subjectId, data, actor, at });
}

/** The hash a seal should carry, over all its other fields, its entries and the hash of the seal before. */
export function hashOfSeal(seal: Omit<Seal, 'hash'>): string {
  const { tenantId, number, from, to, count, entries, previousHash, sealedAt } = seal;
  return hashOf({
    form: FORMS.seal,
    tenantId,
    number,
    from: inText(from),
    to: inText(to),
    count,
    entries: entries.map(({ position, digest }) => [...inText(position), digest]),
    previousHash,
    sealedAt,
  });
}

/** What a new seal follows on. */
export interface ChainEnd {
  readonly tenantId: Id;
  /** Number and hash of the newest seal; 0 and `firstLink` when there is none. */
  readonly number: number;
  readonly hash: string;
}

/** Seals the events that come next in the log. @param events in log order, at least one */
export function nextSeal(end: ChainEnd, events: readonly RecordedEvent[], now: Date): Seal {
  const entries = events.map((event): Entry => ({ position: event.position, digest: digestOfEvent(event) }));
  const [first] = entries;
  const last = entries.at(-1);
  if (!first || !last) throw new Error('a seal over no events');
  const seal = {
    tenantId: end.tenantId,
    number: end.number + 1,
    from: first.position,
    to: last.position,
    count: entries.length,
    entries,
    previousHash: end.hash,
    sealedAt: `${(now.getTime() / 1000).toFixed(3)}000`,
  };
  return { ...seal, hash: hashOfSeal(seal) };
}

/** 64-bit numbers go as text: JSON's numbers would round them. */
const inText = ({ tx, id }: Position): [string, string] => [tx.toString(), id.toString()];

function hashOf(value: JsonValue): string {
  const text = canonicalize(value);
  if (text === undefined) throw new Error('not JSON');
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
