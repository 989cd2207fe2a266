import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATABASES } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { recorder } from './recording.js';

describe.each(DATABASES)('the stage gate over stored deals on %s', (kind) => {
  let server: TestServer;
  let agent: string;
  let record: ReturnType<typeof recorder>;
  beforeAll(async () => {
    server = await startTestServer({ kind });
    agent = await server.token('agent');
    record = recorder(server, await server.token('manager'));
  });
  afterAll(() => server.close());

  let keys = 0;
  /** Proposes an action of an autonomous type. */
  const propose = async (about: object) => {
    const { proposeAction } = await server.data(
      agent,
      `mutation ($input: ProposeActionInput!) { proposeAction(input: $input) {
        decision { allowed reason } action { status dealStage accountId } approval { status } } }`,
      { input: { actionType: 'send_follow_up_email', payload: {}, idempotencyKey: `gate-${keys++}`, ...about } },
    );
    return proposeAction;
  };
  const account = async () => (await record.account({ name: 'Gate' })).account.id;
  const deal = async (stage: string, accountId: string) =>
    (await record.deal({ name: 'Gate', stage, accountId })).deal.id;

  const GATED = { decision: { allowed: false, reason: 'STAGE_GATE' }, approval: { status: 'PENDING' } };
  const FREE = { decision: { allowed: true, reason: 'AUTONOMOUS' }, approval: null };

  test('an agent cannot open it by setting the stage itself', async () => {
    const dealId = await deal('NEGOTIATION', await account());
    const document = 'mutation ($input: UpsertDealInput!) { upsertDeal(input: $input) { outcome } }';
    const { errors } = await server.request(agent, document, { input: { id: dealId, stage: 'DISCOVERY' } });
    expect(errors?.[0].extensions.code).toBe('FORBIDDEN');
    expect(await propose({ dealId })).toMatchObject(GATED);
  });

  test('closes for a deal in negotiation', async () => {
    const accountId = await account();
    const dealId = await deal('NEGOTIATION', accountId);
    expect(await propose({ dealId })).toMatchObject({ ...GATED, action: { dealStage: 'NEGOTIATION', accountId } });
  });

  test('closes for an account with an open deal in evaluation, though no deal is named', async () => {
    const accountId = await account();
    await deal('DISCOVERY', accountId);
    await deal('EVALUATION', accountId);
    expect(await propose({ accountId })).toMatchObject({ ...GATED, action: { dealStage: 'EVALUATION' } });
  });

  test('stays open for an account all of whose deals are closed', async () => {
    const accountId = await account();
    await deal('CLOSED_WON', accountId);
    await deal('CLOSED_LOST', accountId);
    expect(await propose({ accountId })).toMatchObject(FREE);
  });

  test('closes for a deal that was won', async () => {
    const dealId = await deal('CLOSED_WON', await account());
    expect(await propose({ dealId })).toMatchObject({ ...GATED, action: { dealStage: 'CLOSED_WON' } });
  });

  test('follows the stored stage from one proposal to the next', async () => {
    const dealId = await deal('DISCOVERY', await account());
    expect(await propose({ dealId })).toMatchObject(FREE);
    await record.deal({ id: dealId, stage: 'EVALUATION' });
    expect(await propose({ dealId })).toMatchObject(GATED);
    await record.deal({ id: dealId, stage: 'QUALIFICATION' });
    expect(await propose({ dealId })).toMatchObject(FREE);
  });
});
