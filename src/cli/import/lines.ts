import { Buffer, isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';

/** What to do with bytes that are not UTF-8: refuse the row, or read it as Windows' Western European code page. */
export type NotUtf8 = 'refuse' | 'windows-1252';

export interface LineOptions {
  readonly ifNotUtf8?: NotUtf8;
  /** Told after each read how many further bytes of the file were read. */
  readonly onBytes?: (bytes: number) => void;
}

export interface PhysicalLine {
  /** Without its line end. */
  readonly text: string;
  /** Why the text cannot be trusted; null when it can. */
  readonly problem: 'not_utf8' | 'too_long' | null;
}

/** Longest line, and longest row over several lines, that is held in memory. In bytes and in characters. */
export const MAX_ROW = 250_000;

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = '\ufeff';
/** Small enough that a progress bar moves in a file of a few hundred kilobytes. */
const READ_SIZE = 16 * 1024;

/**
 * The file's physical lines, a batch per read. Ends lines at LF and CRLF, drops a byte order mark, takes a last
 * line without an end. Holds one read and one line, however large the file is.
 *
 * @throws whatever the file system throws.
 */
export async function* readLines(path: string, options: LineOptions = {}): AsyncGenerator<readonly PhysicalLine[]> {
  const splitter = new LineSplitter(options.ifNotUtf8 ?? 'refuse');
  for await (const chunk of createReadStream(path, { highWaterMark: READ_SIZE })) {
    const bytes: Buffer = chunk;
    options.onBytes?.(bytes.length);
    yield splitter.push(bytes);
  }
  yield splitter.end();
}

/** Splits bytes, not characters: a line feed is never part of another UTF-8 character, so each line stands alone. */
class LineSplitter {
  private held: Buffer[] = [];
  private heldBytes = 0;
  private atStart = true;

  constructor(private readonly ifNotUtf8: NotUtf8) {}

  push(chunk: Buffer): PhysicalLine[] {
    const lines: PhysicalLine[] = [];
    let from = 0;
    for (let to = chunk.indexOf(LINE_FEED); to !== -1; to = chunk.indexOf(LINE_FEED, from)) {
      this.hold(chunk.subarray(from, to));
      lines.push(this.release());
      from = to + 1;
    }
    if (from < chunk.length) this.hold(chunk.subarray(from));
    return lines;
  }

  end(): PhysicalLine[] {
    return this.heldBytes > 0 ? [this.release()] : [];
  }

  private hold(bytes: Buffer): void {
    if (this.heldBytes <= MAX_ROW) this.held.push(bytes);
    this.heldBytes += bytes.length;
  }

  private release(): PhysicalLine {
    const bytes = Buffer.concat(this.held);
    const tooLong = this.heldBytes > MAX_ROW;
    this.held = [];
    this.heldBytes = 0;
    if (tooLong) return { text: bytes.toString('latin1', 0, 200), problem: 'too_long' };
    const line = this.decode(bytes);
    const text = this.atStart && line.text.startsWith(BYTE_ORDER_MARK) ? line.text.slice(1) : line.text;
    this.atStart = false;
    return { text: text.endsWith('\r') ? text.slice(0, -1) : text, problem: line.problem };
  }

  private decode(bytes: Buffer): PhysicalLine {
    if (isUtf8(bytes)) return { text: bytes.toString('utf8'), problem: null };
    return { text: decodeWindows1252(bytes), problem: this.ifNotUtf8 === 'refuse' ? 'not_utf8' : null };
  }
}

/** The code page's characters for the bytes 0x80 to 0x9f; it equals Latin-1 elsewhere. A dot: not assigned. */
const WINDOWS_1252_UPPER = '€.‚ƒ„…†‡ˆ‰Š‹Œ.Ž..‘’“”•–—˜™š›œ.žŸ';

/** Written out because some Node 24 releases decode `windows-1252` as plain Latin-1. */
function decodeWindows1252(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/[\u0080-\u009f]/g, (control) => {
    const character = WINDOWS_1252_UPPER.charAt(control.charCodeAt(0) - 0x80);
    return character === '.' ? '\ufffd' : character;
  });
}
