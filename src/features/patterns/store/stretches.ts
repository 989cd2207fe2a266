import type { Id } from '../../../kernel/ids.js';
import type { Tx } from '../../../kernel/transaction.js';
import { sqlOf } from '../../../platform/db/database.js';
import type { AccountSituation, ObservedInteraction } from '../domain/pattern.js';
import { competitorStore } from './settings.js';

/** Of one stretch, its newest so many are read, and of each text so much. */
const INTERACTIONS = 200;
const TEXT_LENGTH = 10_000;

type Row = Omit<ObservedInteraction, 'occurredAt'> & { readonly occurredAt: string | Date };

/** An account with what was recorded of a stretch of its past; without contacts and deals. */
export async function stretchOf(
  tx: Tx,
  accountId: Id,
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<AccountSituation> {
  const [account] = await sqlOf(tx)<{ name: string }>('select name from account where tenant_id = $1 and id = $2', [
    tx.tenantId,
    accountId,
  ]);
  const rows = await sqlOf(tx)<Row>(
    `select id, occurred_at as "occurredAt", channel, direction, status, contact_id as "contactId",
       contact_name as "contactName", subject, left(content, ${TEXT_LENGTH}) as content
     from interaction where tenant_id = $1 and account_id = $2 and occurred_at >= $3 and occurred_at < $4
     order by occurred_at desc, id desc limit ${INTERACTIONS}`,
    [tx.tenantId, accountId, from.toISOString(), to.toISOString()],
  );
  const interactions = rows.map((row) => ({ ...row, occurredAt: new Date(row.occurredAt) }));
  const competitors = await competitorStore.competitors(tx);
  return { accountId, accountName: account?.name ?? '', interactions, contacts: [], deals: [], competitors };
}
