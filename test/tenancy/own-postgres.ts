import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../support/postgres.js';

/** A PostgreSQL server for one test file: roles belong to the whole server, so changing one would reach other tests. */
export interface OwnPostgres {
  /** A new, empty database of the owner, who connects by the URL. Left out: the superuser. */
  createDatabase(owner?: string): Promise<string>;
  /** Runs statements as the superuser, in the database of the URL if one is given. */
  execute(statements: string, url?: string): Promise<void>;
  /** Drops what `createDatabase` made, and every role but the superuser. */
  forgetEverything(): Promise<void>;
  stop(): Promise<void>;
}

export async function startOwnPostgres(): Promise<OwnPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-tenancy-'));
  // The server may run as another user, who has to pass through.
  await chmod(folder, 0o755);
  const server = await startPostgres(join(folder, 'postgres'), ['fsync=off']);
  const urlOf = (database: string, user = 'postgres') =>
    `postgresql://${user}:${user}@${new URL(server.url).host}/${database}`;
  const made: string[] = [];
  let count = 0;
  const execute = async (statements: string, url = urlOf('postgres')): Promise<void> => {
    const client = new pg.Client({ connectionString: urlOf(new URL(url).pathname.slice(1)) });
    await client.connect();
    await client.query(statements).finally(() => client.end());
  };
  return {
    execute,
    async createDatabase(owner) {
      const name = `d${count++}`;
      made.push(name);
      await execute(`create database ${name} ${owner === undefined ? '' : `owner ${owner}`}`);
      return urlOf(name, owner);
    },
    async forgetEverything() {
      // One by one: several statements in one message are one transaction, in which no database can be dropped.
      for (const name of made.splice(0)) await execute(`drop database ${name} with (force)`);
      await execute(`do $$ declare name text; begin
        for name in select rolname from pg_roles where rolname <> 'postgres' and rolname !~ '^pg_' loop
          execute format('drop role %I', name);
        end loop;
      end $$`);
    },
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
