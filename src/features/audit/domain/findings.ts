import type { ChainProblem, ChainProblemKind } from './chain.js';
import { type Difference, type EventProblemKind, recogniseReordering } from './comparison.js';
import { comparePositions, type Position } from './position.js';

/** Everything a check may find. */
export type AuditProblemKind = ChainProblemKind | EventProblemKind;

/** One kind of mistake at one seal. */
export interface AuditProblem {
  readonly kind: AuditProblemKind;
  readonly seal: number;
  /** The first place in the log where it shows, when one is known. */
  readonly position: Position | undefined;
  readonly message: string;
}

/**
 * Differences that are kept one by one, which is what recognising a reordering needs. Beyond, events that changed
 * places are reported as edited, deleted or inserted.
 */
const KEPT_SINGLY = 10_000;

interface Group {
  readonly kind: EventProblemKind;
  readonly seal: number;
  first: Position;
  count: number;
}

/** Gathers what a check finds, in bounded memory however much it is. */
export class Findings {
  /** Sealed events that retention has deleted since. */
  noLongerKept = 0;
  private readonly chain: ChainProblem[] = [];
  private readonly single: Difference[] = [];
  private readonly groups = new Map<string, Group>();
  private gone: Difference[] = [];

  noteChain(problems: readonly ChainProblem[]): void {
    this.chain.push(...problems);
  }

  /** A deletion waits for `settleDeletions`. */
  noteEvent(difference: Difference): void {
    if (difference.kind === 'event_deleted') this.gone.push(difference);
    else this.keep(difference);
  }

  /**
   * Judges the deletions noted so far.
   *
   * @param horizon where retention has deleted up to, read after the events: read before, it could miss a deletion
   *   that came in between
   */
  settleDeletions(horizon: Position | undefined): void {
    for (const difference of this.gone) {
      if (horizon && comparePositions(difference.position, horizon) <= 0) this.noLongerKept += 1;
      else this.keep(difference);
    }
    this.gone = [];
  }

  /** Sorted by seal, then by place. */
  problems(): readonly AuditProblem[] {
    for (const difference of recogniseReordering(this.single)) this.count(difference);
    this.single.length = 0;
    const ofEvents = [...this.groups.values()].map(
      ({ kind, seal, first, count }): AuditProblem => ({ kind, seal, position: first, message: describe(kind, count) }),
    );
    return [...this.chain, ...ofEvents].sort((a, b) => a.seal - b.seal || byPlace(a.position, b.position));
  }

  private keep(difference: Difference): void {
    if (this.single.length < KEPT_SINGLY) this.single.push(difference);
    else this.count(difference);
  }

  private count({ kind, seal, position }: Difference): void {
    const key = `${kind} ${seal}`;
    const group = this.groups.get(key);
    if (!group) {
      this.groups.set(key, { kind, seal, first: position, count: 1 });
      return;
    }
    group.count += 1;
    if (comparePositions(position, group.first) < 0) group.first = position;
  }
}

function byPlace(a: Position | undefined, b: Position | undefined): number {
  if (!a || !b) return Number(b !== undefined) - Number(a !== undefined);
  return comparePositions(a, b);
}

function describe(kind: EventProblemKind, count: number): string {
  const events = count === 1 ? '1 event' : `${count} events`;
  switch (kind) {
    case 'event_edited':
      return `${events} under this seal ${count === 1 ? 'says' : 'say'} something else than when sealed.`;
    case 'event_deleted':
      return `${events} under this seal ${count === 1 ? 'is' : 'are'} gone.`;
    case 'event_inserted':
      return `${events} ${count === 1 ? 'stands' : 'stand'} in the sealed part of the log without having been sealed.`;
    case 'events_reordered':
      return `${events} of the log ${count === 1 ? 'has' : 'have'} changed places.`;
    default:
      throw new Error(`unknown kind: ${kind satisfies never}`);
  }
}
