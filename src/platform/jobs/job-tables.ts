import { type Db, PgBoss } from 'pg-boss';

/** Where pg-boss keeps its tables, apart from ours. */
export const JOB_SCHEMA = 'countersign_jobs';

/** Durable work that commits together with the change that makes it necessary. */
export const DURABLE_QUEUES = ['execute_action'] as const;
export type DurableQueue = (typeof DURABLE_QUEUES)[number];

/** How pg-boss is to speak to the database that it shares with us. */
export interface JobDatabase {
  readonly backend: 'postgres' | 'pglite';
  readonly connection: Db;
}

/**
 * What the queues keep to. A worker whose process died is noticed by its missing heartbeat, and its job is done again;
 * whether the action may be run is decided by the action's own state, never by the job's.
 */
const QUEUE = {
  retryLimit: 1_000,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 30,
  expireInSeconds: 600,
  heartbeatSeconds: 20,
  deleteAfterSeconds: 24 * 3_600,
  retentionSeconds: 90 * 24 * 3_600,
};

export const bossOptions = (database: JobDatabase) => ({
  db: database.connection,
  backend: database.backend,
  schema: JOB_SCHEMA,
  schedule: false,
  registerInstance: false,
  monitorVacuum: false,
  reindex: false,
});

/** Makes or upgrades pg-boss's tables, and its queues. Safe to do again; instances take turns. */
export async function migrateJobTables(database: JobDatabase): Promise<void> {
  const boss = new PgBoss({ ...bossOptions(database), supervise: false, migrate: true });
  const failures: unknown[] = [];
  boss.on('error', (error) => failures.push(error));
  await boss.start();
  try {
    for (const queue of DURABLE_QUEUES) {
      if (await boss.getQueue(queue)) await boss.updateQueue(queue, QUEUE);
      else await boss.createQueue(queue, QUEUE);
    }
  } finally {
    await boss.stop({ graceful: false, close: false });
  }
  if (failures.length > 0) throw new AggregateError(failures, 'preparing the tables of jobs failed');
}
