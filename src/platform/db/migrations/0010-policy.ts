import { Migration } from '@mikro-orm/migrations';

/** The words of each decision, and the order in which a draft of a policy is tried on what was proposed. */
export class Migration0010Policy extends Migration {
  override up(): void {
    this.addSql('alter table action add column explanation text');
    this.addSql('create index action_by_time on action (tenant_id, proposed_at, id)');
  }
}
