import type { FilterQuery } from '@mikro-orm/core';
import type { Id } from '../../../kernel/ids.js';
import type { Tx } from '../../../kernel/transaction.js';
import { type Database, emOf, sqlOf } from '../../../platform/db/database.js';
import { findPage } from '../../../platform/db/page.js';
import type { JobName, JobRun, Schedule } from '../domain/job.js';
import type { JobBoard, JobStore } from '../ports.js';
import { JobRunEntity } from './schema.js';

interface ScheduleRow {
  readonly job: JobName;
  readonly next_due: string;
  readonly epoch: number;
  readonly run_id: Id | null;
  readonly lease_until: string | null;
}

const toSchedule = (row: ScheduleRow): Schedule => ({
  job: row.job,
  nextDue: new Date(row.next_due),
  epoch: row.epoch,
  runId: row.run_id,
  leaseUntil: row.lease_until === null ? null : new Date(row.lease_until),
});

const SELECT = 'select job, next_due, epoch, run_id, lease_until from job_schedule where tenant_id = $1';
const textOf = (time: Date | null): string | null => time?.toISOString() ?? null;

/** Rows are read anew each time: updates go past the unit of work's copies. */
const FRESH = { refresh: true } as const;

const whereRun = ({ tenantId }: Tx, job: JobName | undefined): FilterQuery<JobRun> => ({
  tenantId,
  ...(job !== undefined && { job }),
});

// Whoever changes both changes the schedule first: it decides who owns the run, and two who go by one order never wait
// for each other.
export const jobStore: JobStore = {
  async schedule(tx, job, firstDue) {
    const sql = sqlOf(tx);
    const find = async () => (await sql<ScheduleRow>(`${SELECT} and job = $2`, [tx.tenantId, job])).map(toSchedule)[0];
    const found = await find();
    if (found) return found;
    await sql('insert into job_schedule (tenant_id, job, next_due) values ($1, $2, $3) on conflict do nothing', [
      tx.tenantId,
      job,
      firstDue.toISOString(),
    ]);
    const made = await find();
    if (!made) throw new Error(`there is no schedule of ${job}, and none could be made`);
    return made;
  },
  schedules: async (tx) => (await sqlOf(tx)<ScheduleRow>(SELECT, [tx.tenantId])).map(toSchedule),
  async move(tx, seen, { nextDue, epoch, runId, leaseUntil }) {
    const moved = await sqlOf(tx)(
      `update job_schedule set next_due = $3, epoch = $4, run_id = $5, lease_until = $6
       where tenant_id = $1 and job = $2 and epoch = $7 and run_id is not distinct from $8::uuid
         and lease_until is not distinct from $9::timestamptz
       returning 1`,
      [
        tx.tenantId,
        seen.job,
        nextDue.toISOString(),
        epoch,
        runId,
        textOf(leaseUntil),
        seen.epoch,
        seen.runId,
        textOf(seen.leaseUntil),
      ],
    );
    return moved.length === 1;
  },
  async extend(tx, { job, id }, leaseUntil) {
    const extended = await sqlOf(tx)(
      'update job_schedule set lease_until = $4 where tenant_id = $1 and job = $2 and run_id = $3 returning 1',
      [tx.tenantId, job, id, leaseUntil.toISOString()],
    );
    return extended.length === 1;
  },
  async release(tx, { job, id }, nextDue) {
    const released = await sqlOf(tx)(
      `update job_schedule set run_id = null, lease_until = null, next_due = coalesce($4::timestamptz, next_due)
       where tenant_id = $1 and job = $2 and run_id = $3 returning 1`,
      [tx.tenantId, job, id, textOf(nextDue)],
    );
    return released.length === 1;
  },
  insert: async (tx, run) => void (await emOf(tx).insert(JobRunEntity, run)),
  prune: async (tx, job, keep) =>
    void (await sqlOf(tx)(
      `delete from job_run where tenant_id = $1 and job = $2 and status <> 'running'
         and id < (select id from job_run where tenant_id = $1 and job = $2 order by id desc offset $3 limit 1)`,
      [tx.tenantId, job, keep - 1],
    )),
  find: async (tx, id) => (await emOf(tx).findOne(JobRunEntity, { tenantId: tx.tenantId, id }, FRESH)) ?? undefined,
  progress: async (tx, id, { done, total }) =>
    void (await emOf(tx).nativeUpdate(JobRunEntity, { tenantId: tx.tenantId, id }, { done, total })),
  async finish(tx, { tenantId, id, ...run }) {
    const { status, finishedAt, done, total, counts, failed, failures, error } = run;
    const change = { status, finishedAt, done, total, counts, failed, failures, error };
    const finished = await emOf(tx).nativeUpdate(JobRunEntity, { tenantId, id, status: 'running' }, change);
    if (finished !== 1) throw new Error(`run ${id} held its job's lease, but was not running`);
  },
  async lastRuns(tx) {
    const ids = await sqlOf(tx)<{ id: Id }>(
      `select distinct on (job) id from job_run where tenant_id = $1 and status <> 'running' order by job, id desc`,
      [tx.tenantId],
    );
    return emOf(tx).find(JobRunEntity, { tenantId: tx.tenantId, id: { $in: ids.map(({ id }) => id) } }, FRESH);
  },
  list: (tx, job, args) =>
    findPage(tx, {
      entity: JobRunEntity,
      where: whereRun(tx, job),
      keys: ['id'],
      direction: 'desc',
      args,
    }),
  count: (tx, job) => emOf(tx).count(JobRunEntity, whereRun(tx, job)),
};

/** @param database what is due is looked for over all tenants */
export const jobBoard = (database: Database): JobBoard => ({
  due: (latest, now, limit) =>
    database.asServer(async (sql) => {
      const jobs = latest.map(({ job }) => job);
      const times = latest.map(({ at }) => at.toISOString());
      await sql(
        `insert into job_schedule (tenant_id, job, next_due)
         select tenant.id, latest.job, latest.at
         from tenant cross join unnest($1::text[], $2::timestamptz[]) as latest (job, at)
         where not exists (select from job_schedule as known where known.tenant_id = tenant.id and known.job = latest.job)
         on conflict do nothing`,
        [jobs, times],
      );
      await sql(
        `update job_schedule set next_due = latest.at
         from unnest($1::text[], $2::timestamptz[]) as latest (job, at)
         where job_schedule.job = latest.job and job_schedule.next_due > latest.at`,
        [jobs, times],
      );
      return sql(
        `select tenant_id as "tenantId", job from job_schedule
         where job = any($1) and case when run_id is null then next_due <= $2 else lease_until <= $2 end
         order by next_due, tenant_id limit $3`,
        [jobs, now.toISOString(), limit],
      );
    }),
});
