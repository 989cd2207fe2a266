import { sqlOf } from '../../../platform/db/database.js';
import type { RecipientReader } from '../../execution/index.js';

/** Whom an email about an account may go to: its contacts, and whoever has an address in its domain. */
export const recipientReader: RecipientReader = {
  async strangers(tx, accountId, addresses) {
    const rows = await sqlOf(tx)<{ address: string }>(
      `select address from unnest($3::text[]) as address
       where not exists (select from contact
           where tenant_id = $1 and account_id = $2 and lower(email) = lower(address))
         and not exists (select from account
           where tenant_id = $1 and id = $2 and domain is not null
             and lower(address) like '%@' || replace(replace(domain, '\\', '\\\\'), '_', '\\_'))`,
      [tx.tenantId, accountId, addresses],
    );
    return rows.map(({ address }) => address);
  },
};
