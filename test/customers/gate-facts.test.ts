import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATABASES } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { logOf, recorder, refusalOf, UPSERT_ACCOUNT, UPSERT_CONTACT } from './recording.js';

const CHECK = 'query ($input: CheckActionInput!) { checkAction(input: $input) { allowed reason } }';

describe.each(DATABASES)('what the gates stand on is not the agent’s to rewrite, on %s', (kind) => {
  let server: TestServer;
  let agent: string;
  let manager: string;
  let record: ReturnType<typeof recorder>;
  let quiet: string;
  let other: string;
  let contactId: string;
  const contact = { externalId: 'C-1', name: 'Orla', email: 'orla@quiet.example', title: 'CFO' };
  beforeAll(async () => {
    server = await startTestServer({ kind });
    agent = await server.token(['agent'], 'agent-one');
    manager = await server.token(['manager'], 'mia');
    record = recorder(server, agent);
    const optedOutAt = '2026-03-01T09:00:00Z';
    quiet = (await record.account({ externalId: 'Q', name: 'Quiet', domain: 'quiet.example', optedOutAt })).account.id;
    other = (await record.account({ externalId: 'O', name: 'Other' })).account.id;
    contactId = (await record.contact({ ...contact, accountId: quiet })).contact.id;
  });
  afterAll(() => server.close());

  test.each([
    ['accountId', () => ({ accountId: other })],
    ['accountId', () => ({ accountExternalId: 'O' })],
    ['email', () => ({ email: 'someone@other.example' })],
    ['email', () => ({ email: null })],
    ['title', () => ({ title: 'Assistant' })],
  ])('an agent does not change the %s of a recorded contact', async (field, more) => {
    const before = await logOf(server, agent);
    for (const target of [{ id: contactId }, { externalId: 'C-1' }]) {
      const refusal = refusalOf(await server.request(agent, UPSERT_CONTACT, { input: { ...target, ...more() } }));
      expect(refusal).toEqual({ code: 'VALIDATION_FAILED', paths: [`input.${field}`] });
    }
    expect((await logOf(server, agent)).count).toBe(before.count);
    const input = { actionType: 'send_follow_up_email', contactId };
    expect((await server.data(agent, CHECK, { input })).checkAction).toMatchObject({ allowed: false });
  });

  test('nor the domain of a recorded account', async () => {
    for (const domain of ['other.example', null]) {
      const refusal = refusalOf(await server.request(agent, UPSERT_ACCOUNT, { input: { id: quiet, domain } }));
      expect(refusal).toEqual({ code: 'VALIDATION_FAILED', paths: ['input.domain'] });
    }
  });

  test('the same sent again is fine, and what no gate looks at may change', async () => {
    expect((await record.contact({ ...contact, accountExternalId: 'Q', email: 'Orla@Quiet.Example' })).outcome).toBe(
      'UNCHANGED',
    );
    expect((await record.contact({ id: contactId, name: 'Orla B.' })).outcome).toBe('UPDATED');
    const account = { externalId: 'Q', domain: 'Quiet.example', sector: 'food' };
    expect((await record.account(account)).outcome).toBe('UPDATED');
  });

  test('an approver’s role changes nothing about it; a manager may', async () => {
    const both = await server.token(['agent', 'approver'], 'agent-two');
    const input = { id: contactId, accountId: other };
    expect(refusalOf(await server.request(both, UPSERT_CONTACT, { input })).code).toBe('VALIDATION_FAILED');
    expect((await recorder(server, manager).contact(input)).contact.accountId).toBe(other);
    expect((await recorder(server, manager).account({ id: quiet, domain: 'new.example' })).outcome).toBe('UPDATED');
  });
});
