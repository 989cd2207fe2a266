import { Migration } from '@mikro-orm/migrations';

/** Tables that carry a tenant. Each gets row-level security; a new one belongs in this list. */
const TENANT_TABLES = [
  'clone',
  'account',
  'contact',
  'deal',
  'deal_stage_change',
  'interaction',
  'action',
  'approval',
  'goal',
  'event',
];

/**
 * The ground: tenants, customers, actions and their approvals, goals, the event log.
 *
 * The tenant is part of every key and every foreign key, because PostgreSQL checks uniqueness and references
 * without looking at row-level security: a key without it would let one tenant feel another's rows.
 */
export class Migration0001Ground extends Migration {
  override up(): void {
    this.addSql(`
      do $$ begin
        if not exists (select from pg_roles where rolname = 'countersign_app') then
          begin
            create role countersign_app nologin nosuperuser nobypassrls;
          exception when duplicate_object or unique_violation then
            -- Roles belong to the whole cluster: another database of it is being prepared at this moment.
          end;
        end if;
        -- Where somebody else made the role, only they may grant it; the check at the start asks whether they did.
        begin
          execute format('grant countersign_app to %I', current_user);
        exception when insufficient_privilege then
        end;
      end $$`);

    this.addSql(`
      create table tenant (
        id uuid primary key,
        slug text not null unique check (slug ~ '^[a-z][a-z0-9-]{0,62}$'),
        name text not null,
        created_at timestamptz not null
      )`);

    this.addSql(`
      create table clone (
        tenant_id uuid not null references tenant (id),
        id uuid not null,
        slug text not null,
        name text not null,
        description text,
        created_at timestamptz not null,
        primary key (tenant_id, id),
        unique (tenant_id, slug)
      )`);

    this.addSql(`
      create table account (
        tenant_id uuid not null references tenant (id),
        id uuid not null,
        external_id text,
        name text not null,
        domain text,
        sector text,
        employees integer,
        annual_revenue numeric(18, 2),
        location text,
        parent_name text,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        primary key (tenant_id, id),
        unique (tenant_id, external_id)
      )`);
    this.addSql('create index account_by_name on account (tenant_id, name, id)');
    this.addSql('create index account_by_domain on account (tenant_id, domain) where domain is not null');

    this.addSql(`
      create table contact (
        tenant_id uuid not null,
        id uuid not null,
        external_id text,
        account_id uuid not null,
        name text not null,
        email text,
        title text,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        primary key (tenant_id, id),
        unique (tenant_id, external_id),
        foreign key (tenant_id, account_id) references account (tenant_id, id)
      )`);
    this.addSql('create index contact_by_account on contact (tenant_id, account_id, id)');

    this.addSql(`
      create table deal (
        tenant_id uuid not null references tenant (id),
        id uuid not null,
        external_id text,
        account_id uuid,
        clone_id uuid,
        name text not null,
        product text,
        owner text,
        owner_manager text,
        owner_region text,
        stage text not null,
        value numeric(18, 2),
        value_is_estimate boolean not null default false,
        opened_at timestamptz,
        closed_at timestamptz,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        primary key (tenant_id, id),
        unique (tenant_id, external_id),
        foreign key (tenant_id, account_id) references account (tenant_id, id),
        foreign key (tenant_id, clone_id) references clone (tenant_id, id)
      )`);
    this.addSql('create index deal_by_account on deal (tenant_id, account_id, id)');

    this.addSql(`
      create table deal_stage_change (
        tenant_id uuid not null,
        id uuid not null,
        deal_id uuid not null,
        from_stage text,
        stage text not null,
        at timestamptz not null,
        primary key (tenant_id, id),
        foreign key (tenant_id, deal_id) references deal (tenant_id, id)
      )`);
    this.addSql('create index deal_stage_change_by_deal on deal_stage_change (tenant_id, deal_id, at)');

    this.addSql(`
      create table interaction (
        tenant_id uuid not null references tenant (id),
        id uuid not null,
        external_id text,
        account_id uuid,
        contact_id uuid,
        clone_id uuid,
        contact_name text,
        channel text not null,
        direction text,
        status text not null,
        occurred_at timestamptz not null,
        subject text,
        content text not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        primary key (tenant_id, id),
        unique (tenant_id, external_id),
        foreign key (tenant_id, account_id) references account (tenant_id, id),
        foreign key (tenant_id, contact_id) references contact (tenant_id, id),
        foreign key (tenant_id, clone_id) references clone (tenant_id, id)
      )`);
    this.addSql('create index interaction_by_account on interaction (tenant_id, account_id, occurred_at, id)');
    this.addSql('create index interaction_by_time on interaction (tenant_id, occurred_at, id)');

    this.addSql(`
      create table action (
        tenant_id uuid not null references tenant (id),
        id uuid not null,
        action_type text not null,
        tier text not null,
        reason text not null,
        status text not null,
        deal_stage text,
        account_id uuid,
        deal_id uuid,
        clone_id uuid,
        canonical text not null,
        digest text not null,
        rationale text,
        idempotency_key text not null,
        request_digest text not null,
        proposed_by text not null,
        proposed_at timestamptz not null,
        updated_at timestamptz not null,
        claimed_by text,
        lease_epoch integer not null default 0,
        lease_until timestamptz,
        finished_at timestamptz,
        outcome jsonb,
        failure text,
        primary key (tenant_id, id),
        unique (tenant_id, proposed_by, idempotency_key),
        foreign key (tenant_id, account_id) references account (tenant_id, id),
        foreign key (tenant_id, deal_id) references deal (tenant_id, id),
        foreign key (tenant_id, clone_id) references clone (tenant_id, id)
      )`);
    this.addSql('create index action_by_account on action (tenant_id, account_id, id) where account_id is not null');
    this.addSql(
      `create index action_unfinished on action (tenant_id, status, id)
         where status in ('allowed', 'pending_approval', 'approved', 'executing', 'outcome_unknown')`,
    );

    this.addSql(`
      create table approval (
        tenant_id uuid not null,
        id uuid not null,
        action_id uuid not null,
        status text not null,
        reason text not null,
        digest text not null,
        requested_at timestamptz not null,
        expires_at timestamptz not null,
        decided_by text,
        decided_at timestamptz,
        comment text,
        primary key (tenant_id, id),
        unique (tenant_id, action_id),
        foreign key (tenant_id, action_id) references action (tenant_id, id)
      )`);
    this.addSql(`create index approval_pending on approval (tenant_id, id) where status = 'pending'`);
    this.addSql(`create index approval_due on approval (expires_at) where status = 'pending'`);

    this.addSql(`
      create table goal (
        tenant_id uuid not null references tenant (id),
        id uuid not null,
        clone_id uuid,
        type text not null,
        title text not null,
        target double precision not null,
        current double precision not null,
        period_start timestamptz not null,
        period_end timestamptz not null,
        status text not null,
        created_by text not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        cancelled_by text,
        cancel_reason text,
        primary key (tenant_id, id),
        foreign key (tenant_id, clone_id) references clone (tenant_id, id)
      )`);

    // Readers go by (tx, id) and stop before the oldest transaction still running: a sequence alone becomes
    // visible out of commit order, and a reader at `id > last` would lose what commits late.
    this.addSql(`
      create table event (
        tenant_id uuid not null references tenant (id),
        tx xid8 not null default pg_current_xact_id(),
        id bigint generated always as identity,
        type text not null,
        subject_id uuid not null,
        data jsonb not null,
        actor text not null,
        at timestamptz not null,
        primary key (tx, id)
      )`);
    this.addSql('create index event_by_tenant on event (tenant_id, tx, id)');
    this.addSql('create index event_by_subject on event (tenant_id, subject_id, tx, id)');

    for (const table of TENANT_TABLES) {
      this.addSql(`alter table ${table} enable row level security`);
      // A transaction-local setting reads as '' (not null) once its transaction is over; nullif makes it match nothing.
      this.addSql(`
        create policy ${table}_of_tenant on ${table} to countersign_app
          using (tenant_id = nullif(current_setting('countersign.tenant', true), '')::uuid)
          with check (tenant_id = nullif(current_setting('countersign.tenant', true), '')::uuid)`);
    }
    this.addSql(`
      grant select, insert, update on clone, account, contact, deal, interaction, action, approval, goal
        to countersign_app`);
    this.addSql('grant select, insert on event, deal_stage_change to countersign_app');
  }
}
