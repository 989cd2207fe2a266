import { Migration } from '@mikro-orm/migrations';

/** Jobs put in by the transaction that decides; what connectors need to know of their attempts and secrets. */
export class Migration0012Execution extends Migration {
  override up(): void {
    // With the owner's rights, because a tenant's transaction may not touch the tables of jobs. It can only put in, and
    // only for the tenant that the transaction is of. pg-boss's own tables are made after the migrations.
    this.addSql(`
      create function enqueue_job(queue_name text, job_data jsonb, delay_ms double precision) returns void
        language plpgsql security definer set search_path from current as $$
      begin
        if job_data->>'tenantId' is distinct from nullif(current_setting('countersign.tenant', true), '') then
          raise exception 'a job of another tenant than the transaction''s';
        end if;
        insert into countersign_jobs.job (name, data, start_after, keep_until, retry_limit, retry_delay, retry_backoff,
          retry_delay_max, expire_seconds, deletion_seconds, heartbeat_seconds, policy)
        select name, job_data, starts, starts + retention_seconds * interval '1 second', retry_limit, retry_delay,
          retry_backoff, retry_delay_max, expire_seconds, deletion_seconds, heartbeat_seconds, policy
        from countersign_jobs.queue, (select now() + delay_ms * interval '1 millisecond' as starts) as due
        where name = queue_name;
        if not found then
          raise exception 'there is no queue %', queue_name;
        end if;
      end $$`);
    this.addSql('revoke all on function enqueue_job(text, jsonb, double precision) from public');
    this.addSql('grant execute on function enqueue_job(text, jsonb, double precision) to countersign_app');

    // Whether whoever is reached recognises the same thing sent twice, as it was set when the attempt began.
    this.addSql('alter table execution_attempt add column safe_to_repeat boolean not null default false');
    this.addSql(`
      create index execution_attempt_by_action on execution_attempt (tenant_id, action_id, lease_epoch)`);
    // For a day after a change of the secret, messages are signed with the one before as well.
    this.addSql('alter table connector add column sealed_previous text, add column previous_until timestamptz');
    this.addSql(`
      create index action_to_run on action (updated_at)
        where status in ('allowed', 'approved') and connector <> 'agent'`);
  }
}
