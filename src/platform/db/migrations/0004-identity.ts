import { Migration } from '@mikro-orm/migrations';

/** What a tenant's transaction may read of a key: everything but the hash, which only the server's look-up sees. */
const KEY_COLUMNS =
  'tenant_id, id, public_id, name, agent, clone_id, created_by, created_at, expires_at, revoked_at, revoked_by';

/** Users and API keys; who answers for a proposal; a number that moves when any of it changes. */
export class Migration0004Identity extends Migration {
  override up(): void {
    // Moves with every change of a tenant's users or keys, in the same transaction. Instances read this one number to
    // learn that what they remember of callers is out of date.
    this.addSql('alter table tenant add column identity_version bigint not null default 0');

    // Another case is not another person, see `nameKey`. Names are ASCII; "C" keeps the database's own rules for
    // upper and lower case, which differ by language, out of it.
    this.addSql(`
      create table app_user (
        tenant_id uuid not null references tenant (id),
        id uuid not null,
        name text not null,
        name_key text not null generated always as (lower(name collate "C")) stored,
        roles text[],
        owner text,
        owner_key text generated always as (lower(owner collate "C")) stored,
        suspended_at timestamptz,
        suspended_by text,
        suspend_reason text,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        primary key (tenant_id, id),
        unique (tenant_id, name_key)
      )`);
    this.addSql(
      'create index app_user_by_owner on app_user (tenant_id, owner_key, name_key) where owner_key is not null',
    );

    // A key is looked up before its tenant is known, so the public id is unique over all tenants. The server draws it
    // at random: nobody can learn another tenant's by trying to insert it.
    this.addSql(`
      create table api_key (
        tenant_id uuid not null references tenant (id),
        id uuid not null,
        public_id text not null unique,
        secret_hash bytea not null,
        name text not null,
        agent text not null,
        clone_id uuid,
        created_by text not null,
        created_at timestamptz not null,
        expires_at timestamptz,
        revoked_at timestamptz,
        revoked_by text,
        primary key (tenant_id, id),
        foreign key (tenant_id, clone_id) references clone (tenant_id, id)
      )`);

    // The owner's rights, because a tenant's transaction may not touch the tenant table.
    this.addSql(`
      create function note_identity_change() returns trigger language plpgsql security definer
        set search_path from current as $$
      begin
        update tenant set identity_version = identity_version + 1
          where id = case tg_op when 'DELETE' then old.tenant_id else new.tenant_id end;
        return null;
      end $$`);

    for (const table of ['app_user', 'api_key']) {
      this.addSql(`alter table ${table} enable row level security`);
      this.addSql(`
        create policy ${table}_of_tenant on ${table} to countersign_app
          using (tenant_id = nullif(current_setting('countersign.tenant', true), '')::uuid)
          with check (tenant_id = nullif(current_setting('countersign.tenant', true), '')::uuid)`);
      this.addSql(`
        create trigger ${table}_changed after insert or update or delete on ${table}
          for each row execute function note_identity_change()`);
    }
    this.addSql('grant select, insert, update on app_user to countersign_app');
    this.addSql(`grant select (${KEY_COLUMNS}), insert, update (revoked_at, revoked_by) on api_key to countersign_app`);

    // Until now nobody belonged to anybody.
    this.addSql('alter table action add column proposed_by_root text');
    this.addSql('update action set proposed_by_root = proposed_by');
    this.addSql('alter table action alter column proposed_by_root set not null');
  }
}
