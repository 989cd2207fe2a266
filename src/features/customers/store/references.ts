import { sqlOf } from '../../../platform/db/database.js';
import type { AccountFacts, ReferenceReader, References, ReplyReader } from '../../autonomy/index.js';
import { type DealStage, GATED_STAGES } from '../../guardrails/index.js';
import { OPEN_STAGES } from '../domain/records.js';

interface Row {
  accountExists: boolean;
  cloneExists: boolean;
  dealExists: boolean;
  dealStage: DealStage | null;
  dealAccountId: string | null;
  dealValue: string | null;
  contactAccountId: string | null;
  contactTitle: string | null;
  gatedStage: DealStage | null;
  openDeals: number;
  isWithoutValue: boolean | null;
  openValue: string | null;
  contactTitles: string[] | null;
  optedOut: boolean;
}

/** Stages that gate and are still open, the latest first. */
const OPEN_GATED = ['negotiation', 'evaluation'].filter((stage) => [...GATED_STAGES].some((gated) => gated === stage));

/** One look-up for any number of proposals, in their order. */
export const referenceReader: ReferenceReader = {
  async resolve(tx, named) {
    if (named.every((each) => Object.values(namesOf(each)).every((id) => id === null))) {
      return named.map(() => NOTHING_NAMED);
    }
    const rows = await sqlOf(tx)<Row>(
      `select a.id is not null as "accountExists", c.id is not null as "cloneExists", d.id is not null as "dealExists",
         d.stage as "dealStage", d.account_id as "dealAccountId", d.value as "dealValue",
         p.account_id as "contactAccountId", p.title as "contactTitle",
         o.stage as "gatedStage", coalesce(o.deals, 0) as "openDeals", o.without_value as "isWithoutValue",
         o.value as "openValue", t.titles as "contactTitles",
         coalesce((select e.opted_out_at is not null from account e
           where e.tenant_id = $1 and e.id = coalesce(n.account_id, d.account_id, p.account_id)), false) as "optedOut"
       from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[]) with ordinality
           as n (account_id, deal_id, clone_id, contact_id, place)
         left join account a on a.tenant_id = $1 and a.id = n.account_id
         left join deal d on d.tenant_id = $1 and d.id = n.deal_id
         left join clone c on c.tenant_id = $1 and c.id = n.clone_id
         left join contact p on p.tenant_id = $1 and p.id = n.contact_id
         left join lateral (
           select count(*)::int as deals, bool_or(value is null) as without_value, max(value) as value,
             (array_agg(stage order by array_position($6::text[], stage)) filter (where stage = any($6::text[])))[1] as stage
           from deal where n.deal_id is null and tenant_id = $1 and stage = any($7::text[])
             and account_id = coalesce(n.account_id, p.account_id)) o on n.deal_id is null
         left join lateral (
           select array_agg(distinct title) as titles
           from contact where n.contact_id is null and tenant_id = $1 and title is not null
             and account_id = coalesce(n.account_id, d.account_id)) t on n.contact_id is null
       order by n.place`,
      [
        tx.tenantId,
        named.map(({ accountId }) => accountId),
        named.map(({ dealId }) => dealId),
        named.map(({ cloneId }) => cloneId),
        named.map(({ contactId }) => contactId),
        OPEN_GATED,
        OPEN_STAGES,
      ],
    );
    return rows.map(toReferences);
  },
};

const namesOf = ({ accountId, dealId, cloneId, contactId }: Parameters<ReferenceReader['resolve']>[1][number]) => ({
  accountId,
  dealId,
  cloneId,
  contactId,
});

const NOTHING_NAMED: References = {
  accountExists: false,
  cloneExists: false,
  deal: undefined,
  contact: undefined,
  account: { gatedStage: null, openValue: undefined, contactTitles: [], optedOut: false },
};

const toReferences = (row: Row): References => ({
  accountExists: row.accountExists,
  cloneExists: row.cloneExists,
  deal:
    row.dealExists && row.dealStage !== null
      ? { stage: row.dealStage, accountId: row.dealAccountId, value: amount(row.dealValue) }
      : undefined,
  contact: row.contactAccountId === null ? undefined : { accountId: row.contactAccountId, title: row.contactTitle },
  account: toAccountFacts(row),
});

const toAccountFacts = (row: Row): AccountFacts => ({
  gatedStage: row.gatedStage,
  openValue: row.openDeals === 0 ? undefined : row.isWithoutValue ? null : amount(row.openValue),
  contactTitles: row.contactTitles ?? [],
  optedOut: row.optedOut,
});

const amount = (value: string | null): number | null => (value === null ? null : Number(value));

/** Inbound interactions that an approver cannot have seen. */
export const replyReader: ReplyReader = {
  async repliedSince(tx, accountId, { proposedAt, seenAt }) {
    const found = await sqlOf(tx)(
      `select from interaction where tenant_id = $1 and account_id = $2 and direction = 'inbound'
         and occurred_at > $3 and created_at > $4 limit 1`,
      [tx.tenantId, accountId, proposedAt.toISOString(), seenAt.toISOString()],
    );
    return found.length > 0;
  },
};
