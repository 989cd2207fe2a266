import { Writable } from 'node:stream';
import type { Terminal } from '../../src/cli/commands/terminal.js';

export interface RecordedTerminal extends Terminal {
  /** What was written to stdout so far. */
  out(): string;
  /** What was written to stderr so far. */
  err(): string;
}

/** A terminal that is nobody's: no settings but the ones given, and what is written can be read. */
export function recordedTerminal(environment: Readonly<Record<string, string>> = {}): RecordedTerminal {
  const written = { out: '', err: '' };
  const recorder = (key: 'out' | 'err'): Writable =>
    new Writable({
      write(chunk, _encoding, done) {
        written[key] += String(chunk);
        done();
      },
    });
  return {
    stdout: recorder('out'),
    stderr: recorder('err'),
    environment,
    out: () => written.out,
    err: () => written.err,
  };
}
