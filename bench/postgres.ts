import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startPostgres as startServer } from '../test/support/postgres.js';
import { askCell } from './cell.js';
import type { Sample } from './propose/proposal.js';

export const TENANT = '01900000-0000-7000-8000-000000000000';
/** Accounts that proposals name, so that foreign keys and look-ups have something to do. */
export const ACCOUNTS = 200;
export const accountId = (index: number): string => `01900000-0000-7000-8001-${String(index).padStart(12, '0')}`;

/** A real PostgreSQL with its own settings, except for the number of connections. */
export interface Postgres {
  /** What one proposal leaves behind. */
  readonly sample: Sample;
  /** Version and durability settings, as the server reports them. */
  readonly settings: Readonly<Record<string, string>>;
  /** A fresh copy of the migrated database with its tenant and accounts; gives its URL. */
  freshDatabase(): Promise<string>;
  drop(url: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it on the disk of this checkout: a temporary folder may be memory, where fsync costs nothing. */
export async function startPostgres(): Promise<Postgres> {
  const folder = fileURLToPath(new URL(`./out/postgres-${process.pid}`, import.meta.url));
  await mkdir(fileURLToPath(new URL('./out', import.meta.url)), { recursive: true });
  const server = await startServer(folder);
  const admin = new pg.Client({ connectionString: `${server.url}/postgres` });
  await admin.connect();
  await admin.query('create database template_of_bench');
  const sample = await askCell<Sample>('history', `${server.url}/template_of_bench`);
  let databases = 0;
  return {
    sample,
    settings: await settingsOf(admin),
    async freshDatabase() {
      databases += 1;
      await admin.query(`create database bench_${databases} template template_of_bench`);
      await admin.query('checkpoint');
      return `${server.url}/bench_${databases}`;
    },
    async drop(url) {
      await admin.query(`drop database ${new URL(url).pathname.slice(1)} with (force)`);
    },
    async stop() {
      await admin.end();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function settingsOf(client: pg.Client): Promise<Record<string, string>> {
  const names = ['server_version', 'fsync', 'synchronous_commit', 'wal_sync_method', 'full_page_writes'];
  const settings: Record<string, string> = {};
  for (const name of names) {
    const { rows } = await client.query(`show ${name}`);
    settings[name] = String(rows[0]?.[name]);
  }
  return settings;
}
