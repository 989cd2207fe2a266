import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { domainOf, partiesBehind, readParticipants } from '../../src/features/customers/domain/participants.js';
import { DATABASES } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { RECORD_INTERACTION, recorder, refusalOf } from './recording.js';

describe('whom addresses stand for', () => {
  const contacts = [
    { id: 'ana', accountId: 'acorn', email: 'ana@acorn.example' },
    { id: 'ben', accountId: 'acorn', email: 'ben@private.example' },
    { id: 'cem', accountId: 'birch', email: 'cem@birch.example' },
    { id: 'twin-1', accountId: 'acorn', email: 'twin@shared.example' },
    { id: 'twin-2', accountId: 'birch', email: 'twin@shared.example' },
  ];
  const accounts = [
    { id: 'acorn', domain: 'acorn.example' },
    { id: 'birch', domain: 'birch.example' },
    { id: 'cedar-1', domain: 'cedar.example' },
    { id: 'cedar-2', domain: 'cedar.example' },
  ];
  const NOBODY = { accountId: null, contactId: null };

  test.each([
    [
      'a contact by the exact address',
      ['us@seller.example', 'ben@private.example'],
      { accountId: 'acorn', contactId: 'ben' },
    ],
    ['an account by the exact domain', ['new@birch.example'], { accountId: 'birch', contactId: null }],
    [
      'the first contact of several',
      ['new@acorn.example', 'ben@private.example', 'ana@acorn.example'],
      { accountId: 'acorn', contactId: 'ben' },
    ],
    [
      'the account with most of them',
      ['cem@birch.example', 'ana@acorn.example', 'x@acorn.example'],
      { accountId: 'acorn', contactId: 'ana' },
    ],
    [
      'whom the others decide about',
      ['twin@shared.example', 'cem@birch.example'],
      { accountId: 'birch', contactId: 'twin-2' },
    ],
    ['nobody, in a tie', ['cem@birch.example', 'ana@acorn.example'], NOBODY],
    ['nobody, where two accounts share the domain', ['x@cedar.example'], NOBODY],
    ['nobody, by a subdomain', ['ana@mail.acorn.example'], NOBODY],
    ['nobody, by a longer domain', ['ana@acorn.example.evil.example', 'ana@notacorn.example'], NOBODY],
    ['nobody, by a similar name', ['anna@private.example'], NOBODY],
    ['nobody, from nothing', [], NOBODY],
  ])('%s', (_what, emails, expected) => {
    expect(partiesBehind(emails, { contacts, accounts })).toEqual(expected);
  });

  test('an account is only ever one that an address names exactly; the order of records does not matter', () => {
    const email = fc.constantFrom(
      ...contacts.map((one) => one.email),
      ...accounts.map(({ domain }) => `x@${domain}`),
      'y@z.example',
      'ana@xacorn.example',
    );
    fc.assert(
      fc.property(fc.uniqueArray(email), (emails) => {
        const found = partiesBehind(emails, { contacts, accounts });
        const named = [
          ...contacts.filter((one) => emails.includes(one.email)).map(({ accountId }) => accountId),
          ...accounts.filter(({ domain }) => emails.some((one) => domainOf(one) === domain)).map(({ id }) => id),
        ];
        if (found.accountId !== null) expect(named).toContain(found.accountId);
        const turned = { contacts: contacts.toReversed(), accounts: accounts.toReversed() };
        expect(partiesBehind(emails, turned).accountId).toBe(found.accountId);
      }),
    );
  });

  test('addresses are read once, in lower case, and each has to be one', () => {
    expect(readParticipants(['Ana@Acorn.Example ', 'ana@acorn.example'])).toEqual({ emails: ['ana@acorn.example'] });
    expect(readParticipants(null)).toEqual({ emails: [] });
    expect(readParticipants(['ana'])).toMatchObject({ issue: { field: 'participants' } });
    expect(readParticipants(Array.from({ length: 101 }, (_, n) => `a${n}@b.example`))).toMatchObject({
      issue: { message: 'expected at most 100 addresses; got 101' },
    });
  });
});

describe.each(DATABASES)('interactions with participants on %s', (kind) => {
  let server: TestServer;
  let token: string;
  let record: ReturnType<typeof recorder>;
  beforeAll(async () => {
    server = await startTestServer({ kind });
    token = await server.token('manager');
    record = recorder(server, token);
  });
  afterAll(() => server.close());
  const NOTE = { channel: 'EMAIL', occurredAt: '2026-02-11T00:00:00Z', content: 'Hello' };

  test('are linked by them, one by one and in bulk; and by nothing else', async () => {
    const { account } = await record.account({ name: 'Acorn', domain: 'acorn.example' });
    const { contact } = await record.contact({ name: 'Ben', accountId: account.id, email: 'Ben@Private.Example' });
    const byDomain = await record.interaction({ ...NOTE, participants: ['X@ACORN.example', 'us@seller.example'] });
    expect(byDomain.interaction).toMatchObject({ accountId: account.id, contactId: null });
    const byContact = await record.interaction({ ...NOTE, participants: ['ben@private.example'] });
    expect(byContact.interaction).toMatchObject({ accountId: account.id, contactId: contact.id });
    const byNobody = await record.interaction({ ...NOTE, participants: ['ben@acorn.example.evil.example'] });
    expect(byNobody.interaction).toMatchObject({ accountId: null, contactId: null });
    const [, , bulk] = await record.import({
      accounts: [{ externalId: 'b', name: 'Birch', domain: 'birch.example' }],
      contacts: [{ externalId: 'c', accountExternalId: 'b', name: 'Cem', email: 'cem@birch.example' }],
      interactions: [{ externalId: 'i', ...NOTE, participants: ['cem@birch.example'] }],
    });
    expect(bulk).toMatchObject({ outcome: 'CREATED' });
    const { interactions } = await server.data(
      token,
      '{ interactions { edges { node { externalId contactId accountId } } } }',
    );
    const linked = interactions.edges.find(
      ({ node }: { node: { externalId: string } }) => node.externalId === 'i',
    ).node;
    expect(linked.accountId).not.toBeNull();
    expect(linked.contactId).not.toBeNull();
  });

  test('what is named outweighs them; what was linked stays; what was not is linked when it comes again', async () => {
    const sent = { externalId: 'again', ...NOTE, participants: ['dan@dogwood.example'] };
    expect((await record.interaction(sent)).interaction.accountId).toBeNull();
    const { account } = await record.account({ name: 'Dogwood', domain: 'dogwood.example' });
    const other = (await record.account({ name: 'Elm', domain: 'elm.example' })).account;
    expect(await record.interaction(sent)).toMatchObject({
      outcome: 'UPDATED',
      interaction: { accountId: account.id },
    });
    expect(await record.interaction(sent)).toMatchObject({ outcome: 'UNCHANGED' });
    const elsewhere = { ...sent, participants: ['x@elm.example'] };
    expect(await record.interaction(elsewhere)).toMatchObject({ outcome: 'UNCHANGED' });
    const named = await record.interaction({ ...NOTE, accountId: other.id, participants: ['dan@dogwood.example'] });
    expect(named.interaction.accountId).toBe(other.id);
    const none = await record.interaction({ ...NOTE, accountId: null, participants: ['dan@dogwood.example'] });
    expect(none.interaction.accountId).toBeNull();
  });

  test('one that is no address is refused by its field', async () => {
    const reply = await server.request(token, RECORD_INTERACTION, { input: { ...NOTE, participants: ['dan'] } });
    expect(refusalOf(reply)).toEqual({ code: 'VALIDATION_FAILED', paths: ['input.participants'] });
  });
});
