import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Agent, createAgent, OutcomeUnknown, type SignedAction } from '../../src/client/index.js';
import { DATABASES } from '../support/database.js';
import { startLossyDoor } from '../support/lossy-door.js';
import { startTestServer, type TestServer } from '../support/server.js';

const PENDING = '{ approvals(last: 1) { edges { node { id digest action { payload } } } } }';
const APPROVE = 'mutation ($input: ApproveActionInput!) { approveAction(input: $input) { status } }';
const EDIT = 'mutation ($input: EditActionInput!) { editAction(input: $input) { digest } }';
const REJECT = 'mutation ($input: RejectActionInput!) { rejectAction(input: $input) { status } }';
const PAUSE = 'mutation ($input: PauseAutonomyInput!) { pauseAutonomy(input: $input) { paused } }';
const RESUME = 'mutation ($input: ResumeAutonomyInput!) { resumeAutonomy(input: $input) { paused } }';

describe.each(DATABASES)('guarding an action on %s', (kind) => {
  let server: TestServer;
  let agent: Agent;
  let ana: string;
  let manager: string;
  beforeAll(async () => {
    server = await startTestServer({ kind });
    agent = createAgent({ url: server.url, token: await server.token('agent') });
    ana = await server.token('approver', 'ana');
    manager = await server.token('manager', 'mia');
  });
  afterAll(async () => {
    await agent.close();
    await server.close();
  });

  let keys = 0;
  const ran: SignedAction[] = [];
  afterEach(() => {
    ran.length = 0;
  });
  const action = (actionType: string, more: object = {}) => ({
    actionType,
    payload: { text: 'Dear Kim' },
    idempotencyKey: `guard-${keys++}`,
    ...more,
  });
  const run = async (signed: SignedAction) => {
    ran.push(signed);
    return { messageId: 'm1' };
  };
  test('what may run alone runs at once, and its result is reported', async () => {
    expect(await agent.guard(action('send_follow_up_email'), run)).toMatchObject({
      status: 'EXECUTED',
      result: { messageId: 'm1' },
      action: { status: 'EXECUTED' },
    });
    expect(ran).toHaveLength(1);
  });

  test('what needs a person waits for them, and runs exactly what was signed', async () => {
    const guarded = agent.guard(action('send_proposal'), run);
    const { id, digest } = await pendingOf(server, ana);
    expect(ran).toEqual([]);
    await server.data(ana, APPROVE, { input: { approvalId: id, digest } });
    expect(await guarded).toMatchObject({ status: 'EXECUTED' });
    expect(ran).toMatchObject([{ payload: { text: 'Dear Kim' }, digest }]);
  });

  /** A person makes another type of a proposal, and signs that. */
  const signAnotherType = async () => {
    const { id, digest } = await pendingOf(server, ana);
    const edit = { approvalId: id, digest, actionType: 'discuss_pricing', payload: { text: 'Internal notes' } };
    const { editAction } = await server.data(ana, EDIT, { input: edit });
    await server.data(ana, APPROVE, { input: { approvalId: id, digest: editAction.digest } });
  };

  test('what a person made another type of is not run by the program for the old type', async () => {
    const once = action('send_proposal');
    const guarded = agent.guard(once, run);
    await signAnotherType();
    const outcome = {
      status: 'FAILED',
      error: expect.stringMatching(/^A person made discuss_pricing of it .* runs send_proposal\. Nothing was done\.$/),
      action: { status: 'FAILED', actionType: 'discuss_pricing' },
    };
    expect(await guarded).toMatchObject(outcome);
    expect(await agent.guard(once, run)).toMatchObject(outcome);
    expect(ran).toEqual([]);
  });

  test('a program that runs other types too is told which was signed, and what it is about', async () => {
    const upsert = 'mutation ($input: UpsertAccountInput!) { upsertAccount(input: $input) { account { id } } }';
    const accountId = (await server.data(manager, upsert, { input: { name: 'Acme' } })).upsertAccount.account.id;
    const guarded = agent.guard(action('send_proposal', { accountId }), run, { alsoRuns: ['discuss_pricing'] });
    await signAnotherType();
    expect(await guarded).toMatchObject({ status: 'EXECUTED' });
    const about = { accountId, dealId: null, contactId: null, cloneId: null };
    expect(ran).toMatchObject([{ actionType: 'discuss_pricing', payload: { text: 'Internal notes' }, ...about }]);
    expect(JSON.parse(ran[0]?.canonical ?? '')).toMatchObject({ actionType: 'discuss_pricing' });
  });

  test('what a person refuses does not run, and the agent learns why', async () => {
    const guarded = agent.guard(action('send_proposal'), run);
    const { id } = await pendingOf(server, ana);
    await server.data(ana, REJECT, { input: { approvalId: id, reason: 'Too early.' } });
    expect(await guarded).toMatchObject({ status: 'REJECTED', reason: 'Too early.' });
    expect(ran).toEqual([]);
  });

  test('what was taken back does not run, and is not asked about again and again', async () => {
    const guarded = agent.guard(action('send_proposal'), run);
    const { id } = await pendingOf(server, ana);
    const { approval } = await server.data(ana, 'query ($id: ID!) { approval(id: $id) { action { id } } }', { id });
    await server.data(
      await server.token('agent'),
      'mutation ($input: CancelActionInput!) { cancelAction(input: $input) { status } }',
      { input: { actionId: approval.action.id, reason: 'Not needed any more.' } },
    );
    expect(await guarded).toMatchObject({ status: 'CANCELLED' });
    expect(ran).toEqual([]);
  });

  test('a hard stop never runs', async () => {
    expect(await agent.guard(action('approve_discount'), run)).toMatchObject({ status: 'BLOCKED' });
    expect(ran).toEqual([]);
  });

  test('guarding it again, by the same key, gives what became of it and runs nothing', async () => {
    const once = action('send_chat_message');
    await agent.guard(once, run);
    expect(await agent.guard(once, run)).toMatchObject({ status: 'EXECUTED', result: { messageId: 'm1' } });
    expect(ran).toHaveLength(1);
  });

  test('an answer to the claim that is lost on the way is asked for again, and it runs once', async () => {
    const lossy = await startLossyDoor(server.url, 'claimAction');
    const caller = createAgent({ url: lossy.url, token: await server.token('agent') });
    const guarded = await caller.guard(action('send_chat_message'), run);
    await caller.close();
    await lossy.close();
    expect(lossy.lost()).toBe(1);
    expect(guarded).toMatchObject({ status: 'EXECUTED', action: { status: 'EXECUTED' } });
    expect(ran).toHaveLength(1);
  });

  test('two that guard the same action run it once', async () => {
    const twin = createAgent({ url: server.url, token: await server.token('agent') });
    const once = action('send_chat_message');
    const outcomes = await Promise.all([agent.guard(once, run), twin.guard(once, run)]);
    await twin.close();
    expect(outcomes).toMatchObject([{ status: 'EXECUTED' }, { status: 'EXECUTED' }]);
    expect(ran).toHaveLength(1);
  });

  test('an error of the program is reported as a failure; one that leaves the outcome open is not', async () => {
    const failing = async (): Promise<undefined> => {
      throw new Error('mailbox full');
    };
    expect(await agent.guard(action('send_chat_message'), failing)).toMatchObject({
      status: 'FAILED',
      error: 'mailbox full',
    });
    const unsure = async (): Promise<undefined> => {
      throw new OutcomeUnknown('the connection broke after sending');
    };
    expect(await agent.guard(action('send_chat_message'), unsure)).toMatchObject({
      status: 'OUTCOME_UNKNOWN',
      reason: 'the connection broke after sending',
      action: { status: 'EXECUTING' },
    });
  });

  test('while the tenant is paused it waits, and goes on when somebody resumes', async () => {
    await server.data(manager, PAUSE, { input: { reason: 'A look around.' } });
    const guarded = agent.guard(action('send_chat_message'), run);
    const waiting = createAgent({ url: server.url, token: await server.token('agent') });
    const other = await waiting.propose(action('send_chat_message'));
    await expect(waiting.claim(other.id)).rejects.toMatchObject({ code: 'PAUSED' });
    await waiting.close();
    expect(ran).toEqual([]);
    await server.data(manager, RESUME, { input: {} });
    expect(await guarded).toMatchObject({ status: 'EXECUTED' });
  });

  test('giving up leaves the proposal where it is; guarding it later goes on', async () => {
    const patience = new AbortController();
    const once = action('send_proposal');
    const guarded = agent.guard(once, run, { signal: patience.signal });
    const { id, digest } = await pendingOf(server, ana);
    patience.abort(new Error('enough'));
    await expect(guarded).rejects.toThrow('enough');
    await server.data(ana, APPROVE, { input: { approvalId: id, digest } });
    expect(await agent.guard(once, run)).toMatchObject({ status: 'EXECUTED' });
    expect(ran).toHaveLength(1);
  });

  test('a proposal the server does not take is the caller’s error', async () => {
    await expect(agent.guard(action('Send_Proposal'), run)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });
});

/** The request that was made last, once there is one that waits. */
async function pendingOf(server: TestServer, token: string): Promise<{ id: string; digest: string }> {
  for (;;) {
    const { approvals } = await server.data(token, PENDING);
    const [edge] = approvals.edges;
    if (edge) return edge.node;
  }
}
