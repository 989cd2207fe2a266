import { Migration } from '@mikro-orm/migrations';

/**
 * When the planner last had its turn with an account and a type of action. Runs that overlap find the same turn here,
 * and propose under the same key, of which the actions take only one.
 */
export class Migration0017PlannerTurn extends Migration {
  override up(): void {
    this.addSql(`
      create table planner_turn (
        tenant_id uuid not null,
        account_id uuid not null,
        action_type text not null,
        began_at timestamptz not null,
        primary key (tenant_id, account_id, action_type),
        foreign key (tenant_id, account_id) references account (tenant_id, id)
      )`);
    this.addSql('alter table planner_turn enable row level security');
    this.addSql(`
      create policy planner_turn_of_tenant on planner_turn to countersign_app
        using (tenant_id = nullif(current_setting('countersign.tenant', true), '')::uuid)
        with check (tenant_id = nullif(current_setting('countersign.tenant', true), '')::uuid)`);
    this.addSql('grant select, insert, update on planner_turn to countersign_app');
  }
}
