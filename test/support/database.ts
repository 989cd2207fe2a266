import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import pg from 'pg';
import { inject } from 'vitest';
import { ENTITIES } from '../../src/compose/entities.js';
import { type Database, openDatabase } from '../../src/platform/db/database.js';

/** Both databases that the product runs on; feature tests run on each. */
export const DATABASES = ['pglite', 'postgres'] as const;
export type DatabaseKind = (typeof DATABASES)[number];

/** A migrated, empty database for one test file. Close it at the end. */
export async function openTestDatabase(kind: DatabaseKind): Promise<Database> {
  if (kind === 'pglite') {
    const loadDataDir = await openAsBlob(inject('migratedPglite'));
    return openDatabase({ location: { folder: undefined }, entities: ENTITIES, loadDataDir });
  }
  const database = await openDatabase({ location: { url: await createPostgresDatabase() }, entities: ENTITIES });
  await database.migrate();
  return database;
}

/** Creates an empty database on the run's PostgreSQL server and gives its URL. */
export async function createPostgresDatabase(): Promise<string> {
  const server = inject('postgresUrl');
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  const client = new pg.Client({ connectionString: `${server}/postgres` });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  return `${server}/${name}`;
}
