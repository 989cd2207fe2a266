import { EntitySchema } from '@mikro-orm/core';
import type { JobRun } from '../domain/job.js';

export const JobRunEntity = new EntitySchema<JobRun>({
  name: 'JobRun',
  tableName: 'job_run',
  properties: {
    tenantId: { type: 'uuid', primary: true },
    id: { type: 'uuid', primary: true },
    job: { type: 'text' },
    trigger: { type: 'text' },
    startedBy: { type: 'text' },
    instance: { type: 'text' },
    attempt: { type: 'integer' },
    status: { type: 'text' },
    startedAt: { type: 'datetime' },
    finishedAt: { type: 'datetime', nullable: true },
    done: { type: 'integer' },
    total: { type: 'integer', nullable: true },
    counts: { type: 'json' },
    failed: { type: 'integer' },
    failures: { type: 'json' },
    error: { type: 'text', nullable: true },
  },
});
