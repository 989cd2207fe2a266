import { Migration } from '@mikro-orm/migrations';

/** Tables that carry a tenant, and what a tenant's transaction may do with them. */
const TENANT_TABLES: Readonly<Record<string, string>> = {
  autonomy_control: 'select, insert, update',
  policy_version: 'select, insert',
  budget_use: 'select, insert, update',
  approval_vote: 'select, insert',
  action_revision: 'select, insert',
  delegation: 'select, insert, update',
  connector: 'select, insert, update',
  execution_attempt: 'select, insert, update',
};

/** Policies and their versions, pause and budgets; votes, edits and delegations; connectors and what they tried. */
export class Migration0005Approvals extends Migration {
  override up(): void {
    // One row per tenant, read by whoever proposes or runs: which policy holds, and what is paused. Who starts to run
    // an action locks it for sharing, so that once a pause has been answered nothing more starts.
    this.addSql(`
      create table autonomy_control (
        tenant_id uuid primary key references tenant (id),
        policy_version integer not null default 0,
        pauses jsonb not null default '{}'
      )`);
    this.addSql(`
      create table policy_version (
        tenant_id uuid not null references tenant (id),
        version integer not null check (version > 0),
        document jsonb not null,
        reason text not null,
        created_by text not null,
        created_at timestamptz not null,
        primary key (tenant_id, version)
      )`);
    this.addSql(`
      create table budget_use (
        tenant_id uuid not null references tenant (id),
        budget text not null,
        scope text not null,
        window_start timestamptz not null,
        used integer not null check (used >= 0),
        primary key (tenant_id, budget, scope, window_start)
      )`);

    this.addSql(`
      alter table action
        add column contact_id uuid,
        add column connector text not null default 'agent',
        add column policy_version integer not null default 0,
        add column facts jsonb not null default '{"contactTitles": [], "optedOut": false, "dealStage": null, "givenStage": null}',
        add column revision integer not null default 0,
        add column ended_reason text,
        add column attempts integer not null default 0,
        add column next_attempt_at timestamptz,
        add column budgets jsonb not null default '[]',
        add foreign key (tenant_id, contact_id) references contact (tenant_id, id)`);
    // Another case is not another principal, here as everywhere: one key, one action.
    this.addSql('alter table action drop constraint action_tenant_id_proposed_by_idempotency_key_key');
    this.addSql(`
      create unique index action_by_key on action (tenant_id, lower(proposed_by collate "C"), idempotency_key)`);
    this.addSql(`create index action_leased on action (lease_until) where status = 'executing'`);

    this.addSql(`
      alter table approval
        add column quorum integer not null default 1,
        add column required_role text not null default 'approver',
        add column fallback_role text not null default 'approver',
        add column escalates_at timestamptz,
        add column escalated_at timestamptz,
        add column valid_until timestamptz,
        add column policy_version integer not null default 0`);
    this.addSql(`
      create index approval_escalating on approval (escalates_at)
        where status = 'pending' and escalated_at is null and escalates_at is not null`);
    this.addSql(`create index approval_unspent on approval (valid_until) where status = 'approved'`);

    // Votes count for exactly the digest they name: after an edit they are history.
    this.addSql(`
      create table approval_vote (
        tenant_id uuid not null,
        id uuid not null,
        approval_id uuid not null,
        digest text not null,
        verdict text not null,
        voter text not null,
        voter_root text not null,
        role text not null,
        on_behalf_of text,
        delegation_id uuid,
        comment text,
        at timestamptz not null,
        primary key (tenant_id, id),
        foreign key (tenant_id, approval_id) references approval (tenant_id, id)
      )`);
    this.addSql(`
      create unique index approval_vote_once on approval_vote
        (tenant_id, approval_id, digest, lower(coalesce(on_behalf_of, voter_root) collate "C"))`);

    // What the action was before each edit, and how the edit changed it.
    this.addSql(`
      create table action_revision (
        tenant_id uuid not null,
        action_id uuid not null,
        revision integer not null,
        canonical text not null,
        digest text not null,
        replaced_by text not null,
        diff jsonb not null,
        comment text,
        edited_by text not null,
        edited_by_root text not null,
        edited_at timestamptz not null,
        primary key (tenant_id, action_id, revision),
        foreign key (tenant_id, action_id) references action (tenant_id, id)
      )`);

    this.addSql(`
      create table delegation (
        tenant_id uuid not null references tenant (id),
        id uuid not null,
        from_user text not null,
        from_root text not null,
        to_user text not null,
        roles text[] not null,
        starts_at timestamptz not null,
        ends_at timestamptz not null,
        reason text,
        created_by text not null,
        created_at timestamptz not null,
        revoked_at timestamptz,
        revoked_by text,
        primary key (tenant_id, id)
      )`);
    this.addSql(`
      create index delegation_to on delegation (tenant_id, lower(to_user collate "C"), ends_at)
        where revoked_at is null`);

    // What is needed to reach the outside; secrets are sealed by the server's key before they get here.
    this.addSql(`
      create table connector (
        tenant_id uuid not null references tenant (id),
        id uuid not null,
        kind text not null,
        settings jsonb not null,
        sealed_secret text,
        updated_by text not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        primary key (tenant_id, id),
        unique (tenant_id, kind)
      )`);
    this.addSql(`
      create table execution_attempt (
        tenant_id uuid not null,
        id uuid not null,
        action_id uuid not null,
        lease_epoch integer not null,
        connector text not null,
        started_at timestamptz not null,
        ended_at timestamptz,
        result text,
        detail text,
        primary key (tenant_id, id),
        unique (tenant_id, action_id, lease_epoch),
        foreign key (tenant_id, action_id) references action (tenant_id, id)
      )`);

    this.addSql('alter table account add column opted_out_at timestamptz');

    for (const [table, rights] of Object.entries(TENANT_TABLES)) {
      this.addSql(`alter table ${table} enable row level security`);
      this.addSql(`
        create policy ${table}_of_tenant on ${table} to countersign_app
          using (tenant_id = nullif(current_setting('countersign.tenant', true), '')::uuid)
          with check (tenant_id = nullif(current_setting('countersign.tenant', true), '')::uuid)`);
      this.addSql(`grant ${rights} on ${table} to countersign_app`);
    }
  }
}
