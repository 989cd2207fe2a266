import type { Database } from '../db/database.js';
import { type EventTail, startEventTail } from './event-tail.js';
import { startLogHints } from './log-hints.js';
import { type RetentionOptions, startRetention } from './retention.js';

export interface LogOptions {
  /** How often the log is read when no hint came, in milliseconds. */
  readonly pollMs: number;
  /** What is deleted when; undefined: everything is kept for ever. */
  readonly retention: Omit<RetentionOptions, 'onError'> | undefined;
  /** Told of what failed, in words, and why. Each goes on by itself. */
  readonly onTrouble: (error: unknown, what: string) => void;
}

/** What follows the log in this process, connected: its tail, hints from and to other instances, retention. */
export async function startLog(
  database: Database,
  { pollMs, retention, onTrouble }: LogOptions,
): Promise<{ readonly tail: EventTail; stop(): Promise<void> }> {
  const tail = await startEventTail(database, {
    pollMs,
    onError: (error) => onTrouble(error, 'reading the log failed'),
  });
  const hints =
    database.direct &&
    startLogHints({
      connection: database.direct,
      onHint: tail.wake,
      onLost: (error) => onTrouble(error, 'the connection for hints about the log is lost; polling goes on'),
    });
  const ignoreCommits = database.onLogged(() => {
    tail.wake();
    hints?.announce();
  });
  const stopRetention =
    retention &&
    startRetention(database, { ...retention, onError: (error) => onTrouble(error, 'deleting old events failed') });
  return {
    tail,
    async stop() {
      ignoreCommits();
      await Promise.all([tail.stop(), hints?.stop(), stopRetention?.()]);
    },
  };
}
