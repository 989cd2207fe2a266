import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeCursor } from '../../src/kernel/cursor.js';
import { DATABASES } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { type AnyRecord, recorder, refusalOf } from './recording.js';

const NAMES = ['Alder', 'Birch', 'Cedar', 'Dogwood', 'Elm', 'Elm', 'Fir'];

describe.each(DATABASES)('listing customers on %s', (kind) => {
  let server: TestServer;
  let approver: string;
  const ids: string[] = [];
  beforeAll(async () => {
    server = await startTestServer({ kind });
    approver = await server.token('approver');
    const record = recorder(server, await server.token('admin'));
    const answers = await record.import({
      accounts: NAMES.map((name, index) => ({
        externalId: `A-${index}`,
        name: `${name} & Co`,
        sector: index < 3 ? 'timber' : null,
        domain: index === 6 ? 'trees.example' : null,
      })),
      contacts: ['Zoe', 'Abe', 'Mia'].map((name, index) => ({
        externalId: `C-${index}`,
        accountExternalId: 'A-0',
        name,
      })),
      deals: [
        { externalId: 'D-0', accountExternalId: 'A-0', name: 'open', stage: 'DISCOVERY', value: 100.25 },
        { externalId: 'D-1', accountExternalId: 'A-0', name: 'open', stage: 'NEGOTIATION', value: 50.5 },
        { externalId: 'D-2', accountExternalId: 'A-0', name: 'won', stage: 'CLOSED_WON', value: 1_000 },
        { externalId: 'D-3', accountExternalId: 'A-1', name: 'no value', stage: 'DISCOVERY' },
        { externalId: 'D-4', accountExternalId: 'A-2', name: 'free', stage: 'DISCOVERY', value: 0 },
        { externalId: 'D-5', name: 'without account', stage: 'PROSPECTING', value: 7 },
      ],
      interactions: ['02', '04', '03', '03', '01'].map((day, index) => ({
        externalId: `I-${index}`,
        accountExternalId: index < 4 ? 'A-0' : null,
        channel: index === 1 ? 'CHAT' : 'EMAIL',
        occurredAt: `2026-03-${day}T00:00:00Z`,
        subject: `on ${day}`,
      })),
    });
    ids.push(...answers.flatMap(({ id }) => id ?? []));
  });
  afterAll(() => server.close());

  const externalIds = (connection: AnyRecord): string[] =>
    connection.edges.map(({ node }: { node: { externalId: string } }) => node.externalId).toSorted();

  test('accounts come by name, forwards and backwards, without a gap or a repeat', async () => {
    const page = `pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { node { id name } }`;
    const forwards: AnyRecord[] = [];
    let after: string | null = null;
    for (let more = true; more; ) {
      const { accounts }: AnyRecord = await server.data(
        approver,
        `query ($after: String) { accounts(first: 2, after: $after) { ${page} } }`,
        { after },
      );
      expect(accounts.pageInfo.hasPreviousPage).toBe(after !== null);
      forwards.push(...accounts.edges.map(({ node }: AnyRecord) => node));
      after = accounts.pageInfo.endCursor;
      more = accounts.pageInfo.hasNextPage;
    }
    expect(forwards.map(({ name }) => name)).toEqual(NAMES.map((name) => `${name} & Co`));
    expect(new Set(forwards.map(({ id }) => id)).size).toBe(7);

    const backwards: AnyRecord[] = [];
    let before: string | null = null;
    for (let more = true; more; ) {
      const { accounts }: AnyRecord = await server.data(
        approver,
        `query ($before: String) { accounts(last: 3, before: $before) { ${page} } }`,
        { before },
      );
      backwards.unshift(...accounts.edges.map(({ node }: AnyRecord) => node));
      before = accounts.pageInfo.startCursor;
      more = accounts.pageInfo.hasPreviousPage;
    }
    expect(backwards).toEqual(forwards);
  });

  test('interactions come latest first, forwards and backwards, also where instants are equal', async () => {
    const all = (await server.data(approver, '{ interactions { edges { cursor node { id subject } } } }')).interactions
      .edges;
    expect(all.map(({ node }: AnyRecord) => node.subject)).toEqual(['on 04', 'on 03', 'on 03', 'on 02', 'on 01']);
    for (const [index, { cursor }] of all.entries()) {
      const { behind, inFront } = await server.data(
        approver,
        `query ($cursor: String) {
          behind: interactions(first: 1, after: $cursor) { edges { node { id } } }
          inFront: interactions(last: 1, before: $cursor) { edges { node { id } } }
        }`,
        { cursor },
      );
      expect(behind.edges[0]?.node.id).toBe(all[index + 1]?.node.id);
      expect(inFront.edges[0]?.node.id).toBe(all[index - 1]?.node.id);
    }
  });

  test.each([
    ['a part of the name, in any case', '{ search: "DOGw" }', ['A-3']],
    ['all of two names', '{ search: "elm & co" }', ['A-4', 'A-5']],
    ['exactly the domain', '{ search: "Trees.Example" }', ['A-6']],
    ['not a part of the domain', '{ search: "trees" }', []],
    ['a percent sign as such', '{ search: "%" }', []],
    ['an underscore as such', '{ search: "E_m" }', []],
    ['a backslash as such', '{ search: "\\\\" }', []],
    ['the sector', '{ sector: "timber" }', ['A-0', 'A-1', 'A-2']],
    ['sector and name', '{ sector: "timber", search: "birch" }', ['A-1']],
  ])('accounts are found by %s', async (_what, filter, expected) => {
    const argument = filter.slice(1, -1);
    const { accounts } = await server.data(
      approver,
      `{ accounts(${argument}) { totalCount edges { node { externalId } } } }`,
    );
    expect(externalIds(accounts)).toEqual(expected);
    expect(accounts.totalCount).toBe(expected.length);
  });

  test('deals and interactions are found by stage, account, channel, and by having no account', async () => {
    const id = ids[0];
    const { some, of, without, mail } = await server.data(
      approver,
      `query ($id: ID!) {
        some: deals(stage: [CLOSED_WON, PROSPECTING]) { edges { node { externalId } } }
        of: deals(accountId: $id, stage: [DISCOVERY]) { totalCount edges { node { externalId } } }
        without: deals(withoutAccount: true) { edges { node { externalId } } }
        mail: interactions(accountId: $id, channel: EMAIL) { totalCount edges { node { externalId } } }
      }`,
      { id },
    );
    expect(externalIds(some)).toEqual(['D-2', 'D-5']);
    expect(externalIds(of)).toEqual(['D-0']);
    expect(of.totalCount).toBe(1);
    expect(externalIds(without)).toEqual(['D-5']);
    expect(externalIds(mail)).toEqual(['I-0', 'I-2', 'I-3']);
    expect(mail.totalCount).toBe(3);
  });

  test('an account shows its contacts, deals and interactions, each list with its own arguments', async () => {
    const { account } = await server.data(
      approver,
      `query ($id: ID!) { account(id: $id) {
        contacts(first: 2) { totalCount pageInfo { hasNextPage } edges { node { name } } }
        deals(stage: [NEGOTIATION]) { totalCount edges { node { externalId value } } }
        interactions(last: 1, channel: EMAIL) { edges { node { subject } } }
      } }`,
      { id: ids[0] },
    );
    expect(account).toEqual({
      contacts: {
        totalCount: 3,
        pageInfo: { hasNextPage: true },
        edges: [{ node: { name: 'Abe' } }, { node: { name: 'Mia' } }],
      },
      deals: { totalCount: 1, edges: [{ node: { externalId: 'D-1', value: 50.5 } }] },
      interactions: { edges: [{ node: { subject: 'on 02' } }] },
    });
  });

  test('the value of open deals is their sum, 0 where that is known, and null where nothing is', async () => {
    const { accounts, account } = await server.data(
      approver,
      'query ($id: ID!) { accounts(first: 4) { edges { node { openDealValue } } } account(id: $id) { openDealValue } }',
      { id: ids[0] },
    );
    expect(accounts.edges.map(({ node }: AnyRecord) => node.openDealValue)).toEqual([150.75, null, 0, null]);
    expect(account.openDealValue).toBe(150.75);
  });

  test.each([
    ['accounts(after: "x")', 'after'],
    ['accounts(before: "")', 'before'],
    [`deals(after: "${encodeCursor('account:name,id', ['Elm', '0198c0de-0000-7000-8000-000000000000'])}")`, 'after'],
    [`accounts(after: "${encodeCursor('account:name,id', ['Elm', 'x'])}")`, 'after'],
    [
      `accounts(after: "${encodeCursor('account:name,id', ['\u0000', '0198c0de-0000-7000-8000-000000000000'])}")`,
      'after',
    ],
    [
      `interactions(after: "${encodeCursor('interaction:occurredAt,id', ['soon', '0198c0de-0000-7000-8000-000000000000'])}")`,
      'after',
    ],
  ])('%s names a cursor that this list never gave out', async (field, argument) => {
    const reply = await server.request(approver, `{ ${field} { edges { cursor } } }`);
    expect(refusalOf(reply)).toEqual({ code: 'CURSOR_INVALID', paths: [argument] });
  });

  test.each([
    ['accounts(first: 0)', 'first'],
    ['accounts(first: 101)', 'first'],
    ['accounts(first: 1, last: 1)', 'last'],
    ['accounts(search: " ")', 'search'],
    [`accounts(search: "${'x'.repeat(301)}")`, 'search'],
    ['accounts(sector: "\\u0000")', 'sector'],
    ['deals(accountId: "x")', 'accountId'],
    ['deals(accountId: "0198c0de-0000-7000-8000-000000000000", withoutAccount: true)', 'withoutAccount'],
    ['interactions(accountId: "x")', 'accountId'],
  ])('%s is refused by its path', async (field, argument) => {
    const reply = await server.request(approver, `{ ${field} { edges { cursor } } }`);
    expect(refusalOf(reply)).toEqual({ code: 'VALIDATION_FAILED', paths: [argument] });
  });

  test('nobody reads without a token', async () => {
    for (const field of ['accounts', 'deals', 'interactions']) {
      const reply = await server.request(undefined, `{ ${field} { totalCount } }`);
      expect(reply.errors?.[0].extensions.code).toBe('UNAUTHENTICATED');
    }
  });
});
