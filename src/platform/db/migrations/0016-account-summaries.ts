import { Migration } from '@mikro-orm/migrations';

/** What was made of an account's past weeks and months, each with what it was made of. */
export class Migration0016AccountSummaries extends Migration {
  override up(): void {
    this.addSql(`
      create table account_summary (
        tenant_id uuid not null,
        account_id uuid not null,
        granularity text not null,
        start timestamptz not null,
        entries integer not null,
        changed_at timestamptz,
        made_at timestamptz not null,
        highlights jsonb not null,
        narrative text,
        primary key (tenant_id, account_id, granularity, start),
        foreign key (tenant_id, account_id) references account (tenant_id, id)
      )`);
    this.addSql('alter table account_summary enable row level security');
    this.addSql(`
      create policy account_summary_of_tenant on account_summary to countersign_app
        using (tenant_id = nullif(current_setting('countersign.tenant', true), '')::uuid)
        with check (tenant_id = nullif(current_setting('countersign.tenant', true), '')::uuid)`);
    this.addSql('grant select, insert, update, delete on account_summary to countersign_app');
  }
}
