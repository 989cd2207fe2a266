import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATABASES } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { logOf, recorder } from './recording.js';

describe.each(DATABASES)('recording customers on %s', (kind) => {
  let server: TestServer;
  let agent: string;
  let record: ReturnType<typeof recorder>;
  beforeAll(async () => {
    server = await startTestServer({ kind });
    agent = await server.token(['agent', 'manager'], 'agent-one');
    record = recorder(server, agent);
  });
  afterAll(() => server.close());

  test('an account is created, found unchanged, and updated; each change leaves one log row', async () => {
    const input = {
      externalId: 'A-1',
      name: '  Brightwater Foods ',
      domain: 'BrightWater.Example',
      sector: 'food',
      employees: 250,
      annualRevenue: 1_100_040_000.25,
      location: 'Ireland',
      parentName: 'Harbour Group',
    };
    const created = await record.account(input);
    expect(created).toMatchObject({
      outcome: 'CREATED',
      account: { ...input, name: 'Brightwater Foods', domain: 'brightwater.example' },
    });
    const afterCreating = await logOf(server, agent);
    expect(afterCreating.last).toEqual({
      type: 'ACCOUNT_RECORDED',
      subjectId: created.account.id,
      actor: 'agent-one',
      data: { externalId: 'A-1', outcome: 'created', name: 'Brightwater Foods' },
    });

    const again = await record.account(input);
    expect(again).toEqual({ outcome: 'UNCHANGED', account: created.account });
    expect((await logOf(server, agent)).count).toBe(afterCreating.count);

    const updated = await record.account({ id: created.account.id, employees: 260, location: null });
    expect(updated).toMatchObject({
      outcome: 'UPDATED',
      account: { ...created.account, employees: 260, location: null, updatedAt: expect.any(String) },
    });
    const afterUpdating = await logOf(server, agent);
    expect(afterUpdating.count).toBe(afterCreating.count + 1);
    expect(afterUpdating.last).toMatchObject({ subjectId: created.account.id, data: { outcome: 'updated' } });
  });

  test('without id and external id every call makes a new record', async () => {
    const one = await record.account({ name: 'Twice' });
    const two = await record.account({ name: 'Twice' });
    expect([one.outcome, two.outcome]).toEqual(['CREATED', 'CREATED']);
    expect(one.account.id).not.toBe(two.account.id);
  });

  test('of several who add the same external id at once, one creates it', async () => {
    const racers = Array.from({ length: 8 }, (_, index) =>
      record.account({ externalId: 'A-race', name: `Racer ${index % 2}` }),
    );
    const answers = await Promise.all(racers);
    expect(answers.filter(({ outcome }) => outcome === 'CREATED')).toHaveLength(1);
    expect(new Set(answers.map(({ account }) => account.id)).size).toBe(1);
  });

  test('contacts, deals and interactions refer to others by id or by external id', async () => {
    const { account } = await record.account({ externalId: 'A-2', name: 'Refers' });
    const byId = await record.contact({
      externalId: 'C-1',
      accountId: account.id,
      name: 'Orla',
      email: 'Orla@X.Example',
    });
    expect(byId.contact).toMatchObject({ accountId: account.id, email: 'orla@x.example' });
    const byExternalId = await record.contact({ externalId: 'C-1', accountExternalId: 'A-2', name: 'Orla' });
    expect(byExternalId.outcome).toBe('UNCHANGED');
    const clone = (await server.data(agent, '{ clones { id } }')).clones[0].id;
    const { deal } = await record.deal({
      accountExternalId: 'A-2',
      cloneId: clone,
      name: 'Lumen',
      stage: 'DISCOVERY',
      value: 12.5,
    });
    expect(deal).toMatchObject({ accountId: account.id, cloneId: clone, externalId: null, value: 12.5 });
    const { interaction } = await record.interaction({
      contactExternalId: 'C-1',
      cloneId: clone,
      contactName: 'O.',
      channel: 'EMAIL',
      direction: 'INBOUND',
      occurredAt: '2026-03-06T10:00:00Z',
      subject: 'Re: trial',
    });
    expect(interaction).toMatchObject({
      accountId: account.id,
      contactId: byId.contact.id,
      cloneId: clone,
      contactName: 'O.',
      status: 'COMPLETED',
      occurredAt: '2026-03-06T10:00:00.000Z',
      content: '',
    });
    const noted = await record.interaction({ id: interaction.id, status: 'CANCELLED', content: '  as written\n' });
    expect(noted).toEqual({
      outcome: 'UPDATED',
      interaction: { ...interaction, status: 'CANCELLED', content: '  as written\n' },
    });
  });

  test('a change of stage stands in the log with where it came from', async () => {
    const { deal } = await record.deal({ externalId: 'D-1', name: 'Stages', stage: 'DISCOVERY' });
    expect((await logOf(server, agent)).last.data).toMatchObject({ stage: 'discovery', from: null, to: 'discovery' });
    await record.deal({ externalId: 'D-1', value: 10 });
    expect((await logOf(server, agent)).last.data).toEqual({
      externalId: 'D-1',
      outcome: 'updated',
      accountId: null,
      stage: 'discovery',
      value: 10,
    });
    await record.deal({ id: deal.id, stage: 'NEGOTIATION' });
    expect((await logOf(server, agent)).last).toMatchObject({
      type: 'DEAL_RECORDED',
      subjectId: deal.id,
      data: { from: 'discovery', to: 'negotiation' },
    });
  });

  test('closing a deal without a date closes it now, reopening it removes the date, an explicit null stays', async () => {
    const before = Date.now();
    const { deal } = await record.deal({ externalId: 'D-2', name: 'Closes', stage: 'NEGOTIATION' });
    const won = await record.deal({ id: deal.id, stage: 'CLOSED_WON' });
    expect(new Date(won.deal.closedAt).getTime()).toBeGreaterThanOrEqual(before);
    const reopened = await record.deal({ id: deal.id, stage: 'EVALUATION' });
    expect(reopened.deal.closedAt).toBeNull();
    const lost = await record.deal({ id: deal.id, stage: 'CLOSED_LOST', closedAt: null });
    expect(lost.deal).toMatchObject({ stage: 'CLOSED_LOST', closedAt: null });
  });

  test('an estimate stays one until a value is given', async () => {
    const { deal } = await record.deal({ name: 'Guess', stage: 'DISCOVERY', value: 550, valueIsEstimate: true });
    expect(deal.valueIsEstimate).toBe(true);
    expect((await record.deal({ id: deal.id, owner: 'Ana' })).deal.valueIsEstimate).toBe(true);
    expect((await record.deal({ id: deal.id, value: 600 })).deal.valueIsEstimate).toBe(false);
  });

  test('approvers record nothing, and only managers and admins import', async () => {
    const approver = await server.token('approver');
    const agentOnly = await server.token('agent');
    const { count } = await logOf(server, agent);
    const attempts = [
      [approver, 'mutation { upsertAccount(input: { name: "X" }) { outcome } }'],
      [approver, 'mutation { upsertContact(input: { name: "X" }) { outcome } }'],
      [approver, 'mutation { upsertDeal(input: { name: "X" }) { outcome } }'],
      [approver, 'mutation { recordInteraction(input: { content: "X" }) { outcome } }'],
      [approver, 'mutation { importRecords(input: {}) { records { index } } }'],
      [agentOnly, 'mutation { upsertDeal(input: { name: "X" }) { outcome } }'],
      [agentOnly, 'mutation { importRecords(input: {}) { records { index } } }'],
    ] as const;
    for (const [token, document] of attempts) {
      expect((await server.request(token, document)).errors?.[0].extensions.code).toBe('FORBIDDEN');
    }
    expect((await logOf(server, agent)).count).toBe(count);
  });
});
