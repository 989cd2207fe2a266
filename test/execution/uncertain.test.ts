import 'reflect-metadata';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { onFailpoint } from '../../src/kernel/failpoints.js';
import type { Database } from '../../src/platform/db/database.js';
import { DATABASES, openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { connected } from './connected.js';
import { startReceiver } from './receiver.js';

const RECONCILE = 'mutation ($input: ReconcileActionInput!) { reconcileAction(input: $input) { status } }';
const PAUSE = 'mutation ($input: PauseAutonomyInput!) { pauseAutonomy(input: $input) { paused } }';
const RESUME = 'mutation ($input: ResumeAutonomyInput!) { resumeAutonomy(input: $input) { paused } }';
const CANCEL = 'mutation ($input: CancelActionInput!) { cancelAction(input: $input) { status endedReason } }';
const RETRY = 'mutation ($id: ID!) { retryAction(actionId: $id) { status } }';

describe.each(DATABASES)('what may have been done, on %s', (kind) => {
  let database: Database;
  let server: TestServer;
  let now = Date.parse('2026-03-02T10:00:00Z');
  const receivers: Awaited<ReturnType<typeof startReceiver>>[] = [];
  const receive = async (...args: Parameters<typeof startReceiver>) => {
    const receiver = await startReceiver(...args);
    receivers.push(receiver);
    return receiver;
  };
  const { setConnector, letRun, propose, until } = connected(() => server);
  const resultsOf = ({ attempts }: { attempts: { result: string }[] }) => attempts.map(({ result }) => result);
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    server = await startTestServer({
      database,
      // It moves on by itself: the next attempt is due after a while.
      clock: {
        now: () => {
          now += 1;
          return new Date(now);
        },
      },
      config: { allowPrivateTargets: true, retrySeconds: 0.001, runsJobs: true },
    });
    await letRun({ send_chat_message: 'WEBHOOK' });
  });
  afterEach(async () => {
    for (const receiver of receivers.splice(0)) await receiver.stop();
  });
  afterAll(async () => {
    await server.close();
    await database.close();
  });

  test('is not called failed because a later attempt was refused; once a person says it failed, it is not retried', async () => {
    const reactions = ['reset', 400, 204] as const;
    const receiver = await receive((_message, count) => reactions[count - 1] ?? 204);
    await setConnector({ webhook: { url: receiver.url, receiverDeduplicates: true } });
    const { action } = await propose('send_chat_message', { text: 'refused later' });
    now += 1_000;
    expect(resultsOf(await until(action.id, 'OUTCOME_UNKNOWN'))).toEqual(['UNKNOWN', 'REFUSED']);
    const manager = await server.token('manager', 'mia');
    await server.data(manager, RECONCILE, { input: { actionId: action.id, outcome: 'FAILED', note: 'Not there' } });
    const refusal = (await server.request(manager, RETRY, { id: action.id })).errors?.[0].extensions;
    expect(refusal).toMatchObject({ code: 'CONFLICT', status: 'FAILED' });
    expect(receiver.received).toHaveLength(2);
  });

  test('is not for its proposer to find out, where a connector ran it', async () => {
    const receiver = await receive(() => 'reset');
    await setConnector({ webhook: { url: receiver.url, receiverDeduplicates: false } });
    const admin = await server.token('admin', 'adam');
    const setUser = 'mutation ($input: SetUserInput!) { setUser(input: $input) { name } }';
    await server.data(admin, setUser, { input: { name: 'robot', roles: ['AGENT'], owner: 'olga' } });
    const asked = { actionType: 'send_chat_message', payload: { text: 'hello' }, idempotencyKey: 'by robot' };
    const proposeAction = 'mutation ($input: ProposeActionInput!) { proposeAction(input: $input) { action { id } } }';
    const robot = await server.token('agent', 'robot');
    const { id } = (await server.data(robot, proposeAction, { input: asked })).proposeAction.action;
    await until(id, 'OUTCOME_UNKNOWN');
    const input = { actionId: id, outcome: 'FAILED', note: 'It did not' };
    const refusal = await server.request(await server.token('manager', 'Olga'), RECONCILE, { input });
    expect(refusal.errors?.[0].extensions).toMatchObject({ code: 'FORBIDDEN', proposedBy: 'robot' });
    const found = await server.data(await server.token('manager', 'mia'), RECONCILE, { input });
    expect(found.reconcileAction.status).toBe('FAILED');
  });

  test('is not known either where the receiver speaks of a conflict', async () => {
    const receiver = await receive(() => 409);
    await setConnector({ webhook: { url: receiver.url, receiverDeduplicates: false } });
    const { action } = await propose('send_chat_message', { text: 'conflict' });
    expect(resultsOf(await until(action.id, 'OUTCOME_UNKNOWN'))).toEqual(['UNKNOWN']);
  });

  test('is not sent to another receiver, who could not recognise it', async () => {
    const first = await receive(() => 'silent');
    const second = await receive();
    const webhook = { receiverDeduplicates: true, timeoutSeconds: 4 };
    await setConnector({ webhook: { ...webhook, url: first.url } });
    const { action } = await propose('send_chat_message', { text: 'moved' });
    await vi.waitFor(() => expect(first.received).toHaveLength(1), { timeout: 20_000, interval: 50 });
    await setConnector({ webhook: { ...webhook, url: second.url } });
    const done = await until(action.id, 'OUTCOME_UNKNOWN');
    expect(resultsOf(done)).toEqual(['UNKNOWN', 'REFUSED']);
    expect(done.endedReason).toContain('Not sent');
    expect([first.received.length, second.received.length]).toEqual([1, 0]);
  });

  test('stays unknown when it is taken back before the next attempt', async () => {
    const receiver = await receive(() => 'silent');
    await setConnector({ webhook: { url: receiver.url, receiverDeduplicates: true, timeoutSeconds: 1 } });
    const manager = await server.token('manager', 'mia');
    const { action } = await propose('send_chat_message', { text: 'taken back' });
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1), { timeout: 20_000, interval: 50 });
    await server.data(manager, PAUSE, { input: { reason: 'No second attempt.' } });
    await until(action.id, 'ALLOWED');
    const cancelled = await server.data(await server.token('agent'), CANCEL, { input: { actionId: action.id } });
    expect(cancelled.cancelAction).toMatchObject({
      status: 'OUTCOME_UNKNOWN',
      endedReason: expect.stringContaining('may have had its effect'),
    });
    await server.data(manager, RESUME, { input: {} });
    expect(receiver.received).toHaveLength(1);
  });

  test('is not sent again by the sweep behind the last attempt', async () => {
    const receiver = await receive();
    await setConnector({
      webhook: { url: receiver.url, receiverDeduplicates: true, timeoutSeconds: 1, maxAttempts: 1 },
    });
    let wake = () => {};
    const asleep = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const undo = onFailpoint((name) => (name === 'after-effect' ? asleep : undefined));
    try {
      const { action } = await propose('send_chat_message', { text: 'last' });
      await vi.waitFor(() => expect(receiver.received).toHaveLength(1), { timeout: 20_000, interval: 50 });
      now += 60_000;
      expect(resultsOf(await until(action.id, 'OUTCOME_UNKNOWN'))).toEqual(['ABANDONED']);
    } finally {
      undo();
      wake();
    }
  });
});
