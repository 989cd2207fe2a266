import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Database } from '../../src/platform/db/database.js';
import { DATABASES, openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';

const PROPOSE = 'mutation ($input: ProposeActionInput!) { proposeAction(input: $input) { action { id } } }';
const CLAIM =
  'mutation ($input: ClaimActionInput!) { claimAction(input: $input) { status leaseEpoch leaseUntil claimedBy } }';
const RENEW = 'mutation ($input: RenewClaimInput!) { renewClaim(input: $input) { status leaseEpoch leaseUntil } }';
const COMPLETE = 'mutation ($input: CompleteActionInput!) { completeAction(input: $input) { status outcome } }';
const FAIL = 'mutation ($input: FailActionInput!) { failAction(input: $input) { status } }';
const RECONCILE =
  'mutation ($input: ReconcileActionInput!) { reconcileAction(input: $input) { status outcome failure endedReason finishedAt } }';
const ACTION = 'query ($id: ID!) { action(id: $id) { status endedReason leaseUntil finishedAt leaseEpoch } }';
const PAUSE = 'mutation ($input: PauseAutonomyInput!) { pauseAutonomy(input: $input) { paused } }';
const RESUME = 'mutation ($input: ResumeAutonomyInput!) { resumeAutonomy(input: $input) { paused } }';
const TRAIL = 'query ($id: ID!) { auditTrail(subjectId: $id) { edges { node { type actor data } } } }';

describe.each(DATABASES)('claims on %s', (kind) => {
  let database: Database;
  let servers: TestServer[];
  let server: TestServer;
  let now = Date.parse('2026-03-02T10:00:00Z');
  const clock = { now: () => new Date(now) };
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    // On the real database two instances sweep at once.
    servers = [await startTestServer({ database, clock })];
    if (kind === 'postgres') servers.push(await startTestServer({ database, clock }));
    server = servers[0] as TestServer;
  });
  afterAll(async () => {
    for (const each of servers) await each.close();
    await database.close();
  });

  let keys = 0;
  async function proposed(user: string, more: object = {}) {
    const agent = await server.token('agent', user);
    const input = {
      actionType: 'send_chat_message',
      payload: { text: 'hello' },
      idempotencyKey: `lease ${keys++}`,
      ...more,
    };
    const { id }: { id: string } = (await server.data(agent, PROPOSE, { input })).proposeAction.action;
    return { id, agent };
  }
  async function claimed(leaseSeconds = 60, user = 'agent-one') {
    const { id, agent } = await proposed(user);
    const { claimAction } = await server.data(agent, CLAIM, { input: { actionId: id, leaseSeconds } });
    return { id, agent, leaseEpoch: claimAction.leaseEpoch, leaseUntil: claimAction.leaseUntil };
  }
  const refusalOf = async (token: string, query: string, input: object) =>
    (await server.request(token, query, { input })).errors?.[0].extensions;
  const typesOf = async (id: string): Promise<string[]> => {
    const { edges } = (await server.data(await server.token('manager'), TRAIL, { id })).auditTrail;
    return edges.map(({ node }: { node: { type: string } }) => node.type);
  };
  /** Waits for the servers' own sweeps. */
  const lost = async (id: string) => {
    const reader = await server.token('manager', 'reader');
    await vi.waitFor(
      async () =>
        expect((await server.data(reader, ACTION, { id })).action).toMatchObject({ status: 'OUTCOME_UNKNOWN' }),
      { timeout: 20_000, interval: 100 },
    );
  };

  test('the holder extends its claim under the same epoch, and others do not', async () => {
    const { id, agent, leaseEpoch } = await claimed(60);
    now += 50_000;
    const input = { actionId: id, leaseEpoch, leaseSeconds: 60 };
    const { renewClaim } = await server.data(agent, RENEW, { input });
    expect(renewClaim).toEqual({ status: 'EXECUTING', leaseEpoch, leaseUntil: new Date(now + 60_000).toISOString() });
    const other = await server.token('agent', 'agent-two');
    expect(await refusalOf(other, RENEW, input)).toMatchObject({ code: 'CONFLICT', claimedBy: 'agent-one' });
    expect(await refusalOf(agent, RENEW, { ...input, leaseEpoch: 2 })).toMatchObject({ code: 'CONFLICT' });
    now += 50_000;
    const done = await server.data(agent, COMPLETE, { input: { actionId: id, leaseEpoch, result: { ok: true } } });
    expect(done.completeAction).toEqual({ status: 'EXECUTED', outcome: { ok: true } });
  });

  describe('a claim is given no more time', () => {
    const manager = () => server.token('manager', 'mia');

    test('while autonomy is paused, neither by renewing nor by sending it again; it may be reported on', async () => {
      const { id, agent } = await proposed('agent-one');
      const input = { actionId: id, leaseSeconds: 60, claimKey: 'paused' };
      const { leaseEpoch, leaseUntil } = (await server.data(agent, CLAIM, { input })).claimAction;
      await server.data(await manager(), PAUSE, { input: { reason: 'stop' } });
      now += 10_000;
      const paused = { code: 'PAUSED', pausedBy: 'mia', reason: 'stop' };
      expect(await refusalOf(agent, CLAIM, input)).toMatchObject(paused);
      expect(await refusalOf(agent, RENEW, { actionId: id, leaseEpoch })).toMatchObject(paused);
      expect((await server.data(agent, ACTION, { id })).action).toMatchObject({ status: 'EXECUTING', leaseUntil });
      await server.data(await manager(), RESUME, { input: {} });
      const { renewClaim } = await server.data(agent, RENEW, { input: { actionId: id, leaseEpoch, leaseSeconds: 60 } });
      expect(renewClaim.leaseUntil).toBe(new Date(now + 60_000).toISOString());
      const report = { actionId: id, leaseEpoch };
      expect((await server.data(agent, COMPLETE, { input: report })).completeAction.status).toBe('EXECUTED');
    });

    test('once it could not be started any more', async () => {
      const upsert = 'mutation ($input: UpsertAccountInput!) { upsertAccount(input: $input) { account { id } } }';
      const { id: accountId } = (await server.data(await manager(), upsert, { input: { name: 'A' } })).upsertAccount
        .account;
      const { id, agent } = await proposed('agent-one', { accountId });
      const { leaseEpoch, leaseUntil } = (await server.data(agent, CLAIM, { input: { actionId: id } })).claimAction;
      await server.data(await manager(), upsert, { input: { id: accountId, optedOutAt: new Date(now) } });
      const renewal = await refusalOf(agent, RENEW, { actionId: id, leaseEpoch });
      expect(renewal).toMatchObject({ code: 'CONFLICT', reason: 'OPTED_OUT', leaseUntil });
      expect((await server.data(agent, ACTION, { id })).action).toMatchObject({ status: 'EXECUTING', leaseUntil });
    });
  });

  describe('a claim whose answer was lost', () => {
    const keyed = async () => {
      const { id, agent } = await proposed('agent-one');
      const input = { actionId: id, leaseSeconds: 60, claimKey: `claim ${keys++}` };
      return { id, agent, input, first: (await server.data(agent, CLAIM, { input })).claimAction };
    };

    test('is sent again by its key: the same epoch, its time counted anew, and nothing is claimed twice', async () => {
      const { id, agent, input, first } = await keyed();
      now += 59_000;
      const again = (await server.data(agent, CLAIM, { input })).claimAction;
      expect(again).toEqual({ ...first, leaseUntil: new Date(now + 60_000).toISOString() });
      expect(await typesOf(id)).toEqual(['ACTION_ALLOWED', 'ACTION_CLAIMED']);
      const report = { actionId: id, leaseEpoch: first.leaseEpoch };
      expect((await server.data(agent, COMPLETE, { input: report })).completeAction.status).toBe('EXECUTED');
      expect(await refusalOf(agent, CLAIM, input)).toMatchObject({ code: 'CONFLICT', status: 'EXECUTED' });
    });

    test.each([
      ['without a key', () => ({ claimKey: undefined })],
      ['by another key', () => ({ claimKey: 'another' })],
    ])('sent again %s is another claim, and comes too late', async (_, more) => {
      const { agent, input } = await keyed();
      const refusal = await refusalOf(agent, CLAIM, { ...input, ...more() });
      expect(refusal).toMatchObject({ code: 'CONFLICT', status: 'EXECUTING', claimedBy: 'agent-one' });
    });

    test('is nobody else’s, whatever key they send; nor the holder’s once its time is over', async () => {
      const { agent, input } = await keyed();
      const other = await server.token('agent', 'agent-two');
      expect(await refusalOf(other, CLAIM, input)).toMatchObject({ code: 'CONFLICT', claimedBy: 'agent-one' });
      now += 60_000;
      expect(await refusalOf(agent, CLAIM, input)).toMatchObject({ code: 'CONFLICT' });
    });

    test('sent many times at once it is one claim', async () => {
      const { id, agent } = await proposed('agent-one');
      const input = { actionId: id, leaseSeconds: 60, claimKey: 'at once' };
      const answers = await Promise.all(Array.from({ length: 20 }, () => server.data(agent, CLAIM, { input })));
      expect(new Set(answers.map(({ claimAction }) => claimAction.leaseEpoch))).toEqual(new Set([1]));
      expect((await typesOf(id)).filter((type) => type === 'ACTION_CLAIMED')).toHaveLength(1);
    });
  });

  test('from the end of its time a claim is lost, even to its holder: no renewal, no report', async () => {
    const { id, agent, leaseEpoch } = await claimed(60);
    now += 60_000;
    const input = { actionId: id, leaseEpoch };
    expect(await refusalOf(agent, RENEW, input)).toMatchObject({ code: 'CONFLICT' });
    expect(await refusalOf(agent, COMPLETE, input)).toMatchObject({ code: 'CONFLICT' });
    expect(await refusalOf(agent, FAIL, { ...input, error: 'no' })).toMatchObject({ code: 'CONFLICT' });
    await lost(id);
    expect(await refusalOf(agent, COMPLETE, input)).toMatchObject({ code: 'CONFLICT', status: 'OUTCOME_UNKNOWN' });
    expect(await refusalOf(agent, CLAIM, { actionId: id })).toMatchObject({ code: 'CONFLICT' });
  });

  test('a claim nobody reported on ends in an unknown outcome, said once, with who fell silent', async () => {
    const { id, leaseUntil } = await claimed(5);
    const { id: other } = await claimed(3_600);
    now += 6_000;
    await lost(id);
    const reader = await server.token('manager');
    const { action } = await server.data(reader, ACTION, { id });
    expect(action).toMatchObject({ leaseUntil: null, finishedAt: null, leaseEpoch: 2 });
    expect(action.endedReason).toContain(`agent-one did not report before ${leaseUntil}`);
    expect(await typesOf(id)).toEqual(['ACTION_ALLOWED', 'ACTION_CLAIMED', 'ACTION_OUTCOME_UNKNOWN']);
    expect((await server.data(reader, ACTION, { id: other })).action.status).toBe('EXECUTING');
  });

  test('a person says what became of it; not the one who ran it, nor whom that one belongs to', async () => {
    const admin = await server.token('admin', 'adam');
    const setUser = 'mutation ($input: SetUserInput!) { setUser(input: $input) { name } }';
    await server.data(admin, setUser, { input: { name: 'robot', roles: ['AGENT'], owner: 'olga' } });
    const { id, leaseEpoch, agent } = await claimed(5, 'robot');
    expect(
      await refusalOf(await server.token('manager', 'mia'), RECONCILE, { actionId: id, outcome: 'FAILED', note: 'x' }),
    ).toMatchObject({ code: 'CONFLICT', status: 'EXECUTING' });
    now += 6_000;
    await lost(id);
    const input = { actionId: id, outcome: 'EXECUTED', note: 'It is in the outbox', result: { messageId: 'm-1' } };
    expect(await refusalOf(await server.token('manager', 'olga'), RECONCILE, input)).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await refusalOf(await server.token(['agent', 'manager'], 'Robot'), RECONCILE, input)).toMatchObject({
      code: 'FORBIDDEN',
    });
    const people = await Promise.all(['ana', 'ben', 'cem'].map((name) => server.token('approver', name)));
    const answers = await Promise.all(people.map((person) => server.request(person, RECONCILE, { input })));
    const [won, ...more] = answers.filter(({ errors }) => !errors);
    expect(more).toEqual([]);
    expect(won?.data.reconcileAction).toMatchObject({
      status: 'EXECUTED',
      outcome: { messageId: 'm-1' },
      failure: null,
      finishedAt: new Date(now).toISOString(),
    });
    expect(won?.data.reconcileAction.endedReason).toContain('It is in the outbox');
    expect(await refusalOf(agent, COMPLETE, { actionId: id, leaseEpoch })).toMatchObject({ code: 'CONFLICT' });
    expect((await typesOf(id)).filter((type) => type === 'ACTION_RECONCILED')).toHaveLength(1);
  });

  test('reconciled as failed it keeps the note as the reason; a result beside it is refused', async () => {
    const { id } = await claimed(5);
    now += 6_000;
    await lost(id);
    const ana = await server.token('approver', 'ana');
    const input = { actionId: id, outcome: 'FAILED', note: 'Nothing arrived' };
    expect(await refusalOf(ana, RECONCILE, { ...input, result: {} })).toMatchObject({ code: 'VALIDATION_FAILED' });
    const { reconcileAction } = await server.data(ana, RECONCILE, { input });
    expect(reconcileAction).toMatchObject({ status: 'FAILED', failure: 'Nothing arrived', outcome: null });
  });
});
