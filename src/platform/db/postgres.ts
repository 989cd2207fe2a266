import { Socket } from 'node:net';
import type { Pool, PoolClient } from 'pg';

/** How much longer than a statement may take its answer may be on the way, in milliseconds. */
const GRACE_MS = 2_000;

/**
 * What every connection to PostgreSQL is opened with, so that none waits for ever on a peer that is gone.
 *
 * A connection that was cut without a word (a lost host, a forgotten NAT entry, a failover) still looks open, and TCP
 * takes a quarter of an hour to give up on it. Statements are ended by the server after `timeoutMs`, and idle
 * connections are closed sooner still; so one on which nothing moved for longer is dead, and is dropped.
 *
 * @param timeoutMs how long a statement may take, in milliseconds
 */
export const connectionOptions = (timeoutMs: number) => ({
  keepAlive: true,
  connectionTimeoutMillis: timeoutMs,
  stream: () => {
    const socket = new Socket();
    const silence = timeoutMs + GRACE_MS;
    socket.setTimeout(silence, () => socket.destroy(new Error(`PostgreSQL has been silent for ${silence} ms`)));
    return socket;
  },
});

/**
 * Settings, as expressions to select, that bound the transaction they run in: each statement, and the time between
 * two. The latter frees what a frozen or vanished client holds; a transaction left open also holds back every reader
 * of the log. Set for each transaction, because connection poolers refuse such settings for a whole connection.
 */
export const boundTransaction = (timeoutMs: number): string =>
  ['statement_timeout', 'idle_in_transaction_session_timeout']
    .map((setting) => `set_config('${setting}', '${Math.ceil(timeoutMs)}', true)`)
    .join(', ');

/**
 * Gives a lost connection back to its pool, whoever holds it. Kysely does not when BEGIN or ROLLBACK fails, as both do
 * on a lost connection: each loss would take a place in the pool for ever, and one restart of the database all of them.
 */
export function releaseLost(pool: Pool): void {
  const held = new Set<PoolClient>();
  pool.on('acquire', (client) => held.add(client));
  pool.on('release', (_error, client) => held.delete(client));
  pool.on('connect', (client) => {
    client.once('end', () => {
      if (!held.has(client)) return;
      const { release } = client;
      // The holder may still do it, too; the pool takes that as a mistake.
      client.release = () => {};
      release(true);
    });
  });
}
