import { Migration } from '@mikro-orm/migrations';

/**
 * How far the log has been deleted: one row, the position of the last event that is gone. Positions are the same for
 * all tenants and say nothing about any, so everybody may read it; only the server itself moves it.
 */
export class Migration0002LogHorizon extends Migration {
  override up(): void {
    this.addSql(`
      create table log_horizon (
        only_row boolean primary key default true check (only_row),
        tx xid8 not null,
        id bigint not null
      )`);
    this.addSql(`insert into log_horizon (tx, id) values ('0', 0)`);
    this.addSql('grant select on log_horizon to countersign_app');
  }
}
