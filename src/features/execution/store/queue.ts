import { z } from 'zod';
import type { Id } from '../../../kernel/ids.js';
import { type Database, sqlOf } from '../../../platform/db/database.js';
import { turnOf } from '../../../platform/db/fair-order.js';
import { enqueue, type JobKind } from '../../../platform/jobs/durable-jobs.js';
import type { ExecutionQueue } from '../../autonomy/index.js';
import type { ExecutionJobs } from '../ports.js';
import type { ExecutionJob } from '../runner.js';

/** The job that runs one action. */
export const EXECUTE_ACTION: JobKind<ExecutionJob> = {
  queue: 'execute_action',
  schema: z.strictObject({ tenantId: z.uuid(), actionId: z.uuid() }),
};

/** @param onEnqueued told that a transaction of this process is about to commit a job that is due at once */
export const executionQueue = (onEnqueued: () => void): ExecutionQueue => ({
  async enqueue(tx, { id, connector }, delayMs = 0) {
    if (connector === 'agent') return;
    await enqueue(tx, EXECUTE_ACTION, { tenantId: tx.tenantId, actionId: id }, delayMs);
    if (delayMs === 0) onEnqueued();
  },
});

/**
 * @param database for the sweep over all tenants; everything else runs in the caller's transaction
 * @param onEnqueued as for the queue
 */
export const executionJobs = (database: Database, onEnqueued: () => void): ExecutionJobs => ({
  lost: (before, limit) =>
    database.asServer((sql) =>
      sql<{ tenantId: Id; id: Id }>(
        `select tenant_id as "tenantId", id from action as a
         where status in ('allowed', 'approved') and connector <> 'agent' and updated_at <= $1
           and not exists (select from countersign_jobs.job as j where j.name = 'execute_action'
             and j.state in ('created', 'retry', 'active') and j.data->>'actionId' = a.id::text)
         order by ${turnOf('tenant_id', 'updated_at')}, updated_at limit $2`,
        [before.toISOString(), limit],
      ),
    ),
  async enqueueLost(tx, actionId) {
    const [answer] = await sqlOf(tx)<{ put: boolean }>('select enqueue_lost_execution($1) as put', [actionId]);
    if (answer?.put) onEnqueued();
    return answer?.put ?? false;
  },
  async hasten(tx) {
    await sqlOf(tx)('select hasten_executions()');
    onEnqueued();
  },
});
