import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connected } from '../execution/connected.js';
import { DATABASES } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { recorder } from './recording.js';

const PROPOSE = `mutation ($input: ProposeActionInput!) { proposeAction(input: $input) {
  decision { allowed reason } action { id dealStage } approval { id digest } } }`;
const EDIT = 'mutation ($input: EditActionInput!) { editAction(input: $input) { digest action { dealStage } } }';
const CLAIM = 'mutation ($input: ClaimActionInput!) { claimAction(input: $input) { status } }';

describe.each(DATABASES)('whom an action writes to counts, whatever account it names, on %s', (kind) => {
  let server: TestServer;
  let agent: string;
  let record: ReturnType<typeof recorder>;
  let keys = 0;
  const ids: Record<string, string> = {};
  const propose = async (more: object) => {
    const input = { actionType: 'send_follow_up_email', idempotencyKey: `k-${keys++}`, payload: {}, ...more };
    return (await server.data(agent, PROPOSE, { input })).proposeAction;
  };
  const decision = async (more: object) => (await propose(more)).decision;
  const OPTED_OUT = { allowed: false, reason: 'OPTED_OUT' };
  const STAGE_GATE = { allowed: false, reason: 'STAGE_GATE' };
  const ALONE = { allowed: true, reason: 'AUTONOMOUS' };

  beforeAll(async () => {
    server = await startTestServer({ kind });
    agent = await server.token(['agent'], 'agent-one');
    record = recorder(server, await server.token(['manager'], 'mia'));
    const account = async (name: string, more: object = {}) => {
      ids[name] = (await record.account({ externalId: name, name, ...more })).account.id;
    };
    const contact = async (name: string, accountExternalId: string, email: string) => {
      ids[name] = (await record.contact({ accountExternalId, name, email })).contact.id;
    };
    await account('quiet', { domain: 'quiet.example', optedOutAt: '2026-03-01T09:00:00Z' });
    await account('late', { domain: 'late.example' });
    await account('open', { domain: 'open.example' });
    await record.deal({ accountExternalId: 'late', name: 'Big', stage: 'NEGOTIATION', value: 10 });
    await contact('orla', 'quiet', 'orla@home.example');
    await contact('orla at open', 'open', 'orla@home.example');
    await contact('lou', 'late', 'lou@home.example');
    await contact('oscar', 'open', 'oscar@open.example');
  });
  afterAll(() => server.close());

  test.each([
    ['a contact of the account that asked', 'ORLA@home.example', OPTED_OUT],
    ['its domain', 'anybody@quiet.example', OPTED_OUT],
    ['a contact of an account with a late deal', 'lou@home.example', STAGE_GATE],
    ['the domain of that account', 'anybody@late.example', STAGE_GATE],
    ['a contact of an account that nothing holds back', 'oscar@open.example', ALONE],
    ['nobody known', 'new@nowhere.example', ALONE],
    ['a domain that merely ends alike', 'a@notquiet.example', ALONE],
    ['a domain below', 'a@mail.quiet.example', ALONE],
  ])('an address of %s, with another account named and with none', async (_, to, expected) => {
    expect(await decision({ payload: { to } })).toEqual(expected);
    expect(await decision({ payload: { cc: [`Somebody <${to}>`] }, accountId: ids.open })).toEqual(expected);
    expect(await decision({ payload: { to }, actionType: 'create_briefing' })).toEqual(ALONE);
  });

  test('a contact whose address is a contact’s of another account that asked', async () => {
    expect(await decision({ contactId: ids['orla at open'] })).toEqual(OPTED_OUT);
    expect(await decision({ contactId: ids.oscar })).toEqual(ALONE);
  });

  test('is looked at again when it is claimed', async () => {
    const { action } = await propose({ payload: { to: 'oscar@open.example' } });
    await record.account({ externalId: 'open', optedOutAt: '2026-03-02T09:00:00Z' });
    const { errors } = await server.request(agent, CLAIM, { input: { actionId: action.id } });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'CONFLICT', status: 'PENDING_APPROVAL' });
    await record.account({ externalId: 'open', optedOutAt: null });
  });

  test('by email it leaves the house, whatever its type is called', async () => {
    const { letRun } = connected(() => server);
    await letRun({ create_briefing: 'EMAIL' });
    const briefing = (to: string) => ({
      actionType: 'create_briefing',
      payload: { to, subject: 'Hello', text: 'Shall we talk?' },
    });
    expect(await decision(briefing('anybody@quiet.example'))).toEqual(OPTED_OUT);
    expect(await decision({ ...briefing('new@nowhere.example'), accountId: ids.quiet })).toEqual(OPTED_OUT);
    expect(await decision({ ...briefing('lou@home.example'), accountId: ids.open })).toMatchObject({ allowed: false });
    expect(await decision({ ...briefing('oscar@open.example'), accountId: ids.open })).toEqual(ALONE);
    await letRun({});
  });

  test('and when a person edits it', async () => {
    const asked = await propose({ actionType: 'send_proposal', payload: { to: 'oscar@open.example' } });
    expect(asked.action.dealStage).toBeNull();
    const { id: approvalId, digest } = asked.approval;
    const input = { approvalId, digest, payload: { to: 'lou@home.example' } };
    const ana = await server.token(['approver'], 'ana');
    expect((await server.data(ana, EDIT, { input })).editAction.action).toEqual({ dealStage: 'NEGOTIATION' });
  });
});
