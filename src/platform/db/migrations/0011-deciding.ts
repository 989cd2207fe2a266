import { Migration } from '@mikro-orm/migrations';

/** What deciding needs beside the tables it stands on: kinds of revisions, a change of mind, approvals left unused. */
export class Migration0011Deciding extends Migration {
  override up(): void {
    this.addSql(`alter table action_revision add column kind text not null default 'edited'`);
    // Whoever approved may still reject while others are waited for.
    this.addSql('drop index approval_vote_once');
    this.addSql(`
      create unique index approval_vote_once on approval_vote
        (tenant_id, approval_id, digest, verdict, lower(coalesce(on_behalf_of, voter_root) collate "C"))`);
    // An approval stays approved when its action has run, so looking for unused ones begins at the actions.
    this.addSql('drop index approval_unspent');
    this.addSql(`create index action_approved on action (tenant_id, id) where status = 'approved'`);
  }
}
