import type { Id } from '../../../kernel/ids.js';
import { sqlOf } from '../../../platform/db/database.js';
import { DORMANT_DAYS, SILENCE_DAYS } from '../domain/engagement.js';
import { READ_LENGTH } from '../domain/own-words.js';
import { type AccountSituation, DAY_MS, type ObservedInteraction } from '../domain/pattern.js';
import type { SituationReader } from '../ports.js';
import { storedFindings } from './readings.js';
import { competitorStore } from './settings.js';

/** Most of one account that is held in memory at once. What is older than its newest so many is beyond every pattern. */
const INTERACTIONS = 300;
const CONTACTS = 500;
const DEALS = 200;

/** An account that has been silent for longer than this and has no other activity has been reported long since. */
const SILENT_AT_MOST_DAYS = DORMANT_DAYS + 7;

type InteractionRow = Omit<ObservedInteraction, 'occurredAt' | 'updatedAt' | 'modelFindings' | 'isReadByModel'> & {
  readonly accountId: Id;
  readonly occurredAt: string | Date;
  readonly updatedAt: string | Date;
  readonly modelFindings: unknown;
  readonly isReadByModel: boolean | null;
};

const toInteraction = ({ accountId: _account, ...row }: InteractionRow): ObservedInteraction => ({
  ...row,
  occurredAt: new Date(row.occurredAt),
  updatedAt: new Date(row.updatedAt),
  modelFindings: storedFindings.parse(row.modelFindings ?? []),
  isReadByModel: row.isReadByModel === true,
});

export const situationReader: SituationReader = {
  async active(tx, { since, now }, after, limit) {
    const daysAgo = (days: number) => new Date(now.getTime() - days * DAY_MS).toISOString();
    const rows = await sqlOf(tx)<{ id: Id }>(
      // The second half finds silence, which by its nature comes without activity. Written as scalar subqueries, because
      // PostgreSQL may answer `exists` from a hash of the whole table, made anew for each page.
      `select a.id from account a
       where a.tenant_id = $1 and ($2::uuid is null or a.id > $2::uuid) and coalesce(
         (select true from interaction i where i.tenant_id = $1 and i.account_id = a.id
            and ((i.occurred_at >= $3 and i.occurred_at <= $4) or i.updated_at >= $3) limit 1),
         (select true from deal d where d.tenant_id = $1 and d.account_id = a.id
            and d.stage not in ('closed_won', 'closed_lost') limit 1)
         and (select true from interaction i where i.tenant_id = $1 and i.account_id = a.id
            and i.occurred_at >= $5 and i.occurred_at <= $6 limit 1),
         false)
       order by a.id limit $7`,
      [
        tx.tenantId,
        after ?? null,
        since.toISOString(),
        now.toISOString(),
        daysAgo(SILENT_AT_MOST_DAYS),
        daysAgo(SILENCE_DAYS),
        limit,
      ],
    );
    return rows.map(({ id }) => id);
  },

  async situations(tx, accountIds) {
    const sql = sqlOf(tx);
    const of = [tx.tenantId, accountIds];
    const accounts = await sql<{ id: Id; name: string }>(
      'select id, name from account where tenant_id = $1 and id = any($2::uuid[])',
      of,
    );
    const interactions = await sql<InteractionRow>(
      `select i.* from unnest($2::uuid[]) as account (id) cross join lateral (
         select account_id as "accountId", id, occurred_at as "occurredAt", channel, direction, status,
           contact_id as "contactId", contact_name as "contactName", subject, left(content, ${READ_LENGTH}) as content,
           updated_at as "updatedAt", r.findings as "modelFindings", r.read_at >= updated_at as "isReadByModel"
         from interaction left join model_reading r on r.tenant_id = $1 and r.interaction_id = id
         where interaction.tenant_id = $1 and account_id = account.id
         order by occurred_at desc, id desc limit ${INTERACTIONS}) as i`,
      of,
    );
    const contacts = await sql<{ accountId: Id; id: Id; name: string }>(
      `select c.* from unnest($2::uuid[]) as account (id) cross join lateral (
         select account_id as "accountId", id, name from contact where tenant_id = $1 and account_id = account.id
         order by id limit ${CONTACTS}) as c`,
      of,
    );
    const deals = await sql<{ accountId: Id; stage: string; product: string | null }>(
      `select d.* from unnest($2::uuid[]) as account (id) cross join lateral (
         select account_id as "accountId", stage, product from deal where tenant_id = $1 and account_id = account.id
         order by stage in ('closed_won', 'closed_lost'), id desc limit ${DEALS}) as d`,
      of,
    );
    const competitors = await competitorStore.competitors(tx);
    return new Map(
      accounts.map(({ id: accountId, name }) => {
        const isOf = (row: { readonly accountId: Id }) => row.accountId === accountId;
        const situation: AccountSituation = {
          accountId,
          accountName: name,
          interactions: interactions.filter(isOf).map(toInteraction),
          contacts: contacts.filter(isOf),
          deals: deals.filter(isOf),
          competitors,
        };
        return [accountId, situation];
      }),
    );
  },
};
