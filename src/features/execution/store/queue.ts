import { z } from 'zod';
import { enqueue, type JobKind } from '../../../platform/jobs/durable-jobs.js';
import type { ExecutionQueue } from '../../autonomy/index.js';
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
