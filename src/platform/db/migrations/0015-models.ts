import { Migration } from '@mikro-orm/migrations';

const TENANT_TABLES = ['model_budget', 'model_usage', 'model_reading'];

/** What is spent on a language model, and what it read in interactions. */
export class Migration0015Models extends Migration {
  override up(): void {
    // One row that all instances take from, whatever they ask for: a condition on a sum over rows would let two
    // callers take the same tokens.
    this.addSql(`
      create table model_budget (
        tenant_id uuid not null references tenant (id),
        day text not null,
        taken bigint not null,
        primary key (tenant_id, day)
      )`);
    this.addSql(`
      create table model_usage (
        tenant_id uuid not null references tenant (id),
        day text not null,
        purpose text not null,
        calls integer not null,
        failures integer not null,
        refusals integer not null,
        tokens_in bigint not null,
        tokens_out bigint not null,
        cost double precision not null,
        primary key (tenant_id, day, purpose)
      )`);
    // An interaction is read by the model once; what it found there counts for as long as the interaction does.
    this.addSql(`
      create table model_reading (
        tenant_id uuid not null,
        interaction_id uuid not null,
        read_at timestamptz not null,
        findings jsonb not null,
        primary key (tenant_id, interaction_id),
        foreign key (tenant_id, interaction_id) references interaction (tenant_id, id)
      )`);
    this.addSql(`alter table insight add column origin text not null default 'rules'`);

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
