import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { DirectConnection } from '../db/database.js';
import { pause } from './pause.js';

const CHANNEL = 'countersign_log';
/** At most one hint in this time leaves the process, in milliseconds. */
const COALESCE_MS = 5;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Tells the other instances that the log has grown, and hears it from them. A hint is never more than that: whoever
 * misses it finds the event at the next poll.
 */
export interface LogHints {
  /** The log has grown by a transaction of this process that is committed. Cheap; any number of calls become one hint. */
  announce(): void;
  /** Safe to call twice. */
  stop(): Promise<void>;
}

export interface LogHintsOptions {
  readonly connection: DirectConnection;
  /** Another instance has written, or hints may have been missed. */
  readonly onHint: () => void;
  /** Told when the connection is lost or cannot be made; it is tried again. */
  readonly onLost: (error: unknown) => void;
}

/**
 * Hints over LISTEN and NOTIFY, on one connection that does nothing else. Inside the transaction that writes, NOTIFY
 * would make commits queue for one lock.
 */
export function startLogHints({ connection, onHint, onLost }: LogHintsOptions): LogHints {
  /** In every hint, to tell one's own: this process knows already. */
  const self = randomUUID();
  const stopped = new AbortController();
  let listening: pg.Client | undefined;
  let pending = false;
  let sending = false;

  const send = async (): Promise<void> => {
    if (sending) return;
    sending = true;
    while (pending && listening) {
      pending = false;
      // A hint that fails is one of those that get lost; the connection's own loop sees to the connection.
      await listening.query('select pg_notify($1, $2)', [CHANNEL, self]).catch(() => {});
      await pause(COALESCE_MS, stopped.signal);
    }
    sending = false;
  };

  /** One connection, until it ends. */
  const listen = async (onListening: () => void): Promise<void> => {
    const socket = connection.stream();
    const client = new pg.Client({ ...connection, stream: () => socket, application_name: 'countersign hints' });
    const lost = new Promise<Error>((resolve) => {
      client.once('error', resolve);
      client.once('end', () => resolve(new Error('the connection ended')));
    });
    // What a dying connection says after its first error.
    client.on('error', () => {});
    const hangUp = (): void => void socket.destroy();
    stopped.signal.addEventListener('abort', hangUp);
    client.on('notification', ({ payload }) => {
      if (payload !== self) onHint();
    });
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      onListening();
      listening = client;
      onHint();
      void send();
      // A connection that has gone silent is dropped; on a living one nothing would move for as long as nobody writes.
      while (!stopped.signal.aborted) {
        const error = await Promise.race([lost, pause(connection.connectionTimeoutMillis / 2, stopped.signal)]);
        if (error) throw error;
        await client.query('select 1');
      }
    } finally {
      listening = undefined;
      stopped.signal.removeEventListener('abort', hangUp);
      hangUp();
    }
  };

  const keepListening = async (): Promise<void> => {
    for (let losses = 0; !stopped.signal.aborted; losses += 1) {
      await listen(() => {
        losses = 0;
      }).catch((error: unknown) => {
        if (!stopped.signal.aborted) onLost(error);
      });
      await pause(Math.min(FIRST_PAUSE_MS * 2 ** losses, LONGEST_PAUSE_MS), stopped.signal);
    }
  };
  const running = keepListening();

  return {
    announce() {
      pending = true;
      void send();
    },
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
