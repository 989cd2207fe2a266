import { Migration } from '@mikro-orm/migrations';

/** Jobs that waited out a pause are hurried when it ends; actions whose job was lost get another. */
export class Migration0013WakingConnectors extends Migration {
  override up(): void {
    // With the owner's rights and for the transaction's own tenant only, as `enqueue_job`. What waits for its next
    // attempt goes on waiting.
    this.addSql(`
      create function hasten_executions() returns void
        language plpgsql security definer set search_path from current as $$
      begin
        update countersign_jobs.job as j set start_after = now()
        from action a
        where j.name = 'execute_action' and j.state in ('created', 'retry') and j.start_after > now()
          and j.data->>'tenantId' = nullif(current_setting('countersign.tenant', true), '')
          and a.tenant_id::text = j.data->>'tenantId' and a.id::text = j.data->>'actionId'
          and a.status in ('allowed', 'approved') and (a.next_attempt_at is null or a.next_attempt_at <= now());
      end $$`);
    // Callers for one action take turns, so that only the first of them puts a job in.
    this.addSql(`
      create function enqueue_lost_execution(lost uuid) returns boolean
        language plpgsql security definer set search_path from current as $$
      declare
        tenant text := nullif(current_setting('countersign.tenant', true), '');
      begin
        perform pg_advisory_xact_lock(hashtextextended('countersign.execution ' || lost, 0));
        if exists (select from countersign_jobs.job where name = 'execute_action'
            and state in ('created', 'retry', 'active')
            and data->>'tenantId' = tenant and data->>'actionId' = lost::text) then
          return false;
        end if;
        perform enqueue_job('execute_action', jsonb_build_object('tenantId', tenant, 'actionId', lost), 0);
        return true;
      end $$`);
    for (const callable of ['hasten_executions()', 'enqueue_lost_execution(uuid)']) {
      this.addSql(`revoke all on function ${callable} from public`);
      this.addSql(`grant execute on function ${callable} to countersign_app`);
    }
  }
}
