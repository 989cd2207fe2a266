import { SingleBar } from 'cli-progress';
import type { Terminal } from '../commands/terminal.js';

export interface Progress {
  /** So many further bytes were read, out of the total. */
  advance(bytes: number): void;
  /** So many records are at the server now. */
  sent(records: number): void;
  stop(): void;
}

/** How often a line is written where there is no terminal to draw a bar in, in milliseconds. */
const LINE_EVERY_MS = 3_000;

/** Draws a bar on a terminal; elsewhere, in a log or a pipe, writes a plain line now and then. */
export const showProgress = (stderr: Terminal['stderr'], totalBytes: number): Progress =>
  stderr.isTTY ? bar(stderr, totalBytes) : lines(stderr, totalBytes);

function bar(stderr: Terminal['stderr'], totalBytes: number): Progress {
  const drawn = new SingleBar({
    format: 'reading and sending {bar} {percentage} %  {records} records',
    stream: stderr,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    clearOnComplete: true,
    hideCursor: null,
    linewrap: null,
    gracefulExit: false,
  });
  let [bytes, records] = [0, 0];
  drawn.start(totalBytes, 0, { records });
  return {
    advance(more) {
      bytes += more;
      drawn.update(bytes, { records });
    },
    sent(more) {
      records += more;
      drawn.update(bytes, { records });
    },
    stop: () => drawn.stop(),
  };
}

function lines(stderr: Terminal['stderr'], totalBytes: number): Progress {
  let [bytes, records] = [0, 0];
  let writtenAt = performance.now();
  const write = (): void => {
    const percentage = totalBytes === 0 ? 100 : Math.floor((bytes / totalBytes) * 100);
    stderr.write(`reading and sending: ${percentage} %, ${records} ${records === 1 ? 'record' : 'records'}\n`);
    writtenAt = performance.now();
  };
  const writeIfDue = (): void => {
    if (performance.now() - writtenAt >= LINE_EVERY_MS) write();
  };
  return {
    advance(more) {
      bytes += more;
      writeIfDue();
    },
    sent(more) {
      records += more;
      writeIfDue();
    },
    stop: write,
  };
}
