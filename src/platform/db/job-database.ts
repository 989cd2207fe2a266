import type { PGlite } from '@electric-sql/pglite';
import type { Pool } from 'pg';
import { fromPglite } from 'pg-boss';
import type { JobDatabase } from '../jobs/job-tables.js';

/** The embedded database under pg-boss: the same instance, which takes one transaction or statement after the other. */
export function jobsOnPglite(instance: () => Promise<PGlite>): JobDatabase {
  return {
    backend: 'pglite',
    connection: {
      async executeSql(text, values) {
        return fromPglite(await instance()).executeSql(text, values);
      },
    },
  };
}

/** PostgreSQL under pg-boss: connections of the server's own pool. */
export function jobsOnPostgres(pool: () => Promise<Pool>): JobDatabase {
  return {
    backend: 'postgres',
    connection: {
      async executeSql(text, values) {
        const client = await (await pool()).connect();
        let failure: Error | undefined;
        try {
          const result: unknown = await client.query(text, values);
          return { rows: rowsOf(result) };
        } catch (error) {
          // A block of statements that failed half-way leaves its transaction open: that connection is not used again.
          failure = error instanceof Error ? error : new Error(String(error));
          throw error;
        } finally {
          client.release(failure);
        }
      },
    },
  };
}

/** Several statements sent as one give a result each. */
const rowsOf = (result: unknown): unknown[] =>
  (Array.isArray(result) ? result : [result]).flatMap((each: { rows?: unknown[] }) => each.rows ?? []);
