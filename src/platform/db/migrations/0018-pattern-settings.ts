import { Migration } from '@mikro-orm/migrations';

/** What a tenant lays down for the search for patterns. */
export class Migration0018PatternSettings extends Migration {
  override up(): void {
    this.addSql(`
      create table pattern_settings (
        tenant_id uuid primary key references tenant (id),
        competitors jsonb not null,
        changed_by text not null,
        changed_at timestamptz not null
      )`);
    this.addSql('alter table pattern_settings enable row level security');
    this.addSql(`
      create policy pattern_settings_of_tenant on pattern_settings to countersign_app
        using (tenant_id = nullif(current_setting('countersign.tenant', true), '')::uuid)
        with check (tenant_id = nullif(current_setting('countersign.tenant', true), '')::uuid)`);
    this.addSql('grant select, insert, update on pattern_settings to countersign_app');
  }
}
