import { Migration } from '@mikro-orm/migrations';

/**
 * What had committed when a vote was cast, and which transaction wrote an interaction last: a letter that commits after
 * the vote counts as unseen, whatever its clock says. Rows from before have neither, and go on counting by the clock.
 * After a dump is restored the numbers hold, because the server starts only once its counter is ahead of the log's.
 */
export class Migration0023WhatAVoteHadSeen extends Migration {
  override up(): void {
    // Added without a value first: with one every row of a large table would be written anew.
    this.addSql('alter table interaction add column tx xid8');
    this.addSql('alter table interaction alter column tx set default pg_current_xact_id()');
    this.addSql('alter table approval_vote add column snapshot text');
    this.addSql('alter table approval_vote alter column snapshot set default pg_current_snapshot()::text');
  }
}
