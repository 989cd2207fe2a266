import 'reflect-metadata';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/platform/db/database.js';
import { startMailServer } from '../mail/mail-server.js';
import { DATABASES, openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { connected } from './connected.js';

const PROPOSE = 'mutation ($input: ProposeActionInput!) { proposeAction(input: $input) { action { id } } }';
const METRICS = `query { metrics(period: { start: "2025-01-01T00:00:00Z", end: "2034-01-01T00:00:00Z" }) {
  activity { emailsSent meetingsBooked } } }`;

describe.each(DATABASES)('emails and built-in actions on %s', (kind) => {
  let database: Database;
  let server: TestServer;
  let mail: Awaited<ReturnType<typeof startMailServer>>;
  let accountId: string;
  const { setConnector, letRun, propose, until, refusalOf } = connected(() => server);
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    mail = await startMailServer();
    server = await startTestServer({
      database,
      config: {
        runsJobs: true,
        retrySeconds: 0.01,
        mail: { smtpUrl: mail.url, from: 'Sales <sales@ours.example>', host: 'ours.example' },
      },
    });
    await letRun({
      send_follow_up_email: 'EMAIL',
      schedule_meeting: 'EMAIL',
      log_interaction: 'BUILT_IN',
      update_account_context: 'BUILT_IN',
      create_briefing: 'BUILT_IN',
      progress_early_stage: 'BUILT_IN',
      qualify_conversation: 'BUILT_IN',
      send_chat_message: 'BUILT_IN',
    });
    const manager = await server.token('manager');
    const upsert = 'mutation ($input: UpsertAccountInput!) { upsertAccount(input: $input) { account { id } } }';
    const made = await server.data(manager, upsert, { input: { name: 'Acme', domain: 'acme.example' } });
    accountId = made.upsertAccount.account.id;
  });
  afterAll(async () => {
    await server.close();
    await mail.stop();
    await database.close();
  });
  beforeEach(() => void mail.deliveries.splice(0));

  const email = (to: string) => ({ to, subject: 'Next steps', text: 'Shall we talk?' });
  const deal = async (stage: string): Promise<string> => {
    const upsert = 'mutation ($input: UpsertDealInput!) { upsertDeal(input: $input) { deal { id } } }';
    const input = { name: `deal in ${stage}`, accountId, stage };
    return (await server.data(await server.token('manager'), upsert, { input })).upsertDeal.deal.id;
  };
  const stageOf = async (id: string) =>
    (await server.data(await server.token('manager'), 'query ($id: ID!) { deal(id: $id) { stage } }', { id })).deal
      .stage;

  test('an email goes out once, under an id made of the signed text, and counts as sent', async () => {
    const { action } = await propose('send_follow_up_email', email('kim@acme.example'), { accountId });
    const done = await until(action.id, 'EXECUTED');
    expect(mail.deliveries).toHaveLength(1);
    const [delivery] = mail.deliveries;
    expect(delivery?.to).toEqual(['kim@acme.example']);
    expect(delivery?.mail.subject).toBe('Next steps');
    expect(delivery?.mail.messageId).toBe(`<${action.id}.${action.digest.slice(0, 16)}@ours.example>`);
    expect(done.outcome.messageId).toBe(delivery?.mail.messageId);
    const { activity } = (await server.data(await server.token('manager'), METRICS)).metrics;
    expect(activity.emailsSent).toBe(1);
  });

  test('strangers are not written to, unless the tenant says otherwise', async () => {
    const { action } = await propose('send_follow_up_email', email('kim@acme.example.evil.example'), { accountId });
    expect((await until(action.id, 'FAILED')).failure).toContain('Record them as contacts');
    expect(mail.deliveries).toHaveLength(0);
    await setConnector({ email: { anyRecipient: true } });
    const { action: allowed } = await propose('send_follow_up_email', email('max@elsewhere.example'), { accountId });
    await until(allowed.id, 'EXECUTED');
    await setConnector({ email: { anyRecipient: false } });
    expect(mail.deliveries).toHaveLength(1);
  });

  test('a connection that ends with the text read is an unknown outcome, and nothing is sent again', async () => {
    mail.breakOff(1);
    const { action } = await propose('send_follow_up_email', email('kim@acme.example'), { accountId });
    const lost = await until(action.id, 'OUTCOME_UNKNOWN');
    expect(lost.attempts).toMatchObject([{ attempt: 1, result: 'UNKNOWN' }]);
    expect(lost.endedReason).toContain('reconcile');
    // The next one gets through; of the first there was one try only.
    const { action: next } = await propose('send_follow_up_email', email('lee@acme.example'), { accountId });
    await until(next.id, 'EXECUTED');
    expect(mail.deliveries.map(({ to }) => to)).toEqual([['kim@acme.example'], ['lee@acme.example']]);
    const { activity } = (await server.data(await server.token('manager'), METRICS)).metrics;
    expect(activity.emailsSent).toBe(3);
  });

  test('a meeting goes out as an invitation', async () => {
    const payload = { ...email('kim@acme.example'), start: '2027-01-05T10:00:00Z', durationMinutes: 30 };
    const { action } = await propose('schedule_meeting', payload, { accountId });
    await until(action.id, 'EXECUTED');
    expect(mail.deliveries[0]?.raw).toContain('text/calendar');
    const { activity } = (await server.data(await server.token('manager'), METRICS)).metrics;
    expect(activity.meetingsBooked).toBe(1);
  });

  test('who gets a copy is shown as that', async () => {
    const payload = { ...email('kim@acme.example'), cc: ['lou@acme.example', 'kim@acme.example'] };
    const { action } = await propose('send_follow_up_email', payload, { accountId });
    await until(action.id, 'EXECUTED');
    const [delivery] = mail.deliveries;
    expect(delivery?.to).toEqual(['kim@acme.example', 'lou@acme.example']);
    expect(delivery?.raw).toMatch(/^To: kim@acme\.example\r$/m);
    expect(delivery?.raw).toMatch(/^Cc: lou@acme\.example\r$/m);
  });

  test('what only agents have recorded is written to once a person has said so, or has signed', async () => {
    const agent = await server.token('agent');
    const upsert = 'mutation ($input: UpsertAccountInput!) { upsertAccount(input: $input) { account { id } } }';
    const add = 'mutation ($input: UpsertContactInput!) { upsertContact(input: $input) { contact { id } } }';
    const domain = { name: 'Found', domain: 'found.example' };
    const found = (await server.data(agent, upsert, { input: domain })).upsertAccount.account.id;
    const lou = { accountId, name: 'Lou', email: 'lou@private.example' };
    await server.data(agent, add, { input: lou });
    const toLou = await propose('send_follow_up_email', email('lou@private.example'), { accountId });
    const toFound = await propose('send_follow_up_email', email('anybody@found.example'), { accountId: found });
    for (const { action, approval } of [toLou, toFound]) {
      expect(action.status).toBe('PENDING_APPROVAL');
      expect(approval).not.toBeNull();
    }
    // In a domain that a person recorded, a contact may be new.
    await server.data(agent, add, { input: { accountId, name: 'Max', email: 'max@acme.example' } });
    const toMax = await propose('send_follow_up_email', email('max@acme.example'), { accountId });
    expect((await until(toMax.action.id, 'EXECUTED')).attempts).toHaveLength(1);
    expect(mail.deliveries.map(({ to }) => to)).toEqual([['max@acme.example']]);
    const approve = 'mutation ($input: ApproveActionInput!) { approveAction(input: $input) { status } }';
    const signed = { approvalId: toLou.approval.id, digest: toLou.approval.digest };
    await server.data(await server.token('approver', 'ana'), approve, { input: signed });
    await until(toLou.action.id, 'EXECUTED');
    const manager = await server.token('manager');
    await server.data(manager, upsert, { input: { id: found, domain: 'found.example' } });
    const again = await propose('send_follow_up_email', email('anybody@found.example'), { accountId: found });
    await until(again.action.id, 'EXECUTED');
    await server.data(agent, add, { input: { accountId, name: 'Kai', email: 'kai@private.example' } });
    await setConnector({ email: { anyRecipient: true } });
    const toKai = await propose('send_follow_up_email', email('kai@private.example'), { accountId });
    expect(toKai.approval).toBeNull();
    await until(toKai.action.id, 'EXECUTED');
    await setConnector({ email: { anyRecipient: false } });
    expect(mail.deliveries.map(({ to }) => to)).toEqual([
      ['max@acme.example'],
      ['lou@private.example'],
      ['anybody@found.example'],
      ['kai@private.example'],
    ]);
  });

  test('what its connector could not run is refused when it is proposed', async () => {
    const agent = await server.token('agent');
    const wrong = [
      { actionType: 'send_follow_up_email', payload: { ...email('kim@acme.example'), bcc: 'spy@evil.example' } },
      { actionType: 'send_follow_up_email', payload: { ...email('nobody') } },
      { actionType: 'send_follow_up_email', payload: { ...email('kim@acme.example'), subject: 'a\nBcc: x@y.example' } },
      {
        actionType: 'schedule_meeting',
        payload: { ...email('kim@acme.example'), start: '2101-01-01T10:00:00Z', durationMinutes: 30 },
      },
      { actionType: 'progress_early_stage', payload: { stage: 'negotiation' } },
      { actionType: 'send_chat_message', payload: { text: 'the server cannot chat' } },
    ];
    for (const [index, input] of wrong.entries()) {
      const refusal = await refusalOf(agent, PROPOSE, { input: { ...input, idempotencyKey: `wrong ${index}` } });
      expect(refusal).toMatchObject({ code: 'VALIDATION_FAILED' });
    }
  });

  test('a deal moves forward among early stages only, with its history, exactly once', async () => {
    const dealId = await deal('PROSPECTING');
    const { action } = await propose('progress_early_stage', { stage: 'discovery' }, { dealId });
    expect((await until(action.id, 'EXECUTED')).outcome).toMatchObject({ from: 'prospecting', stage: 'discovery' });
    expect(await stageOf(dealId)).toBe('DISCOVERY');
    const { action: back } = await propose('progress_early_stage', { stage: 'qualification' }, { dealId });
    const failed = await until(back.id, 'FAILED');
    expect(failed.failure).toContain('discovery');
    expect(failed.attempts).toMatchObject([{ result: 'REFUSED' }]);
    expect(await stageOf(dealId)).toBe('DISCOVERY');
    const changes = await database.asServer((sql) =>
      sql<{ stage: string }>('select stage from deal_stage_change where deal_id = $1 order by at, id', [dealId]),
    );
    expect(changes.map(({ stage }) => stage)).toEqual(['prospecting', 'discovery']);
  });

  test.each([
    ['log_interaction', { channel: 'chat', direction: 'inbound', content: 'They asked for a price' }, 'They asked'],
    ['create_briefing', { title: 'Before the call', text: 'Three things to know' }, 'Three things'],
    ['update_account_context', { sector: 'Robotics', note: 'They build robots' }, 'They build'],
    ['qualify_conversation', { qualified: true, note: 'Budget is there' }, 'Budget is'],
  ])('%s is done in our own data', async (actionType, payload, content) => {
    const dealId = await deal('PROSPECTING');
    const { action } = await propose(actionType, payload, { accountId, dealId });
    const { outcome, attempts } = await until(action.id, 'EXECUTED');
    expect(attempts).toMatchObject([{ attempt: 1, result: 'EXECUTED' }]);
    const rows = await database.asServer((sql) =>
      sql<{ content: string; account_id: string }>('select content, account_id from interaction where id = $1', [
        outcome.interactionId,
      ]),
    );
    expect(rows).toEqual([{ content: expect.stringContaining(content), account_id: accountId }]);
    expect(await stageOf(dealId)).toBe(actionType === 'qualify_conversation' ? 'QUALIFICATION' : 'PROSPECTING');
  });
});
