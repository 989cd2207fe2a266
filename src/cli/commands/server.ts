import { createApp, findRunningServer } from '../../app.js';
import { CountersignError } from '../../client/error.js';
import type { Config } from '../../config.js';
import type { Role } from '../../kernel/actor.js';
import { systemClock } from '../../kernel/clock.js';
import { tokensOf } from '../../tokens.js';
import { CommandError } from './terminal.js';

/** A server that a command may talk to. */
export interface ReachableServer {
  readonly url: string;
  /** Ends the server, if it was started for the command. */
  close(): Promise<void>;
}

/** The server that runs on the data folder of these settings. There is no such file for a PostgreSQL database. */
export function findServer(config: Config): ReachableServer | undefined {
  const running = config.databaseUrl === undefined ? findRunningServer(config.dataDir) : undefined;
  return running && { url: running.url, close: async () => {} };
}

/** Starts a server inside this process, on a free port of this machine. @throws StartupError */
export const startServer = (config: Config): Promise<ReachableServer> =>
  createApp({ ...config, port: 0, host: '127.0.0.1' });

/** How long a command may take, in milliseconds. */
const LONGEST_RUN = 12 * 3_600_000;

/** A token that the server of these settings accepts, for as long as a command runs. */
export function mintToken(config: Config, claims: { tenant: string; user: string; role: Role }): Promise<string> {
  const { tenant, user, role } = claims;
  const expiresAt = new Date(systemClock.now().getTime() + LONGEST_RUN);
  return tokensOf(config).issue({ tenant, user, roles: [role], expiresAt });
}

/** What a command sent to which server. */
export interface Asked {
  readonly url: string;
  readonly tenant: string;
  /** Whether the token came by `--token`, not from the settings. */
  readonly isTokenGiven: boolean;
}

/** Where a server did not recognise a command: which option or setting is to blame. Anything else stays as it is. */
export function explained(error: unknown, { url, tenant, isTokenGiven }: Asked): unknown {
  if (!(error instanceof CountersignError) || error.code !== 'UNAUTHENTICATED') return error;
  const place = `the server at ${url}`;
  const problem = isTokenGiven
    ? `--token: expected a token that ${place} takes. ${error.message}`
    : error.details.unknownTenant !== undefined
      ? `--tenant: expected a tenant that ${place} knows, got ${JSON.stringify(tenant)}. ${error.message}`
      : `--url: expected a server with the secret of these settings, got ${url}, which has another. ` +
        "Set COUNTERSIGN_JWT_SECRET to that server's, or COUNTERSIGN_DATA_DIR to its folder, or give --token where " +
        `the command takes one. ${error.message}`;
  return new CommandError(problem, { cause: error });
}
