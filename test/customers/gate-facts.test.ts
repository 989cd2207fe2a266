import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATABASES } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { logOf, RECORD_INTERACTION, recorder, refusalOf, UPSERT_ACCOUNT, UPSERT_CONTACT } from './recording.js';

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

  describe('a recorded interaction', () => {
    const reply = {
      externalId: 'M-1',
      accountExternalId: 'Q',
      contactName: 'Orla',
      channel: 'EMAIL',
      direction: 'INBOUND',
      occurredAt: '2026-03-01T10:00:00Z',
      subject: 'Your offer',
      content: 'Please stop writing.',
    };
    let interactionId: string;
    beforeAll(async () => {
      interactionId = (await recorder(server, manager).interaction(reply)).interaction.id;
    });

    test.each([
      ['direction', { direction: 'OUTBOUND' }],
      ['direction', { direction: null }],
      ['accountId', { accountExternalId: 'O' }],
      ['accountId', { accountExternalId: undefined, accountId: null }],
      ['occurredAt', { occurredAt: '2025-03-01T10:00:00Z' }],
      ['channel', { channel: 'CRM' }],
      ['status', { status: 'CANCELLED' }],
      ['content', { content: 'Please write more.' }],
      ['subject', { subject: null }],
      ['contactName', { contactName: 'Somebody' }],
    ])('an agent does not change its %s', async (field, more) => {
      const before = await logOf(server, agent);
      for (const target of [{ externalId: 'M-1' }, { id: interactionId, externalId: undefined }]) {
        const input = { ...reply, ...more, ...target };
        const refusal = refusalOf(await server.request(agent, RECORD_INTERACTION, { input }));
        expect(refusal).toEqual({ code: 'VALIDATION_FAILED', paths: [`input.${field}`] });
      }
      expect((await logOf(server, agent)).count).toBe(before.count);
    });

    test('nor its own: it records what happened once; the same sent again is fine, and a manager may correct it', async () => {
      const own = { ...reply, externalId: 'M-2', direction: 'OUTBOUND' };
      expect((await record.interaction(own)).outcome).toBe('CREATED');
      expect((await record.interaction(own)).outcome).toBe('UNCHANGED');
      const input = { ...own, direction: 'INBOUND' };
      expect(refusalOf(await server.request(agent, RECORD_INTERACTION, { input })).paths).toEqual(['input.direction']);
      expect((await recorder(server, manager).interaction(input)).outcome).toBe('UPDATED');
    });
  });

  describe('an address or a domain that is known already', () => {
    beforeAll(async () => {
      const tidy = recorder(server, manager);
      await tidy.account({ externalId: 'K', name: 'Known', domain: 'known.example' });
      await tidy.contact({ accountExternalId: 'K', name: 'Kim', email: 'kim@elsewhere.example', title: 'CEO' });
    });

    test.each([
      ['the address of a contact of another account', 'O', 'Kim@Elsewhere.example'],
      ['the address of a contact of the same account', 'K', 'kim@elsewhere.example'],
      ['an address in the domain of another account', 'O', 'new.person@known.example'],
    ])('an agent adds no contact with %s', async (_, accountExternalId, email) => {
      const input = { accountExternalId, name: 'Kim again', email, title: 'Assistant' };
      const refusal = refusalOf(await server.request(agent, UPSERT_CONTACT, { input }));
      expect(refusal).toEqual({ code: 'VALIDATION_FAILED', paths: ['input.email'] });
      expect((await recorder(server, manager).contact(input)).outcome).toBe('CREATED');
    });

    test('nor an account with the domain of another one', async () => {
      const input = { name: 'Known once more', domain: 'Known.example' };
      const refusal = refusalOf(await server.request(agent, UPSERT_ACCOUNT, { input }));
      expect(refusal).toEqual({ code: 'VALIDATION_FAILED', paths: ['input.domain'] });
      expect((await recorder(server, manager).account(input)).outcome).toBe('CREATED');
    });

    test('nor one with a domain in which a contact of another account has an address', async () => {
      const input = { name: 'Elsewhere', domain: 'elsewhere.example' };
      const refusal = refusalOf(await server.request(agent, UPSERT_ACCOUNT, { input }));
      expect(refusal).toEqual({ code: 'VALIDATION_FAILED', paths: ['input.domain'] });
      expect((await recorder(server, manager).account(input)).outcome).toBe('CREATED');
    });

    test('what nobody knows yet it adds, also in the account’s own domain', async () => {
      const account = { externalId: 'N', name: 'New', domain: 'fresh.example' };
      expect((await record.account(account)).outcome).toBe('CREATED');
      expect((await record.account(account)).outcome).toBe('UNCHANGED');
      const contact = { externalId: 'N-1', accountExternalId: 'N', name: 'Nina', email: 'nina@fresh.example' };
      expect((await record.contact(contact)).outcome).toBe('CREATED');
      expect((await record.contact(contact)).outcome).toBe('UNCHANGED');
    });
  });
});
