import type { EntitySchema, FilterQuery } from '@mikro-orm/core';
import type { Id } from '../../../kernel/ids.js';
import type { Tx } from '../../../kernel/transaction.js';
import { emOf, sqlOf } from '../../../platform/db/database.js';
import { findPage } from '../../../platform/db/page.js';
import { domainOf, type KnownParties } from '../domain/participants.js';
import { type Account, type Contact, OPEN_STAGES } from '../domain/records.js';
import type { CustomerReader, FoundReferences, Listing, RecordStore } from '../ports.js';
import { AccountEntity, ContactEntity, DealEntity, InteractionEntity } from './schema.js';
import { TABLES } from './tables.js';

export const recordStore: RecordStore = {
  async lock(tx, kind, { ids, externalIds }) {
    if (ids.length === 0 && externalIds.length === 0) return [];
    const { lock, toRecord } = TABLES[kind];
    const rows = await sqlOf(tx)<Record<string, unknown>>(lock, [tx.tenantId, ids, externalIds]);
    return rows.map(toRecord);
  },
  async resolve(tx, { accounts, contacts, clones, emails, domains }): Promise<FoundReferences> {
    const sql = sqlOf(tx);
    const look = <Row>(table: string, columns: string, names: typeof accounts): Promise<Row[]> =>
      names.ids.length === 0 && names.externalIds.length === 0
        ? Promise.resolve([])
        : sql<Row>(
            `select id, external_id as "externalId" ${columns} from ${table}
             where tenant_id = $1 and (id = any($2::uuid[]) or external_id = any($3::text[]))`,
            [tx.tenantId, names.ids, names.externalIds],
          );
    const found = {
      accounts: await look<Pick<Account, 'id' | 'externalId'>>('account', '', accounts),
      contacts: await look<Pick<Contact, 'id' | 'externalId' | 'accountId'>>(
        'contact',
        ', account_id as "accountId"',
        contacts,
      ),
    };
    const parties = await findParties(tx, emails, domains);
    if (clones.length === 0) return { ...found, parties, clones: [] };
    const known = await sql<{ id: Id }>('select id from clone where tenant_id = $1 and id = any($2::uuid[])', [
      tx.tenantId,
      clones,
    ]);
    return { ...found, parties, clones: known.map(({ id }) => id) };
  },
  async insert(tx, kind, records) {
    return (await sqlOf(tx)(TABLES[kind].insert, [tx.tenantId, JSON.stringify(records)])).length;
  },
  async update(tx, kind, records) {
    if (records.length > 0) await sqlOf(tx)(TABLES[kind].update, [tx.tenantId, JSON.stringify(records)]);
  },
  async addStageChanges(tx, changes) {
    if (changes.length === 0) return;
    await sqlOf(tx)(
      `insert into deal_stage_change (tenant_id, id, deal_id, from_stage, stage, at)
       select $1, * from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[])`,
      [
        tx.tenantId,
        changes.map(({ id }) => id),
        changes.map(({ dealId }) => dealId),
        changes.map(({ fromStage }) => fromStage),
        changes.map(({ stage }) => stage),
        changes.map(({ at }) => at.toISOString()),
      ],
    );
  },
};

/** Contacts by exact address, accounts by exact domain; the oldest first, so that the answer does not depend on chance. */
async function findParties(tx: Tx, emails: readonly string[], domains: readonly string[]): Promise<KnownParties> {
  if (emails.length === 0 && domains.length === 0) return { contacts: [], accounts: [] };
  const sql = sqlOf(tx);
  return {
    contacts: await sql<KnownParties['contacts'][number]>(
      // Apart, so that the index serves the addresses; where no domain is asked for, nothing is read for it.
      `select id, account_id as "accountId", email from contact where tenant_id = $1 and email = any($2::text[])
       union
       select id, account_id, email from contact
       where cardinality($3::text[]) > 0 and tenant_id = $1 and split_part(email, '@', -1) = any($3::text[])
       order by id`,
      [tx.tenantId, emails, domains],
    ),
    accounts: await sql<KnownParties['accounts'][number]>(
      'select id, domain from account where tenant_id = $1 and domain = any($2::text[]) order by id',
      [tx.tenantId, [...new Set([...domains, ...emails.map(domainOf)])]],
    ),
  };
}

/** A list of one table, in the order of the keys. */
function listing<Item extends { tenantId: Id; id: Id }, Filter>(
  entity: EntitySchema<Item>,
  order: { readonly keys: readonly (keyof Item & string)[]; readonly direction: 'asc' | 'desc' },
  conditionsOf: (filter: Filter) => FilterQuery<Item>,
): Listing<Item, Filter> {
  const where = (tx: Tx, filter: Filter) =>
    ({ $and: [{ tenantId: tx.tenantId }, conditionsOf(filter)] }) as FilterQuery<Item>;
  return {
    page: (tx, filter, args) => findPage(tx, { entity, where: where(tx, filter), ...order, args }),
    count: (tx, filter) => emOf(tx).count(entity, where(tx, filter)),
  };
}

export const customerReader: CustomerReader = {
  account: async (tx, id) => (await emOf(tx).findOne(AccountEntity, { tenantId: tx.tenantId, id })) ?? undefined,
  deal: async (tx, id) => (await emOf(tx).findOne(DealEntity, { tenantId: tx.tenantId, id })) ?? undefined,
  accounts: listing(AccountEntity, { keys: ['name', 'id'], direction: 'asc' }, ({ search, sector }) => ({
    ...(sector !== undefined && { sector }),
    ...(search !== undefined && {
      $or: [{ name: { $ilike: `%${search.replace(/[\\%_]/g, '\\$&')}%` } }, { domain: search.toLowerCase() }],
    }),
  })),
  contacts: listing(ContactEntity, { keys: ['name', 'id'], direction: 'asc' }, ({ accountId }) => ({ accountId })),
  deals: listing(DealEntity, { keys: ['id'], direction: 'desc' }, ({ stages, accountId }) => ({
    ...(stages && { stage: { $in: [...stages] } }),
    ...(accountId !== undefined && { accountId }),
  })),
  interactions: listing(
    InteractionEntity,
    { keys: ['occurredAt', 'id'], direction: 'desc' },
    ({ accountId, channel }) => ({ ...(accountId !== undefined && { accountId }), ...(channel && { channel }) }),
  ),
  async openDealValues(tx, accountIds) {
    const rows = await sqlOf(tx)<{ accountId: Id; value: string | number }>(
      `select account_id as "accountId", sum(value) as value from deal
       where tenant_id = $1 and account_id = any($2::uuid[]) and stage = any($3::text[]) and value is not null
       group by account_id`,
      [tx.tenantId, accountIds, OPEN_STAGES],
    );
    return new Map(rows.map(({ accountId, value }) => [accountId, Number(value)]));
  },
};
