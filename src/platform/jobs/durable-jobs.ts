import { PgBoss } from 'pg-boss';
import type { ZodType } from 'zod';
import type { Id } from '../../kernel/ids.js';
import type { Tx } from '../../kernel/transaction.js';
import { type Database, sqlOf } from '../db/database.js';
import { bossOptions, type DurableQueue } from './job-tables.js';

/** One kind of durable work: its queue, and what each job carries, parsed when it is put in and when it is run. */
export interface JobKind<Data extends { readonly tenantId: Id }> {
  readonly queue: DurableQueue;
  readonly schema: ZodType<Data>;
}

/**
 * Puts a job in within the caller's transaction: both commit, or neither does.
 *
 * @param delayMs how long it waits first, by the database's own clock
 */
export async function enqueue<Data extends { readonly tenantId: Id }>(
  tx: Tx,
  { queue, schema }: JobKind<Data>,
  data: Data,
  delayMs = 0,
): Promise<void> {
  // A tenant's transaction may not touch pg-boss's tables; the function puts in what belongs to its tenant.
  await sqlOf(tx)('select enqueue_job($1, $2::jsonb, $3::float8)', [
    queue,
    JSON.stringify(schema.parse(data)),
    delayMs,
  ]);
}

/** Works off one kind of job in this process. */
export interface JobWorker {
  /** Looks at once instead of at the next poll. */
  wake(): void;
  /** Takes no more, waits for what is under way, at most for the bound. Safe to call twice. */
  stop(): Promise<void>;
}

export interface JobWorkerOptions<Data extends { readonly tenantId: Id }> {
  readonly kind: JobKind<Data>;
  /** Does one job. What it throws leads to the job being done again later. */
  readonly run: (data: Data) => Promise<void>;
  /** Jobs at once. */
  readonly concurrency: number;
  /** Of these, jobs of one tenant: what a tenant's jobs wait for keeps no other tenant waiting. */
  readonly perTenant: number;
  readonly pollSeconds: number;
  /** How long stopping waits for jobs under way, in milliseconds. */
  readonly stopMs: number;
  readonly onError: (error: unknown) => void;
}

/** Starts to work off jobs. Any number of instances may: each job goes to one. */
export async function startJobWorker<Data extends { readonly tenantId: Id }>(
  database: Database,
  { kind, run, concurrency, perTenant, pollSeconds, stopMs, onError }: JobWorkerOptions<Data>,
): Promise<JobWorker> {
  const boss = new PgBoss({
    ...bossOptions(database.jobs),
    migrate: false,
    supervise: true,
    superviseIntervalSeconds: 10,
    monitorIntervalSeconds: 10,
    queueCacheIntervalSeconds: 10,
  });
  boss.on('error', onError);
  await boss.start();
  const options = {
    batchSize: 1,
    localConcurrency: concurrency,
    localGroupConcurrency: perTenant,
    burstWhenReadyExceeds: 1,
    pollingIntervalSeconds: pollSeconds,
  };
  const worker = await boss.work<unknown>(kind.queue, options, async (jobs) => {
    for (const { data } of jobs) {
      const parsed = kind.schema.safeParse(data);
      // Tried again it would not become better.
      if (!parsed.success) onError(new Error(`a job of ${kind.queue} is malformed`, { cause: parsed.error }));
      else {
        await run(parsed.data).catch((error: unknown) => {
          onError(error);
          throw error;
        });
      }
    }
  });
  let stopped: Promise<void> | undefined;
  return {
    wake: () => boss.notifyWorker(worker),
    stop() {
      stopped ??= boss.stop({ graceful: true, close: false, timeout: stopMs });
      return stopped;
    },
  };
}
