import { sqlOf } from '../../../platform/db/database.js';
import type { Named, ReachedFacts, ReferenceReader, References, ReplyReader } from '../../autonomy/index.js';
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
  contactEmail: string | null;
  gatedStage: DealStage | null;
  openDeals: number;
  isWithoutValue: boolean | null;
  openValue: string | null;
  contactTitles: string[] | null;
  reachedStage: DealStage | null;
  reachedDeals: number;
  reachedWithoutValue: boolean | null;
  reachedValue: string | null;
  reachedTitles: string[] | null;
  optedOut: boolean;
  reachedAccounts: string;
  knownByAgentsOnly: boolean;
}

/** Stages that gate and are still open, the latest first. */
const OPEN_GATED = ['negotiation', 'evaluation'].filter((stage) => [...GATED_STAGES].some((gated) => gated === stage));

/**
 * One look-up for any number of proposals, in their order. What tables are compared with is worked out in subqueries of
 * their own (`offset 0` keeps them so): beside row-level security PostgreSQL takes no index for a comparison with a
 * `coalesce` or with what an ordinary function gives, and reads the whole table for each proposal.
 */
export const referenceReader: ReferenceReader = {
  async resolve(tx, named) {
    if (named.every(isNothing)) return named.map(() => NOTHING_NAMED);
    const rows = await sqlOf(tx)<Row>(
      `select a.id is not null as "accountExists", c.id is not null as "cloneExists", d.id is not null as "dealExists",
         d.stage as "dealStage", d.account_id as "dealAccountId", d.value as "dealValue",
         p.account_id as "contactAccountId", p.title as "contactTitle", p.email as "contactEmail",
         o.stage as "gatedStage", coalesce(o.deals, 0) as "openDeals", o.without_value as "isWithoutValue",
         o.value as "openValue", t.titles as "contactTitles",
         ro.stage as "reachedStage", ro.deals as "reachedDeals", ro.without_value as "reachedWithoutValue",
         ro.value as "reachedValue", k.titles as "reachedTitles",
         exists (select from account e where e.tenant_id = $1 and e.id = any(r.all_accounts)
           and e.opted_out_at is not null) as "optedOut",
         array_to_string(r.accounts, ' ') as "reachedAccounts",
         not exists (select from connector where tenant_id = $1 and kind = 'email' and settings->>'anyRecipient' = 'true')
         and exists (
           select from unnest(b.addresses) as given (address)
             cross join lateral (
               select by_agents from contact where tenant_id = $1 and email = given.address
               union all
               select by_agents from account where tenant_id = $1 and domain = split_part(given.address, '@', -1)) w
           group by given.address having bool_and(w.by_agents)) as "knownByAgentsOnly"
       from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $8::text[]) with ordinality
           as n (account_id, deal_id, clone_id, contact_id, addresses, place)
         left join account a on a.tenant_id = $1 and a.id = n.account_id
         left join deal d on d.tenant_id = $1 and d.id = n.deal_id
         left join clone c on c.tenant_id = $1 and c.id = n.clone_id
         left join contact p on p.tenant_id = $1 and p.id = n.contact_id
         cross join lateral (
           select coalesce(n.account_id, d.account_id, p.account_id) as account_id,
             coalesce(n.account_id, p.account_id) as deals_of, coalesce(n.account_id, d.account_id) as contacts_of,
             array_remove(string_to_array(n.addresses, ' ') || p.email, null) as addresses offset 0) b
         left join lateral (
           select count(*)::int as deals, bool_or(value is null) as without_value, max(value) as value,
             (array_agg(stage order by array_position($6::text[], stage)) filter (where stage = any($6::text[])))[1] as stage
           from deal where n.deal_id is null and tenant_id = $1 and stage = any($7::text[])
             and account_id = b.deals_of) o on n.deal_id is null
         left join lateral (
           select array_agg(distinct account_id) as accounts,
             array_agg(distinct title) filter (where title is not null) as titles
           from contact where tenant_id = $1 and email = any(b.addresses)) k on true
         left join lateral (
           select array_agg(id) as accounts from account where tenant_id = $1
             and domain = any(array(select split_part(address, '@', -1) from unnest(b.addresses) as address))) h on true
         cross join lateral (
           select coalesce(k.accounts, '{}') || coalesce(h.accounts, '{}') as accounts,
             coalesce(k.accounts, '{}') || coalesce(h.accounts, '{}') || b.account_id as all_accounts offset 0) r
         left join lateral (
           select count(*)::int as deals, bool_or(value is null) as without_value, max(value) as value,
             (array_agg(stage order by array_position($6::text[], stage)) filter (where stage = any($6::text[])))[1] as stage
           from deal where tenant_id = $1 and stage = any($7::text[]) and account_id = any(r.accounts)
             and account_id is distinct from b.account_id) ro on true
         left join lateral (
           select array_agg(distinct title) as titles
           from contact where n.contact_id is null and tenant_id = $1 and title is not null
             and account_id = b.contacts_of) t on n.contact_id is null
       order by n.place`,
      [
        tx.tenantId,
        named.map(({ accountId }) => accountId),
        named.map(({ dealId }) => dealId),
        named.map(({ cloneId }) => cloneId),
        named.map(({ contactId }) => contactId),
        OPEN_GATED,
        OPEN_STAGES,
        named.map(({ addresses }) => addresses.join(' ')),
      ],
    );
    return rows.map(toReferences);
  },
};

const isNothing = ({ accountId, dealId, cloneId, contactId, addresses }: Named): boolean =>
  addresses.length === 0 && [accountId, dealId, cloneId, contactId].every((id) => id === null);

const NOTHING_REACHED: ReachedFacts = { gatedStage: null, openValue: undefined, contactTitles: [] };
const NOTHING_NAMED: References = {
  accountExists: false,
  cloneExists: false,
  deal: undefined,
  contact: undefined,
  account: { ...NOTHING_REACHED, optedOut: false },
  reached: NOTHING_REACHED,
  reachedAccounts: [],
  knownByAgentsOnly: false,
};

const toReferences = (row: Row): References => ({
  accountExists: row.accountExists,
  cloneExists: row.cloneExists,
  deal:
    row.dealExists && row.dealStage !== null
      ? { stage: row.dealStage, accountId: row.dealAccountId, value: amount(row.dealValue) }
      : undefined,
  contact:
    row.contactAccountId === null
      ? undefined
      : { accountId: row.contactAccountId, title: row.contactTitle, email: row.contactEmail },
  account: {
    gatedStage: row.gatedStage,
    openValue: row.openDeals === 0 ? undefined : row.isWithoutValue ? null : amount(row.openValue),
    contactTitles: row.contactTitles ?? [],
    optedOut: row.optedOut,
  },
  reached: {
    gatedStage: row.reachedStage,
    openValue: row.reachedDeals === 0 ? undefined : row.reachedWithoutValue ? null : amount(row.reachedValue),
    contactTitles: row.reachedTitles ?? [],
  },
  knownByAgentsOnly: row.knownByAgentsOnly,
  reachedAccounts: [...new Set(row.reachedAccounts.split(' ').filter((id) => id !== ''))].sort(),
});

const amount = (value: string | null): number | null => (value === null ? null : Number(value));

/** How long before the proposal something may have come in that is recorded only after the vote: a mailbox read late. */
const LATE_MS = 7 * 86_400_000;

/** Inbound interactions that an approver cannot have seen. */
export const replyReader: ReplyReader = {
  async repliedSince(tx, { accountIds, contactId, addresses }, { proposedAt, seen }) {
    const found = await sqlOf(tx)(
      `with people as (
           select id, account_id, email from contact where tenant_id = $1 and (email = any($4::text[]) or id = $3)),
         accounts as (
           select unnest($2::uuid[]) as id union select account_id from people
           union select other.account_id from people join contact other on other.tenant_id = $1 and other.email = people.email
           union select id from account where tenant_id = $1 and domain = any(array(
             select split_part(address, '@', -1) from (select unnest($4::text[]) union select email from people) as a (address))))
       select from interaction i where i.tenant_id = $1 and i.direction = 'inbound' and i.occurred_at > $5
         and (i.account_id in (select id from accounts) or i.contact_id in (select id from people))
         and exists (select from unnest($6::timestamptz[], $7::text[]) as vote (at, snapshot)
           where case when vote.snapshot is null then i.updated_at > vote.at
             else not pg_visible_in_snapshot(i.tx, vote.snapshot::pg_snapshot) end) limit 1`,
      [
        tx.tenantId,
        accountIds,
        contactId,
        addresses,
        new Date(proposedAt.getTime() - LATE_MS).toISOString(),
        seen.map(({ at }) => at.toISOString()),
        seen.map(({ snapshot }) => snapshot),
      ],
    );
    return found.length > 0;
  },
};
