import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATABASES } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { IMPORT_RECORDS, logOf, recorder, refusalOf } from './recording.js';

describe.each(DATABASES)('importing records on %s', (kind) => {
  let server: TestServer;
  let admin: string;
  let record: ReturnType<typeof recorder>;
  beforeAll(async () => {
    server = await startTestServer({ kind });
    admin = await server.token('admin');
    record = recorder(server, admin);
  });
  afterAll(() => server.close());

  const BATCH = {
    accounts: [
      { externalId: 'A-1', name: 'Brightwater' },
      { externalId: 'A-2', name: 'Cobalt', employees: -1 },
      { externalId: 'A-3', name: 'Drift' },
    ],
    contacts: [
      { externalId: 'C-1', accountExternalId: 'A-1', name: 'Orla', title: null },
      { externalId: 'C-2', accountExternalId: 'A-2', name: 'Of a refused account' },
    ],
    deals: [
      { externalId: 'D-1', accountExternalId: 'A-1', name: 'One', stage: 'DISCOVERY', value: 100.5 },
      { externalId: 'D-2', accountExternalId: 'nobody', name: 'Two', stage: 'DISCOVERY' },
      {
        externalId: 'D-3',
        accountExternalId: null,
        name: 'Three',
        stage: 'CLOSED_WON',
        closedAt: '2026-02-01T00:00:00Z',
      },
      { externalId: '', name: 'Four', stage: 'DISCOVERY', value: 0.001 },
    ],
    interactions: [
      {
        externalId: 'I-1',
        accountExternalId: 'A-1',
        contactExternalId: 'C-1',
        contactName: 'Orla',
        channel: 'MEETING',
        direction: null,
        status: 'COMPLETED',
        occurredAt: '2026-02-11T00:00:00.000Z',
        subject: 'Tour',
        content: '“Walked” the plant – 図\n\n\\ done',
      },
      {
        externalId: 'I-2',
        accountExternalId: 'A-3',
        contactExternalId: 'C-1',
        channel: 'CHAT',
        occurredAt: '2026-02-12T00:00:00Z',
      },
    ],
  };

  test('refuses what is wrong, records all the rest, in order, and says which is which', async () => {
    const before = await logOf(server, admin);
    const answers = await record.import(BATCH);
    expect(answers.map(({ kind, index, outcome }) => `${kind} ${index} ${outcome}`)).toEqual([
      'ACCOUNT 0 CREATED',
      'ACCOUNT 1 REFUSED',
      'ACCOUNT 2 CREATED',
      'CONTACT 0 CREATED',
      'CONTACT 1 REFUSED',
      'DEAL 0 CREATED',
      'DEAL 1 REFUSED',
      'DEAL 2 CREATED',
      'DEAL 3 REFUSED',
      'INTERACTION 0 CREATED',
      'INTERACTION 1 REFUSED',
    ]);
    const refused = answers.filter(({ outcome }) => outcome === 'REFUSED');
    expect(refused.map(({ id, issues }) => [id, issues.map(({ path }) => path.join('.'))])).toEqual([
      [null, ['input.accounts.1.employees']],
      [null, ['input.contacts.1.accountExternalId']],
      [null, ['input.deals.1.accountExternalId']],
      [null, ['input.deals.3.externalId', 'input.deals.3.value']],
      [null, ['input.interactions.1.contactExternalId']],
    ]);
    expect(refused[0]?.issues[0]?.message).toBe('expected a whole number from 0 to 10000000; got -1');
    expect((await logOf(server, admin)).count).toBe(before.count + 6);
    const { deals, interactions } = await server.data(
      admin,
      '{ deals { totalCount edges { node { id value } } } interactions { edges { node { content subject } } } }',
    );
    expect(deals.totalCount).toBe(2);
    const one = answers[5]?.id;
    expect(deals.edges.find(({ node }: { node: { id: string } }) => node.id === one).node.value).toBe(100.5);
    expect(interactions.edges).toEqual([{ node: { content: '“Walked” the plant – 図\n\n\\ done', subject: 'Tour' } }]);
  });

  test('the same again changes nothing and leaves no log row', async () => {
    const first = await record.import(BATCH);
    const before = await logOf(server, admin);
    const again = await record.import(BATCH);
    expect(new Set(again.map(({ outcome }) => outcome))).toEqual(new Set(['UNCHANGED', 'REFUSED']));
    expect(again.map(({ id }) => id)).toEqual(first.map(({ id }) => id));
    expect((await logOf(server, admin)).count).toBe(before.count);
  });

  test('one record sent twice is applied twice, in order', async () => {
    const deals = [
      { externalId: 'D-twice', name: 'First', stage: 'DISCOVERY' },
      { externalId: 'D-twice', stage: 'EVALUATION' },
      { externalId: 'D-twice', stage: 'EVALUATION' },
    ];
    const answers = await record.import({ deals });
    expect(answers.map(({ outcome }) => outcome)).toEqual(['CREATED', 'UPDATED', 'UNCHANGED']);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    const { deal } = await server.data(admin, 'query ($id: ID!) { deal(id: $id) { name stage } }', {
      id: answers[0]?.id,
    });
    expect(deal).toEqual({ name: 'First', stage: 'EVALUATION' });
    const { auditTrail } = await server.data(
      admin,
      'query ($id: ID!) { auditTrail(subjectId: $id) { edges { node { data } } } }',
      { id: answers[0]?.id },
    );
    expect(auditTrail.edges.map(({ node }: { node: { data: object } }) => node.data)).toMatchObject([
      { outcome: 'created', from: null, to: 'discovery' },
      { outcome: 'updated', from: 'discovery', to: 'evaluation' },
    ]);
  });

  test('two imports of the same records at once both end, and each record exists once', async () => {
    const accounts = Array.from({ length: 40 }, (_, index) => ({ externalId: `R-${index}`, name: `Racing ${index}` }));
    const deals = accounts.map(({ externalId }) => ({
      externalId,
      accountExternalId: externalId,
      name: 'Racing',
      stage: 'DISCOVERY',
    }));
    const [one, two] = await Promise.all([
      record.import({ accounts, deals }),
      record.import({ accounts: accounts.toReversed(), deals: deals.toReversed() }),
    ]);
    const outcomes = [...one, ...two].map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'CREATED')).toHaveLength(80);
    expect(outcomes.filter((outcome) => outcome === 'UNCHANGED')).toHaveLength(80);
  });

  test('more than 500 of a kind are refused as a whole', async () => {
    const { count } = await logOf(server, admin);
    const accounts = Array.from({ length: 501 }, (_, index) => ({ externalId: `M-${index}`, name: 'Many' }));
    const reply = await server.request(admin, IMPORT_RECORDS, { input: { accounts } });
    expect(refusalOf(reply)).toEqual({ code: 'VALIDATION_FAILED', paths: ['input.accounts'] });
    expect((await logOf(server, admin)).count).toBe(count);
  });

  test('an empty import does nothing', async () => {
    const { count } = await logOf(server, admin);
    expect(await record.import({ accounts: null, deals: [] })).toEqual([]);
    expect((await logOf(server, admin)).count).toBe(count);
  });
});
