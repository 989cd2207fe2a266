import { Migration } from '@mikro-orm/migrations';

/** By which a claim that is sent again is known for the same one. */
export class Migration0021ClaimKey extends Migration {
  override up(): void {
    this.addSql('alter table action add column claim_key text');
  }
}
