import { Migration } from '@mikro-orm/migrations';

const TENANT_TABLES = ['job_schedule', 'job_run', 'goal_point'];

/**
 * Who runs which job for which tenant, and what became of each run; where goals stood over time.
 *
 * A row of `job_schedule` is what instances compete for: one moves it, and owns the run until its lease is over.
 */
export class Migration0008JobsAndGoalPoints extends Migration {
  override up(): void {
    this.addSql(`
      create table job_schedule (
        tenant_id uuid not null references tenant (id),
        job text not null,
        next_due timestamptz not null,
        epoch integer not null default 0,
        run_id uuid,
        lease_until timestamptz,
        primary key (tenant_id, job)
      )`);
    this.addSql('create index job_schedule_by_due on job_schedule (job, next_due)');
    this.addSql(`
      create table job_run (
        tenant_id uuid not null references tenant (id),
        id uuid not null,
        job text not null,
        trigger text not null,
        started_by text not null,
        instance text not null,
        attempt integer not null,
        status text not null,
        started_at timestamptz not null,
        finished_at timestamptz,
        done integer not null,
        total integer,
        counts jsonb not null,
        failed integer not null,
        failures jsonb not null,
        error text,
        primary key (tenant_id, id)
      )`);
    this.addSql('create index job_run_by_job on job_run (tenant_id, job, id)');

    this.addSql(`
      create table goal_point (
        tenant_id uuid not null,
        id uuid not null,
        goal_id uuid not null,
        at timestamptz not null,
        current double precision not null,
        source text not null,
        primary key (tenant_id, id),
        foreign key (tenant_id, goal_id) references goal (tenant_id, id)
      )`);
    this.addSql('create index goal_point_by_goal on goal_point (tenant_id, goal_id, at, id)');

    // Whether the server measures a goal, or somebody tells it how far the goal has come.
    this.addSql(`alter table goal add column source text not null default 'measured'`);
    this.addSql(`
      update goal set source = 'told' where coalesce(
        (select data->>'measured' = 'false' from event
         where event.tenant_id = goal.tenant_id and event.subject_id = goal.id and event.type = 'goal.progressed'
         order by event.tx desc, event.id desc limit 1),
        goal.current <> 0)`);

    for (const table of TENANT_TABLES) {
      this.addSql(`alter table ${table} enable row level security`);
      this.addSql(`
        create policy ${table}_of_tenant on ${table} to countersign_app
          using (tenant_id = nullif(current_setting('countersign.tenant', true), '')::uuid)
          with check (tenant_id = nullif(current_setting('countersign.tenant', true), '')::uuid)`);
    }
    this.addSql('grant select, insert, update on job_schedule to countersign_app');
    this.addSql('grant select, insert, update, delete on job_run to countersign_app');
    this.addSql('grant select, insert, delete on goal_point to countersign_app');
  }
}
