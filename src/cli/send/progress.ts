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

/** Draws a bar on a terminal; elsewhere writes a line every few seconds. */
export function showProgress(stderr: Terminal['stderr'], totalBytes: number): Progress {
  const bar = new SingleBar({
    format: 'reading and sending {bar} {percentage} %  {records} records',
    stream: stderr,
    noTTYOutput: true,
    notTTYSchedule: LINE_EVERY_MS,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    clearOnComplete: true,
    hideCursor: null,
    linewrap: null,
    gracefulExit: false,
  });
  let [bytes, records] = [0, 0];
  bar.start(totalBytes, 0, { records });
  return {
    advance(more) {
      bytes += more;
      bar.update(bytes, { records });
    },
    sent(more) {
      records += more;
      bar.update(bytes, { records });
    },
    stop: () => bar.stop(),
  };
}
