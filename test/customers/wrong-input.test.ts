import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/kernel/ids.js';
import { DATABASES, openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import {
  logOf,
  RECORD_INTERACTION,
  recorder,
  refusalOf,
  UPSERT_ACCOUNT,
  UPSERT_CONTACT,
  UPSERT_DEAL,
} from './recording.js';

const ACCOUNT = { name: 'Right' };
const CONTACT = { accountExternalId: 'A-1', name: 'Right' };
const DEAL = { name: 'Right', stage: 'DISCOVERY' };
const INTERACTION = { channel: 'EMAIL', occurredAt: '2026-01-01T00:00:00Z' };
const UNKNOWN = '0198c0de-0000-7000-8000-000000000000';

/** Input with one thing wrong, and where the refusal must point. */
const WRONG: [what: string, document: string, input: object, ...fields: string[]][] = [
  ['a new account without a name', UPSERT_ACCOUNT, {}, 'name'],
  ['an empty name', UPSERT_ACCOUNT, { name: '   ' }, 'name'],
  ['a name of 301 characters', UPSERT_ACCOUNT, { name: 'x'.repeat(301) }, 'name'],
  ['NUL in a text', UPSERT_ACCOUNT, { name: 'a\u0000b' }, 'name'],
  ['half a surrogate pair', UPSERT_ACCOUNT, { ...ACCOUNT, sector: 'a\ud800' }, 'sector'],
  ['a long location', UPSERT_ACCOUNT, { ...ACCOUNT, location: 'x'.repeat(301) }, 'location'],
  ['a long parent name', UPSERT_ACCOUNT, { ...ACCOUNT, parentName: 'x'.repeat(301) }, 'parentName'],
  ['an address for a domain', UPSERT_ACCOUNT, { ...ACCOUNT, domain: 'https://example.com/' }, 'domain'],
  ['a host without a dot', UPSERT_ACCOUNT, { ...ACCOUNT, domain: 'localhost' }, 'domain'],
  ['an IP address for a domain', UPSERT_ACCOUNT, { ...ACCOUNT, domain: '10.0.0.1' }, 'domain'],
  ['look-alike letters in a domain', UPSERT_ACCOUNT, { ...ACCOUNT, domain: 'ехample.com' }, 'domain'],
  ['a long domain', UPSERT_ACCOUNT, { ...ACCOUNT, domain: `${'a.'.repeat(126)}com` }, 'domain'],
  ['fewer than no employees', UPSERT_ACCOUNT, { ...ACCOUNT, employees: -1 }, 'employees'],
  ['too many employees', UPSERT_ACCOUNT, { ...ACCOUNT, employees: 10_000_001 }, 'employees'],
  ['a negative revenue', UPSERT_ACCOUNT, { ...ACCOUNT, annualRevenue: -0.01 }, 'annualRevenue'],
  ['a revenue above 1e12', UPSERT_ACCOUNT, { ...ACCOUNT, annualRevenue: 1e12 + 1 }, 'annualRevenue'],
  ['a third decimal', UPSERT_ACCOUNT, { ...ACCOUNT, annualRevenue: 1.005 }, 'annualRevenue'],
  ['both id and external id', UPSERT_ACCOUNT, { ...ACCOUNT, id: UNKNOWN, externalId: 'x' }, 'externalId'],
  ['an empty external id', UPSERT_ACCOUNT, { ...ACCOUNT, externalId: '' }, 'externalId'],
  ['an external id of 201 characters', UPSERT_ACCOUNT, { ...ACCOUNT, externalId: 'x'.repeat(201) }, 'externalId'],
  ['NUL in an external id', UPSERT_ACCOUNT, { ...ACCOUNT, externalId: 'a\u0000' }, 'externalId'],
  ['two wrong fields', UPSERT_ACCOUNT, { ...ACCOUNT, domain: 'x', employees: -1 }, 'domain', 'employees'],
  ['a contact without an account', UPSERT_CONTACT, { name: 'Orla' }, 'accountId'],
  ['a contact without a name', UPSERT_CONTACT, { accountExternalId: 'A-1' }, 'name'],
  ['a contact of an unknown account', UPSERT_CONTACT, { ...CONTACT, accountExternalId: 'x' }, 'accountExternalId'],
  ['a contact of an unknown account id', UPSERT_CONTACT, { name: 'Orla', accountId: UNKNOWN }, 'accountId'],
  ['a contact of a malformed account id', UPSERT_CONTACT, { name: 'Orla', accountId: 'x' }, 'accountId'],
  ['two names of one account', UPSERT_CONTACT, { ...CONTACT, accountId: UNKNOWN }, 'accountExternalId'],
  ['an email address without @', UPSERT_CONTACT, { ...CONTACT, email: 'orla' }, 'email'],
  ['a long title', UPSERT_CONTACT, { ...CONTACT, title: 'x'.repeat(301) }, 'title'],
  ['a deal without a stage', UPSERT_DEAL, { name: 'Deal' }, 'stage'],
  ['a deal without a name', UPSERT_DEAL, { stage: 'DISCOVERY' }, 'name'],
  ['a negative value', UPSERT_DEAL, { ...DEAL, value: -1 }, 'value'],
  ['a value above 1e12', UPSERT_DEAL, { ...DEAL, value: 1e300 }, 'value'],
  ['an estimate without a value', UPSERT_DEAL, { ...DEAL, valueIsEstimate: true }, 'valueIsEstimate'],
  ['a closing date of an open deal', UPSERT_DEAL, { ...DEAL, closedAt: '2026-01-01T00:00:00Z' }, 'closedAt'],
  [
    'a deal that closed before it opened',
    UPSERT_DEAL,
    { name: 'X', stage: 'CLOSED_WON', openedAt: '2026-01-02T00:00:00Z', closedAt: '2026-01-01T00:00:00Z' },
    'closedAt',
  ],
  ['a date before 1970', UPSERT_DEAL, { ...DEAL, openedAt: '1969-12-31T23:59:59Z' }, 'openedAt'],
  ['a date after 2100', UPSERT_DEAL, { ...DEAL, openedAt: '2101-01-01T00:00:00Z' }, 'openedAt'],
  ['a deal of an unknown account', UPSERT_DEAL, { ...DEAL, accountExternalId: 'x' }, 'accountExternalId'],
  ['a deal of an unknown clone', UPSERT_DEAL, { ...DEAL, cloneId: UNKNOWN }, 'cloneId'],
  ['a long product', UPSERT_DEAL, { ...DEAL, product: 'x'.repeat(301) }, 'product'],
  ['a long owner', UPSERT_DEAL, { ...DEAL, owner: 'x'.repeat(301) }, 'owner'],
  ['an interaction without a channel', RECORD_INTERACTION, { occurredAt: '2026-01-01T00:00:00Z' }, 'channel'],
  ['an interaction without a time', RECORD_INTERACTION, { channel: 'CHAT' }, 'occurredAt'],
  [
    'an interaction before 1970',
    RECORD_INTERACTION,
    { channel: 'CHAT', occurredAt: '0001-01-01T00:00:00Z' },
    'occurredAt',
  ],
  ['a long subject', RECORD_INTERACTION, { ...INTERACTION, subject: 'x'.repeat(501) }, 'subject'],
  ['a content of 20,001 characters', RECORD_INTERACTION, { ...INTERACTION, content: 'x'.repeat(20_001) }, 'content'],
  ['NUL in a content', RECORD_INTERACTION, { ...INTERACTION, content: '\u0000' }, 'content'],
  ['an unknown contact', RECORD_INTERACTION, { ...INTERACTION, contactExternalId: 'x' }, 'contactExternalId'],
  ['an unknown contact id', RECORD_INTERACTION, { ...INTERACTION, contactId: UNKNOWN }, 'contactId'],
  [
    'a contact of another account',
    RECORD_INTERACTION,
    { ...INTERACTION, accountExternalId: 'A-2', contactExternalId: 'C-1' },
    'contactExternalId',
  ],
  ['an unknown clone', RECORD_INTERACTION, { ...INTERACTION, cloneId: 'x' }, 'cloneId'],
];

describe.each(DATABASES)('wrong input about customers on %s', (kind) => {
  let server: TestServer;
  let admin: string;
  let record: ReturnType<typeof recorder>;
  /** Ids of a tenant that the caller does not belong to. */
  const foreign = {
    tenant: newId(new Date()),
    account: newId(new Date()),
    deal: newId(new Date()),
    clone: newId(new Date()),
  };
  let close: () => Promise<void>;
  beforeAll(async () => {
    const database = await openTestDatabase(kind);
    server = await startTestServer({ database });
    close = async () => {
      await server.close();
      await database.close();
    };
    admin = await server.token('admin');
    record = recorder(server, admin);
    await record.account({ externalId: 'A-1', name: 'One' });
    await record.account({ externalId: 'A-2', name: 'Two' });
    await record.contact({ externalId: 'C-1', accountExternalId: 'A-1', name: 'Orla' });
    await record.deal({ externalId: 'D-1', name: 'Deal', stage: 'CLOSED_WON', closedAt: '2026-01-01T00:00:00Z' });
    await record.interaction({ externalId: 'I-1', contactExternalId: 'C-1', ...INTERACTION });
    await database.asServer(async (sql) => {
      const { tenant, account, deal, clone } = foreign;
      await sql(`insert into tenant (id, slug, name, created_at) values ($1, 'other', 'Other', now())`, [tenant]);
      await sql(`insert into clone (tenant_id, id, slug, name, created_at) values ($1, $2, 'c', 'C', now())`, [
        tenant,
        clone,
      ]);
      await sql(
        `insert into account (tenant_id, id, external_id, name, created_at, updated_at) values ($1, $2, 'F-1', 'F', now(), now())`,
        [tenant, account],
      );
      await sql(
        `insert into deal (tenant_id, id, external_id, account_id, name, stage, created_at, updated_at)
         values ($1, $2, 'F-1', $3, 'F', 'discovery', now(), now())`,
        [tenant, deal, account],
      );
    });
  });
  afterAll(() => close());

  const refuse = async (document: string, input: object) => {
    const before = await logOf(server, admin);
    const reply = await server.request(admin, document, { input });
    expect((await logOf(server, admin)).count).toBe(before.count);
    return refusalOf(reply);
  };

  test.each(WRONG)('%s is refused by its path and changes nothing', async (_what, document, input, ...fields) => {
    expect(await refuse(document, input)).toEqual({
      code: 'VALIDATION_FAILED',
      paths: fields.map((field) => `input.${field}`),
    });
  });

  test('the limits themselves are accepted', async () => {
    const { account } = await record.account({
      externalId: 'x'.repeat(200),
      name: 'n'.repeat(300),
      domain: 'xn--bcher-kva.example',
      employees: 10_000_000,
      annualRevenue: 999_999_999_999.99,
    });
    expect(account.annualRevenue).toBe(999_999_999_999.99);
    const { interaction } = await record.interaction({
      ...INTERACTION,
      subject: 's'.repeat(500),
      content: 'c'.repeat(20_000),
      occurredAt: '2100-12-31T23:59:59.999Z',
    });
    expect(interaction.occurredAt).toBe('2100-12-31T23:59:59.999Z');
    const { deal } = await record.deal({
      ...DEAL,
      stage: 'CLOSED_LOST',
      value: 1e12,
      openedAt: '1970-01-01T00:00:00Z',
      closedAt: '1970-01-01T00:00:00Z',
    });
    expect(deal).toMatchObject({ value: 1e12, openedAt: deal.closedAt });
  });

  test('an update is held to the same rules as what is stored', async () => {
    expect(await refuse(UPSERT_DEAL, { externalId: 'D-1', openedAt: '2026-01-02T00:00:00Z' })).toEqual({
      code: 'VALIDATION_FAILED',
      paths: ['input.openedAt'],
    });
    expect(await refuse(UPSERT_DEAL, { externalId: 'D-1', name: null })).toEqual({
      code: 'VALIDATION_FAILED',
      paths: ['input.name'],
    });
    expect(await refuse(UPSERT_CONTACT, { externalId: 'C-1', accountId: null })).toEqual({
      code: 'VALIDATION_FAILED',
      paths: ['input.accountId'],
    });
    expect(await refuse(RECORD_INTERACTION, { externalId: 'I-1', accountExternalId: 'A-2' })).toEqual({
      code: 'VALIDATION_FAILED',
      paths: ['input.accountExternalId'],
    });
  });

  test.each([
    ['unknown', () => UNKNOWN],
    ['malformed', () => 'x'],
    ['of another tenant', () => foreign.account],
  ])('an id to update that is %s is not found', async (_what, id) => {
    expect((await refuse(UPSERT_ACCOUNT, { id: id(), name: 'X' })).code).toBe('NOT_FOUND');
  });

  test('records of another tenant are as good as unknown', async () => {
    expect((await refuse(UPSERT_DEAL, { id: foreign.deal, name: 'X' })).code).toBe('NOT_FOUND');
    expect((await refuse(UPSERT_DEAL, { ...DEAL, accountId: foreign.account })).paths).toEqual(['input.accountId']);
    expect((await refuse(UPSERT_DEAL, { ...DEAL, cloneId: foreign.clone })).paths).toEqual(['input.cloneId']);
    expect((await refuse(UPSERT_DEAL, { ...DEAL, accountExternalId: 'F-1' })).paths).toEqual([
      'input.accountExternalId',
    ]);
    for (const [query, field] of [
      ['query ($id: ID!) { account(id: $id) { id } }', 'account'],
      ['query ($id: ID!) { deal(id: $id) { id } }', 'deal'],
    ] as const) {
      const answers = await Promise.all(
        [foreign[field], UNKNOWN, 'x'].map((id) => server.request(admin, query, { id })),
      );
      expect(answers.map(({ errors }) => errors?.[0].extensions.code)).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']);
    }
    const { deals, accounts } = await server.data(
      admin,
      'query ($id: ID!) { deals(accountId: $id) { totalCount } accounts(search: "F") { edges { node { name } } } }',
      { id: foreign.account },
    );
    expect(deals.totalCount).toBe(0);
    expect(accounts.edges).toEqual([]);
    const { account } = await record.account({ externalId: 'F-1', name: 'Ours' });
    expect(account.id).not.toBe(foreign.account);
  });
});
