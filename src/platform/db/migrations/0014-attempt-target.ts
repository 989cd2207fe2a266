import { Migration } from '@mikro-orm/migrations';

/** What decides whether an attempt that may have taken effect may be followed by another. */
export class Migration0014AttemptTarget extends Migration {
  override up(): void {
    // Attempts from before know no target: none that may have taken effect is repeated blindly.
    this.addSql('alter table execution_attempt add column target text, add column settled_at timestamptz');
    // A person has said of these what became of them.
    this.addSql(`
      update execution_attempt t set settled_at = a.finished_at from action a
        where a.tenant_id = t.tenant_id and a.id = t.action_id and a.status = 'failed' and a.ended_reason is not null`);
  }
}
