import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../src/kernel/actor.js';
import type { Database } from '../../src/platform/db/database.js';
import { DATABASES, openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';

const PROPOSE = `mutation ($input: ProposeActionInput!) { proposeAction(input: $input) {
  approval { id digest } action { id status } } }`;
const TOLD = `mutation ($input: ProposeActionInput!) { proposeAction(input: $input) { replayed
  decision { allowed requiresHuman reason explanation } action { id status guardrail { reason explanation } } } }`;
const APPROVE = 'mutation ($input: ApproveActionInput!) { approveAction(input: $input) { status } }';
const CLAIM = 'mutation ($input: ClaimActionInput!) { claimAction(input: $input) { status } }';
const ACTION = 'query ($id: ID!) { action(id: $id) { status endedReason approval { status reason } } }';
const ACCOUNT = 'mutation ($input: UpsertAccountInput!) { upsertAccount(input: $input) { account { id optedOutAt } } }';
const DEAL = 'mutation ($input: UpsertDealInput!) { upsertDeal(input: $input) { deal { id } } }';
const INTERACTION = 'mutation ($input: RecordInteractionInput!) { recordInteraction(input: $input) { outcome } }';
const HOUR = 3_600_000;

describe.each(DATABASES)('what has moved between signature and claim, on %s', (kind) => {
  let database: Database;
  let server: TestServer;
  let now = new Date('2026-03-02T09:00:00Z');
  const tokens = { agent: '', ana: '', manager: '', admin: '' };
  const minted = async () => {
    const expiresAt = new Date(now.getTime() + 48 * HOUR);
    const issue = (user: string, role: Role) =>
      server.app.tokens.issue({ tenant: 'demo', user, roles: [role], expiresAt });
    tokens.agent = await issue('agent-one', 'agent');
    tokens.ana = await issue('ana', 'approver');
    tokens.manager = await issue('mia', 'manager');
    tokens.admin = await issue('adam', 'admin');
  };
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    server = await startTestServer({
      database,
      sweeps: 'by hand',
      clock: { now: () => now },
      config: { approvalHours: 24 },
    });
    await minted();
  });
  afterAll(async () => {
    await server.close();
    await database.close();
  });

  let keys = 0;
  const account = async (): Promise<string> => {
    const input = { name: `Account ${keys++}` };
    return (await server.data(tokens.manager, ACCOUNT, { input })).upsertAccount.account.id;
  };
  const deal = async (accountId: string, stage: string, id?: string): Promise<string> => {
    const input = { ...(id ? { id } : { name: 'A deal', accountId }), stage };
    return (await server.data(tokens.manager, DEAL, { input })).upsertDeal.deal.id;
  };
  const propose = async (actionType: string, more: object = {}) => {
    const input = { actionType, payload: { text: 'Dear Kim' }, idempotencyKey: `recheck-${keys++}`, ...more };
    return (await server.data(tokens.agent, PROPOSE, { input })).proposeAction;
  };
  const sign = async (actionType: string, more: object = {}): Promise<string> => {
    const { action, approval } = await propose(actionType, more);
    await server.data(tokens.ana, APPROVE, { input: { approvalId: approval.id, digest: approval.digest } });
    return action.id;
  };
  const claim = async (actionId: string) =>
    (await server.request(tokens.agent, CLAIM, { input: { actionId } })).errors?.[0].extensions;
  const stateOf = async (id: string) => (await server.data(tokens.agent, ACTION, { id })).action;

  test('nothing has moved: it runs', async () => {
    const accountId = await account();
    expect(await claim(await sign('send_proposal', { accountId }))).toBeUndefined();
  });

  test('the deal has moved on: what was signed is invalidated, with the reason, and stays so', async () => {
    const accountId = await account();
    const dealId = await deal(accountId, 'DISCOVERY');
    const actionId = await sign('send_proposal', { dealId });
    await deal(accountId, 'NEGOTIATION', dealId);
    expect(await claim(actionId)).toMatchObject({ code: 'CONFLICT', reason: 'deal_stage_changed' });
    expect(await stateOf(actionId)).toMatchObject({
      status: 'INVALIDATED',
      endedReason: expect.stringContaining('another stage'),
      approval: { status: 'INVALIDATED' },
    });
    await deal(accountId, 'DISCOVERY', dealId);
    expect(await claim(actionId)).toMatchObject({ code: 'CONFLICT' });
  });

  test('what was allowed alone asks a person once its deal is in a gated stage', async () => {
    const accountId = await account();
    const dealId = await deal(accountId, 'DISCOVERY');
    const { action } = await propose('send_follow_up_email', { dealId });
    expect(action.status).toBe('ALLOWED');
    await deal(accountId, 'NEGOTIATION', dealId);
    expect(await claim(action.id)).toMatchObject({
      code: 'CONFLICT',
      reason: 'STAGE_GATE',
      status: 'PENDING_APPROVAL',
    });
    expect(await stateOf(action.id)).toMatchObject({
      status: 'PENDING_APPROVAL',
      approval: { status: 'PENDING', reason: 'STAGE_GATE' },
    });
  });

  test('and shows why from then on, to whoever reads it and to whoever proposes it again', async () => {
    const accountId = await account();
    const dealId = await deal(accountId, 'DISCOVERY');
    const input = { actionType: 'send_follow_up_email', payload: {}, idempotencyKey: 'shown again', dealId };
    const { action } = (await server.data(tokens.agent, TOLD, { input })).proposeAction;
    await deal(accountId, 'NEGOTIATION', dealId);
    await claim(action.id);
    const why = { reason: 'STAGE_GATE', explanation: expect.stringMatching(/negotiation/) };
    expect((await server.data(tokens.agent, TOLD, { input })).proposeAction).toMatchObject({
      replayed: true,
      decision: { allowed: false, requiresHuman: true, ...why },
      action: { status: 'PENDING_APPROVAL', guardrail: why },
    });
  });

  test('an open deal of the account that becomes gated counts too, though no deal was named', async () => {
    const accountId = await account();
    const { action } = await propose('send_follow_up_email', { accountId });
    await deal(accountId, 'EVALUATION');
    expect(await claim(action.id)).toMatchObject({ code: 'CONFLICT', reason: 'STAGE_GATE' });
  });

  test('the customer has written, or asked to be left alone: what would reach it is invalidated', async () => {
    const replied = await account();
    const mail = await sign('send_proposal', { accountId: replied });
    const plan = await sign('modify_account_plan', { accountId: replied });
    now = new Date(now.getTime() + HOUR);
    const input = {
      accountId: replied,
      channel: 'EMAIL',
      direction: 'INBOUND',
      occurredAt: now,
      content: 'We bought it elsewhere.',
    };
    await server.data(tokens.agent, INTERACTION, { input });
    expect(await claim(mail)).toMatchObject({ code: 'CONFLICT', reason: 'account_replied' });
    expect(await claim(plan)).toBeUndefined();

    const optedOut = await account();
    const letter = await sign('send_proposal', { accountId: optedOut });
    await server.data(tokens.agent, ACCOUNT, { input: { id: optedOut, optedOutAt: now } });
    expect(await claim(letter)).toMatchObject({ code: 'CONFLICT', reason: 'account_opted_out' });
    const lift = await server.request(tokens.agent, ACCOUNT, { input: { id: optedOut, optedOutAt: null } });
    expect(lift.errors?.[0].extensions.code).toBe('FORBIDDEN');
  });

  test('who signed may not decide any more: the signature is worth nothing', async () => {
    const expiresAt = new Date(now.getTime() + HOUR);
    const bea = await server.app.tokens.issue({ tenant: 'demo', user: 'bea', roles: ['approver'], expiresAt });
    const { action, approval } = await propose('send_proposal');
    await server.data(bea, APPROVE, { input: { approvalId: approval.id, digest: approval.digest } });
    await server.data(tokens.admin, 'mutation ($input: SetUserInput!) { setUser(input: $input) { name } }', {
      input: { name: 'bea', roles: ['AGENT'] },
    });
    expect(await claim(action.id)).toMatchObject({ code: 'CONFLICT', reason: 'approver_lost_authority' });
  });
});
