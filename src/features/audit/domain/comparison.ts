import { comparePositions, type Position } from './position.js';
import { digestOfEvent, type Entry, type RecordedEvent, type Seal } from './seal.js';

/** What can be wrong with sealed events. */
export type EventProblemKind = 'event_edited' | 'event_deleted' | 'event_inserted' | 'events_reordered';

/** One place of the log where the events are not what was sealed. */
export interface Difference {
  readonly kind: EventProblemKind;
  readonly seal: number;
  readonly position: Position;
  /** Digest of what was sealed here; undefined where nothing was. */
  readonly sealed: string | undefined;
  /** Digest of what is here now; undefined where nothing is. */
  readonly found: string | undefined;
}

/**
 * Holds events against the entries of one seal. Takes the events in portions, so that any number of inserted ones
 * needs no memory.
 */
export class Comparison {
  private next = 0;

  /**
   * @param ignoreBefore events before this place are not judged: what covered them is missing or altered
   * @param report told of every difference, in log order
   */
  constructor(
    private readonly seal: Seal,
    private readonly ignoreBefore: Position | undefined,
    private readonly report: (difference: Difference) => void,
  ) {}

  /** @param events in log order, up to the end of the seal */
  take(events: readonly RecordedEvent[]): void {
    for (const event of events) {
      if (this.ignoreBefore && comparePositions(event.position, this.ignoreBefore) < 0) continue;
      this.missUpTo(event.position);
      const entry = this.seal.entries[this.next];
      if (entry && comparePositions(entry.position, event.position) === 0) {
        this.next += 1;
        this.compare(entry, event);
      } else {
        this.note('event_inserted', event.position, undefined, digestOfEvent(event));
      }
    }
  }

  /** After the last event of the range: what has not come is gone. */
  finish(): void {
    this.missUpTo(undefined);
  }

  private missUpTo(position: Position | undefined): void {
    for (
      let entry = this.seal.entries[this.next];
      entry && (!position || comparePositions(entry.position, position) < 0);
      entry = this.seal.entries[this.next]
    ) {
      this.note('event_deleted', entry.position, entry.digest, undefined);
      this.next += 1;
    }
  }

  private compare(entry: Entry, event: RecordedEvent): void {
    const found = digestOfEvent(event);
    if (found !== entry.digest) this.note('event_edited', event.position, entry.digest, found);
  }

  private note(kind: EventProblemKind, position: Position, sealed?: string, found?: string): void {
    this.report({ kind, seal: this.seal.number, position, sealed, found });
  }
}

/**
 * Recognises events that have changed places: what was sealed at one place is found at another, and the other way
 * round.
 */
export function recogniseReordering(differences: readonly Difference[]): readonly Difference[] {
  const sealed = new Set(differences.map((difference) => difference.sealed));
  const found = new Set(differences.map((difference) => difference.found));
  return differences.map((difference) => {
    const cameFromElsewhere = difference.found === undefined || sealed.has(difference.found);
    const wentElsewhere = difference.sealed === undefined || found.has(difference.sealed);
    return cameFromElsewhere && wentElsewhere ? { ...difference, kind: 'events_reordered' } : difference;
  });
}
