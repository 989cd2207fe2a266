import { type LineOptions, type PhysicalLine, readLines } from './lines.js';

/** Looks ahead in a file's lines without losing count, so that a broken row can be read again from its middle. */
export class LineWindow {
  private readonly batches: AsyncGenerator<readonly PhysicalLine[]>;
  private buffer: PhysicalLine[] = [];
  private head = 0;
  /** Number, from 1, of the line at offset 0. */
  line = 1;

  constructor(path: string, options: LineOptions) {
    this.batches = readLines(path, options);
  }

  /** The line `offset` ahead of the current one; undefined behind the last. */
  async at(offset: number): Promise<PhysicalLine | undefined> {
    while (this.head + offset >= this.buffer.length) {
      const batch = await this.batches.next();
      if (batch.done === true) return undefined;
      this.buffer = [...this.buffer.slice(this.head), ...batch.value];
      this.head = 0;
    }
    return this.buffer[this.head + offset];
  }

  drop(count: number): void {
    this.head += count;
    this.line += count;
  }

  /** Closes the file, however far it was read. */
  async close(): Promise<void> {
    await this.batches.return(undefined);
  }
}
