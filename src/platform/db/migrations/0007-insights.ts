import { Migration } from '@mikro-orm/migrations';

const TENANT_TABLES = ['insight', 'insight_feedback'];

/** Patterns that were found, and what people think of them. */
export class Migration0007Insights extends Migration {
  override up(): void {
    this.addSql(`
      create table insight (
        tenant_id uuid not null references tenant (id),
        id uuid not null,
        account_id uuid,
        type text not null,
        category text not null,
        severity text not null,
        confidence double precision not null,
        topic text,
        summary text not null,
        evidence jsonb not null,
        evidence_keys jsonb not null,
        status text not null,
        raised_at timestamptz not null,
        updated_at timestamptz not null,
        action_id uuid,
        resolved_by text,
        resolved_at timestamptz,
        reason text,
        primary key (tenant_id, id),
        foreign key (tenant_id, account_id) references account (tenant_id, id),
        foreign key (tenant_id, action_id) references action (tenant_id, id)
      )`);
    this.addSql('create index insight_by_account on insight (tenant_id, account_id, id)');
    // One pattern of one account, or one theme, is pending at most once: the same evidence never alerts twice.
    this.addSql(`
      create unique index insight_pending on insight (tenant_id, account_id, type, topic) nulls not distinct
        where status = 'pending'`);

    this.addSql(`
      create table insight_feedback (
        tenant_id uuid not null,
        insight_id uuid not null,
        given_by text not null,
        type text not null,
        verdict text not null,
        at timestamptz not null,
        primary key (tenant_id, insight_id, given_by),
        foreign key (tenant_id, insight_id) references insight (tenant_id, id)
      )`);

    // Interactions are linked by the exact addresses of those who took part.
    this.addSql('create index contact_by_email on contact (tenant_id, email) where email is not null');

    for (const table of TENANT_TABLES) {
      this.addSql(`alter table ${table} enable row level security`);
      this.addSql(`
        create policy ${table}_of_tenant on ${table} to countersign_app
          using (tenant_id = nullif(current_setting('countersign.tenant', true), '')::uuid)
          with check (tenant_id = nullif(current_setting('countersign.tenant', true), '')::uuid)`);
      this.addSql(`grant select, insert, update on ${table} to countersign_app`);
    }
  }
}
