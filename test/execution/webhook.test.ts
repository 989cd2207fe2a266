import 'reflect-metadata';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook } from 'svix';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { AttemptQueries } from '../../src/features/execution/index.js';
import { attemptStore } from '../../src/features/execution/store/stores.js';
import type { Role } from '../../src/kernel/actor.js';
import { newId } from '../../src/kernel/ids.js';
import type { Transactor } from '../../src/kernel/transaction.js';
import type { Database } from '../../src/platform/db/database.js';
import { DATABASES, openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { connected } from './connected.js';
import { type Received, startReceiver } from './receiver.js';

const APPROVE = 'mutation ($input: ApproveActionInput!) { approveAction(input: $input) { status } }';
const CLAIM = 'mutation ($input: ClaimActionInput!) { claimAction(input: $input) { status } }';
const RETRY = 'mutation ($id: ID!) { retryAction(actionId: $id) { status } }';
const EXECUTE = 'mutation ($id: ID!) { executeAction(actionId: $id) { status } }';
const LETTERS = `query ($deadLettered: Boolean) { actions(first: 100, deadLettered: $deadLettered) {
  totalCount edges { node { id status attempts { attempt leaseEpoch startedAt result } } } } }`;
const CONNECTORS = '{ connectors { kind hasSecret previousSecretUntil webhook { url } } }';

describe.each(DATABASES)('the webhook connector on %s', (kind) => {
  let database: Database;
  let server: TestServer;
  const receivers: Awaited<ReturnType<typeof startReceiver>>[] = [];
  const receive = async (...args: Parameters<typeof startReceiver>) => {
    const receiver = await startReceiver(...args);
    receivers.push(receiver);
    return receiver;
  };
  const { setConnector, letRun, propose, read, until, typesOf, refusalOf } = connected(() => server);
  const headersOf = ({ headers }: Received) => headers as Record<string, string>;
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    server = await startTestServer({
      database,
      config: { allowPrivateTargets: true, retrySeconds: 0.01, runsJobs: true },
    });
    await letRun({ send_chat_message: 'WEBHOOK', send_proposal: 'WEBHOOK' });
  });
  afterEach(async () => {
    for (const receiver of receivers.splice(0)) await receiver.stop();
  });
  afterAll(async () => {
    await server.close();
    await database.close();
  });

  test('what runs is the signed text, byte for byte, signed so that receivers of either library take it', async () => {
    const receiver = await receive();
    const input = { webhook: { url: receiver.url, receiverDeduplicates: true }, rotateSecret: true };
    const { secret } = await setConnector(input);
    const { action, approval } = await propose('send_proposal', { text: 'Grüße' });
    expect(receiver.received).toHaveLength(0);
    const ana = await server.token('approver', 'ana');
    await server.data(ana, APPROVE, { input: { approvalId: approval.id, digest: approval.digest } });
    const done = await until(action.id, 'EXECUTED');
    expect(done).toMatchObject({ claimedBy: 'system:connector:webhook', outcome: { status: 204 } });
    expect(done.attempts).toMatchObject([{ attempt: 1, leaseEpoch: 1, result: 'EXECUTED' }]);
    const [message, ...more] = receiver.received;
    expect(more).toEqual([]);
    if (!message) throw new Error('nothing came');
    expect(message.body).toBe(action.canonical);
    expect(new Webhook(secret).verify(message.body, headersOf(message))).toEqual(JSON.parse(action.canonical));
    expect(new StandardWebhook(secret).verify(message.body, headersOf(message))).toBeTruthy();
    expect(() => new Webhook(secret).verify(`${message.body} `, headersOf(message))).toThrow();
    expect(await typesOf(action.id)).toEqual([
      'APPROVAL_REQUESTED',
      'APPROVAL_APPROVED',
      'ACTION_CLAIMED',
      'ACTION_EXECUTED',
    ]);
  });

  test('after a change of the secret messages carry both signatures, and no query shows either', async () => {
    const receiver = await receive();
    const webhook = { url: receiver.url, receiverDeduplicates: true };
    const { secret: first } = await setConnector({ webhook, rotateSecret: true });
    expect((await setConnector({ webhook })).secret).toBeNull();
    const { secret: second, connector } = await setConnector({ webhook, rotateSecret: true });
    expect(connector.previousSecretUntil).not.toBeNull();
    const { action } = await propose('send_chat_message', { text: 'hi' });
    await until(action.id, 'EXECUTED');
    const [message] = receiver.received;
    if (!message) throw new Error('nothing came');
    for (const secret of [first, second]) new Webhook(secret).verify(message.body, headersOf(message));
    const admin = await server.token('admin');
    const shown = JSON.stringify(await server.data(admin, CONNECTORS));
    const stored = JSON.stringify(await database.asServer((sql) => sql('select * from connector')));
    for (const secret of [first, second]) {
      expect(shown).not.toContain(secret);
      expect(stored).not.toContain(secret.slice('whsec_'.length));
    }
  });

  test('a receiver that deduplicates gets failed messages again under the same id, and executes once', async () => {
    const executed = new Set<unknown>();
    const receiver = await receive((message, count) => {
      executed.add(message.headers['webhook-id']);
      return ([500, 'reset', 503, 200] as const)[count - 1] ?? 200;
    });
    await setConnector({ webhook: { url: receiver.url, receiverDeduplicates: true } });
    const { action } = await propose('send_chat_message', { text: 'again' });
    const done = await until(action.id, 'EXECUTED');
    expect(receiver.received).toHaveLength(4);
    expect(executed.size).toBe(1);
    expect(done.attempts.map(({ result }: { result: string }) => result)).toEqual([
      'UNKNOWN',
      'UNKNOWN',
      'UNKNOWN',
      'EXECUTED',
    ]);
    expect(done.attempts.map(({ leaseEpoch }: { leaseEpoch: number }) => leaseEpoch)).toEqual([1, 2, 3, 4]);
  });

  test.each([
    ['an error of the receiver', 500],
    ['a connection that breaks with the message read', 'reset'],
    ['no answer in time', 'silent'],
  ] as const)('without deduplication %s is never tried again: nobody knows', async (_what, reaction) => {
    const receiver = await receive(() => reaction);
    await setConnector({ webhook: { url: receiver.url, receiverDeduplicates: false, timeoutSeconds: 1 } });
    const { action } = await propose('send_chat_message', { text: 'once' });
    const done = await until(action.id, 'OUTCOME_UNKNOWN');
    expect(done.endedReason).toContain('reconcile');
    expect(done.attempts).toMatchObject([{ result: 'UNKNOWN' }]);
    expect(receiver.received).toHaveLength(1);
    expect(await refusalOf(await server.token('manager'), RETRY, { id: action.id })).toMatchObject({
      code: 'CONFLICT',
    });
  });

  test('where surely nothing was sent it is tried again, up to the limit; then a person may have it tried once more', async () => {
    const gone = await startReceiver();
    await gone.stop();
    const webhook = { url: gone.url, receiverDeduplicates: false, maxAttempts: 3 };
    await setConnector({ webhook });
    const { action } = await propose('send_chat_message', { text: 'nobody there' });
    const dead = await until(action.id, 'FAILED');
    expect(dead.failure).toContain('Given up after 3 attempts');
    expect(dead.attempts.map(({ result }: { result: string }) => result)).toEqual(['REFUSED', 'REFUSED', 'REFUSED']);
    const reader = await server.token('manager', 'reader');
    const { actions: given } = await server.data(reader, LETTERS, { deadLettered: true });
    expect(given.edges).toMatchObject([{ node: { id: action.id, status: 'FAILED' } }]);
    expect(given.edges[0].node.attempts.map(({ attempt }: { attempt: number }) => attempt)).toEqual([1, 2, 3]);
    const { actions: others } = await server.data(reader, LETTERS, { deadLettered: false });
    const { actions: all } = await server.data(reader, LETTERS);
    expect(others.totalCount).toBe(all.totalCount - 1);
    expect(others.edges.map(({ node }: { node: { id: string } }) => node.id)).not.toContain(action.id);
    const receiver = await receive();
    await setConnector({ webhook: { ...webhook, url: receiver.url } });
    const { retryAction } = await server.data(await server.token('manager'), RETRY, { id: action.id });
    expect(retryAction.status).toBe('ALLOWED');
    await until(action.id, 'EXECUTED');
    expect(receiver.received).toHaveLength(1);
    expect(await typesOf(action.id)).toEqual(expect.arrayContaining(['ACTION_RETRIED', 'ACTION_FAILED']));
  });

  test.each([
    ['a refusal', 400],
    ['a redirect, which is not followed', 'redirect'],
  ] as const)('%s ends it at once', async (_what, reaction) => {
    const elsewhere = await receive();
    const receiver = await receive(() => (reaction === 'redirect' ? { redirect: elsewhere.url } : reaction));
    await setConnector({ webhook: { url: receiver.url, receiverDeduplicates: true } });
    const { action } = await propose('send_chat_message', { text: 'no' });
    const { attempts } = await until(action.id, 'FAILED');
    expect(attempts).toMatchObject([{ result: 'REFUSED' }]);
    expect([receiver.received.length, elsewhere.received.length]).toEqual([1, 0]);
  });

  test('agents cannot claim what a connector runs; waking the connector twice runs it once', async () => {
    const receiver = await receive();
    await setConnector({ webhook: { url: receiver.url, receiverDeduplicates: true } });
    const agent = await server.token('agent');
    const { action, approval } = await propose('send_proposal', { text: 'mine' });
    const claim = { input: { actionId: action.id } };
    expect(await refusalOf(agent, EXECUTE, { id: action.id })).toMatchObject({ code: 'CONFLICT' });
    await server.data(await server.token('approver', 'ana'), APPROVE, {
      input: { approvalId: approval.id, digest: approval.digest },
    });
    expect(await refusalOf(agent, CLAIM, claim)).toMatchObject({ code: 'CONFLICT' });
    await Promise.all(Array.from({ length: 5 }, () => server.request(agent, EXECUTE, { id: action.id })));
    await until(action.id, 'EXECUTED');
    expect(receiver.received).toHaveLength(1);
    expect(await refusalOf(agent, EXECUTE, { id: action.id })).toMatchObject({ code: 'CONFLICT' });
  });

  test('attempts of a page of actions are read in one transaction, each action getting its own', async () => {
    const receiver = await receive();
    await setConnector({ webhook: { url: receiver.url, receiverDeduplicates: true } });
    const { action: first } = await propose('send_chat_message', { text: 'one' });
    const { action: second } = await propose('send_chat_message', { text: 'two' });
    for (const { id } of [first, second]) await until(id, 'EXECUTED');
    const [tenant] = await database.asServer((sql) => sql<{ id: string }>(`select id from tenant where slug = 'demo'`));
    let transactions = 0;
    const counting: Transactor = {
      run: (tenantId, work) => {
        transactions += 1;
        return database.run(tenantId, work);
      },
    };
    const queries = new AttemptQueries(counting, attemptStore);
    const actor = { tenantId: tenant?.id ?? '', tenant: 'demo', name: 'ana', root: 'ana', roles: new Set<Role>() };
    const asked = [first.id, newId(new Date()), second.id, first.id];
    const found = await Promise.all(asked.map((id) => queries.ofAction(actor, id)));
    expect(found.map((attempts) => attempts.map(({ actionId }) => actionId))).toEqual([
      [first.id],
      [],
      [second.id],
      [first.id],
    ]);
    expect(transactions).toBe(1);
  });

  test('a transaction that is rolled back takes its job with it', async () => {
    const receiver = await receive();
    await setConnector({ webhook: { url: receiver.url, receiverDeduplicates: true } });
    const before = await database.asServer((sql) => sql('select id from countersign_jobs.job'));
    const { action, approval } = await propose('send_proposal', { text: 'undone' });
    const rolledBack = database.asServer((sql) =>
      sql(`create function refuse() returns trigger language plpgsql as $$ begin
             if new.type = 'approval.approved' then raise exception 'no'; end if; return new; end $$`),
    );
    await rolledBack;
    await database.asServer((sql) =>
      sql('create trigger refuse before insert on event for each row execute function refuse()'),
    );
    const ana = await server.token('approver', 'ana');
    const input = { approvalId: approval.id, digest: approval.digest };
    expect(await refusalOf(ana, APPROVE, { input })).toMatchObject({ code: 'INTERNAL' });
    await database.asServer((sql) => sql('drop trigger refuse on event'));
    await database.asServer((sql) => sql('drop function refuse()'));
    expect(await database.asServer((sql) => sql('select id from countersign_jobs.job'))).toHaveLength(before.length);
    expect((await read(action.id)).status).toBe('PENDING_APPROVAL');
    await server.data(ana, APPROVE, { input });
    await until(action.id, 'EXECUTED');
    expect(receiver.received).toHaveLength(1);
  });
});
