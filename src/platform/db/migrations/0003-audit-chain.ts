import { Migration } from '@mikro-orm/migrations';

/**
 * Seals over the event log: each fixes a batch of a tenant's events and contains the hash of the seal before.
 * The role that tenants' transactions run in may read them; only the server itself adds any, and nobody changes one.
 */
export class Migration0003AuditChain extends Migration {
  override up(): void {
    this.addSql(`
      create table seal (
        tenant_id uuid not null references tenant (id),
        number integer not null check (number > 0),
        from_tx xid8 not null,
        from_id bigint not null,
        to_tx xid8 not null,
        to_id bigint not null,
        count integer not null,
        entries bytea not null,
        previous_hash text not null,
        hash text not null,
        sealed_at timestamptz not null,
        primary key (tenant_id, number)
      )`);
    // Digests do not compress; trying would cost time at every seal.
    this.addSql('alter table seal alter column entries set storage external');
    this.addSql('alter table seal enable row level security');
    this.addSql(`
      create policy seal_of_tenant on seal to countersign_app
        using (tenant_id = nullif(current_setting('countersign.tenant', true), '')::uuid)
        with check (tenant_id = nullif(current_setting('countersign.tenant', true), '')::uuid)`);
    this.addSql('grant select on seal to countersign_app');
  }
}
