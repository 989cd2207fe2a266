import { Migration } from '@mikro-orm/migrations';

/** When the running claim was taken: a claim is not renewed for ever. */
export class Migration0025ClaimedAt extends Migration {
  override up(): void {
    this.addSql('alter table action add column claimed_at timestamptz');
  }
}
