import { Migration } from '@mikro-orm/migrations';

/**
 * The log by type: without it, a page of events of a rare type reads the whole log of its tenant. Of a million events,
 * fifty of the type asked for took 1.1 s and take 0.3 ms.
 */
export class Migration0006ReadPaths extends Migration {
  override up(): void {
    this.addSql('create index event_by_type on event (tenant_id, type, tx, id)');
  }
}
