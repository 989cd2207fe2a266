import { ENTITIES } from '../../src/compose/entities.js';
import { composeFeatures } from '../../src/compose/index.js';
import { createTokens } from '../../src/features/identity/index.js';
import { DEFAULT_HOURS, type JobBodies, type JobContext, type JobOutcome } from '../../src/features/jobs/index.js';
import type { Actor } from '../../src/kernel/actor.js';
import { newId } from '../../src/kernel/ids.js';
import { type Database, openDatabase } from '../../src/platform/db/database.js';
import { createPostgresDatabase, type DatabaseKind, openTestDatabase } from '../support/database.js';

export const START = new Date('2026-03-01T00:00:00Z');
export const LEASE_SECONDS = 60;

export interface JobRow {
  readonly job: string;
  readonly status: string;
  readonly trigger: string;
  readonly started_by: string;
  readonly attempt: number;
  readonly failed: number;
  readonly error: string | null;
}

/** Several instances on one database, each with connections of its own on PostgreSQL, and one clock for all. */
export async function openInstances(kind: DatabaseKind) {
  const url = kind === 'postgres' ? await createPostgresDatabase() : undefined;
  const open = () =>
    url === undefined ? openTestDatabase(kind) : openDatabase({ location: { url }, entities: ENTITIES });
  const shared = await open();
  if (url !== undefined) await shared.migrate();
  const opened = new Set<Database>([shared]);
  const clock = { time: START.getTime(), now: () => new Date(clock.time) };
  const troubles: string[] = [];

  return {
    shared,
    clock,
    /** What the operator was told of. */
    troubles,
    async addTenant(slug: string): Promise<Actor> {
      const tenantId = newId(clock.now());
      await shared.asServer((sql) =>
        sql('insert into tenant (id, slug, name, created_at) values ($1, $2, $2, $3)', [
          tenantId,
          slug,
          START.toISOString(),
        ]),
      );
      return { tenantId, tenant: slug, name: 'mia', root: 'mia', roles: new Set(['manager']) };
    },
    async addInstance(bodies: JobBodies) {
      const database = url === undefined ? shared : await open();
      opened.add(database);
      const { jobRunner, jobQueries } = composeFeatures({
        database,
        tokens: createTokens('a secret of the tests, long enough to be one', clock),
        clock,
        approvalHours: 1,
        jobs: {
          hours: DEFAULT_HOURS,
          leaseSeconds: LEASE_SECONDS,
          bodies,
          onTrouble: (error, what) => void troubles.push(`${what}: ${error}`),
        },
      });
      return {
        runner: jobRunner,
        queries: jobQueries,
        /** As by SIGKILL: what it was doing never gets to say anything again. */
        kill: async () => {
          if (database !== shared) await database.close();
          opened.delete(database);
        },
      };
    },
    runsOf: ({ tenantId }: Pick<Actor, 'tenantId'>): Promise<JobRow[]> =>
      shared.asServer((sql) =>
        sql<JobRow>(
          `select job, status, trigger, started_by, attempt, failed, error from job_run where tenant_id = $1 order by id`,
          [tenantId],
        ),
      ),
    eventsOf: ({ tenantId }: Pick<Actor, 'tenantId'>) =>
      shared.asServer((sql) =>
        sql<{ type: string; actor: string; data: Record<string, unknown> }>(
          `select type, actor, data from event where tenant_id = $1 and type like 'job.%' order by tx, id`,
          [tenantId],
        ),
      ),
    async close() {
      for (const database of opened) await database.close();
      if (!opened.has(shared)) await shared.close();
    },
  };
}

/** A body that waits to be told how to end. */
export function openBody() {
  const begun: { context: JobContext; finish: (outcome: JobOutcome) => void; fail: (error: Error) => void }[] = [];
  const body = (context: JobContext): Promise<JobOutcome> =>
    new Promise((resolve, reject) => {
      begun.push({ context, finish: resolve, fail: reject });
      context.signal.addEventListener('abort', () => reject(context.signal.reason));
    });
  return { body, begun };
}
