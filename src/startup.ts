import { join } from 'node:path';
import type { EntitySchema } from '@mikro-orm/core';
import { type Config, StartupError } from './config.js';
import { type FolderLock, lockDataFolder } from './platform/db/data-folder.js';
import { type Database, type DatabaseLocation, type DatabaseOptions, openDatabase } from './platform/db/database.js';
import { findTenancyProblem } from './platform/db/tenancy.js';
import { findOrderProblem } from './platform/realtime/log-order.js';

// What an operator can get wrong, each said in one line that names the setting.

/** Takes the data folder of the embedded database for this process. @throws StartupError when another has it */
export function takeFolder(folder: string): FolderLock {
  let lock: FolderLock | undefined;
  try {
    lock = lockDataFolder(folder);
  } catch (cause) {
    throw new StartupError(
      `COUNTERSIGN_DATA_DIR: expected a folder that can be made and written, got ${JSON.stringify(folder)}: ${reasonOf(cause)}`,
      { cause },
    );
  }
  if (lock) return lock;
  throw new StartupError(
    `COUNTERSIGN_DATA_DIR: expected a folder that no other process uses, got ${JSON.stringify(folder)}, which a running server holds. ` +
      'Stop that server, or name another folder.',
  );
}

/** Opens the database that the settings name and brings it up to date. @throws StartupError */
export async function reachDatabase(
  config: Config,
  entities: readonly EntitySchema[],
  around?: DatabaseOptions['around'],
): Promise<Database> {
  const location: DatabaseLocation =
    config.databaseUrl === undefined ? { folder: join(config.dataDir, 'pg') } : { url: config.databaseUrl };
  const timeoutMs = config.databaseTimeoutSeconds * 1_000;
  const database = await openDatabase({ location, entities, timeoutMs, ...(around && { around }) });
  const expecting = async (what: string, step: Promise<unknown>): Promise<void> => {
    try {
      await step;
    } catch (cause) {
      await database.close();
      throw new StartupError(`${databaseSetting(config)}: expected ${what}; got: ${reasonOf(cause)}`, { cause });
    }
  };
  await expecting(
    'a database that answers',
    database.asServer((sql) => sql('select 1')),
  );
  await expecting('a database that can be brought up to date', database.migrate());
  return database;
}

const databaseSetting = ({ databaseUrl }: Config): string =>
  databaseUrl === undefined ? 'COUNTERSIGN_DATA_DIR' : 'DATABASE_URL';

/** Refuses to serve from a database that would show one tenant what belongs to another. */
export async function requireTenancy(database: Database, config: Config): Promise<void> {
  const problem = await findTenancyProblem(database);
  if (problem !== undefined) throw new StartupError(`${databaseSetting(config)}: ${problem}`);
}

/** Refuses to serve a log that could not be followed in its order. */
export async function requireOrder(database: Database, config: Config): Promise<void> {
  const problem = await findOrderProblem(database);
  if (problem !== undefined) throw new StartupError(`${databaseSetting(config)}: ${problem}`);
}

/** Why listening failed, in the operator's words where it is the settings' fault. */
export function listenProblem(cause: unknown, { host, port }: Config): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EADDRINUSE') {
    return new StartupError(`PORT: expected a free port, got ${port}, which something else on ${host} listens on.`, {
      cause,
    });
  }
  if (code === 'EACCES') return new StartupError(`PORT: expected a port this user may open, got ${port}.`, { cause });
  if (code === 'ENOTFOUND' || code === 'EADDRNOTAVAIL') {
    return new StartupError(`HOST: expected an address of this machine, got ${JSON.stringify(host)}.`, { cause });
  }
  return cause;
}

const reasonOf = (error: unknown): string => {
  if (error instanceof AggregateError && error.message === '') return reasonOf(error.errors[0]);
  return error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : String(error);
};
