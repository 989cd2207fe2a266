import { comparePositions, type Position } from './domain/position.js';
import type { RecordedEvent } from './domain/seal.js';
import type { EventRange } from './ports.js';

const PAGE = 1_000;

/** Walks a part of the log once, in pages, whatever the borders of the seals over it. */
export class LogWindow {
  private page: readonly RecordedEvent[] = [];
  private exhausted = false;

  /**
   * @param read gives a page of events in log order
   * @param after where the window begins, itself excluded
   * @param end where it ends, itself included
   */
  constructor(
    private readonly read: (range: EventRange) => Promise<readonly RecordedEvent[]>,
    private after: Position,
    private readonly end: Position,
  ) {}

  /** The next events that are not behind `upTo`, at most a page; none when there are no more of them. */
  async take(upTo: Position): Promise<readonly RecordedEvent[]> {
    if (this.page.length === 0 && !this.exhausted) {
      this.page = await this.read({ after: this.after, upTo: this.end, limit: PAGE });
      this.exhausted = this.page.length < PAGE;
      this.after = this.page.at(-1)?.position ?? this.after;
    }
    const behind = this.page.findIndex(({ position }) => comparePositions(position, upTo) > 0);
    const taken = behind === -1 ? this.page : this.page.slice(0, behind);
    this.page = behind === -1 ? [] : this.page.slice(behind);
    return taken;
  }
}
