import { Migration } from '@mikro-orm/migrations';

/** Jobs name their tenant where pg-boss looks for it, so that one tenant's jobs cannot hold all the hands of a server. */
export class Migration0020JobsByTenant extends Migration {
  override up(): void {
    this.addSql(`
      create or replace function enqueue_job(queue_name text, job_data jsonb, delay_ms double precision) returns void
        language plpgsql security definer set search_path from current as $$
      begin
        if job_data->>'tenantId' is distinct from nullif(current_setting('countersign.tenant', true), '') then
          raise exception 'a job of another tenant than the transaction''s';
        end if;
        insert into countersign_jobs.job (name, data, group_id, start_after, keep_until, retry_limit, retry_delay,
          retry_backoff, retry_delay_max, expire_seconds, deletion_seconds, heartbeat_seconds, policy)
        select name, job_data, job_data->>'tenantId', starts, starts + retention_seconds * interval '1 second',
          retry_limit, retry_delay, retry_backoff, retry_delay_max, expire_seconds, deletion_seconds, heartbeat_seconds,
          policy
        from countersign_jobs.queue, (select now() + delay_ms * interval '1 millisecond' as starts) as due
        where name = queue_name;
        if not found then
          raise exception 'there is no queue %', queue_name;
        end if;
      end $$`);
    // What was put in before. A new database has no such table yet: pg-boss makes its own after the migrations.
    this.addSql(`
      do $$ begin
        if to_regclass('countersign_jobs.job') is not null then
          update countersign_jobs.job set group_id = data->>'tenantId' where name = 'execute_action' and group_id is null;
        end if;
      end $$`);
  }
}
