import { Migration } from '@mikro-orm/migrations';

/** Addresses and domains that rest on the word of agents alone. What was there before nobody can tell, and is believed. */
export class Migration0022WhoSaidSo extends Migration {
  override up(): void {
    this.addSql('alter table account add column by_agents boolean not null default false');
    this.addSql('alter table contact add column by_agents boolean not null default false');
  }
}
