import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/platform/db/database.js';
import { DATABASES, openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { everythingCounted, policyCalls } from './policy-server.js';

const CHECK =
  'query ($input: CheckActionInput!) { checkAction(input: $input) { allowed reason tier requiresHuman explanation } }';

describe.each(DATABASES)('the rules of a tenant with a policy on %s', (kind) => {
  let database: Database;
  let server: TestServer;
  let manager: string;
  let agent: string;
  let calls: ReturnType<typeof policyCalls>;
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    server = await startTestServer({ database, clock: { now: () => new Date('2026-03-04T12:00:00Z') } });
    manager = await server.token('manager');
    agent = await server.token('agent');
    calls = policyCalls(server, await server.token('admin'), agent);
    await calls.set({
      gates: { dealValueAbove: 1_000, contactTitles: ['CEO'] },
      rules: [
        { actionType: 'send_gift', tier: 'AUTONOMOUS', description: 'Flowers' },
        { actionType: 'send_voucher' },
        { actionType: 'send_chat_message', tier: 'APPROVAL_REQUIRED' },
        { actionType: 'log_interaction', quorum: 2 },
      ],
      budgets: [{ name: 'one briefing', scope: 'ACCOUNT', actionType: 'create_briefing', period: 'WEEK', limit: 1 }],
    });
  });
  afterAll(async () => {
    await server.close();
    await database.close();
  });

  const check = async (actionType: string, more: object = {}) =>
    (await server.data(agent, CHECK, { input: { actionType, ...more } })).checkAction;
  const record = async (mutation: string, type: string, input: object) => {
    const kindOf = mutation.replace('upsert', '').toLowerCase();
    const document = `mutation ($input: ${type}!) { m: ${mutation}(input: $input) { ${kindOf} { id } } }`;
    return (await server.data(manager, document, { input })).m[kindOf].id as string;
  };

  test('a dry run says exactly what the proposal is then answered, and leaves nothing behind', async () => {
    const accountId = await record('upsertAccount', 'UpsertAccountInput', { name: 'Dry' });
    const contactId = await record('upsertContact', 'UpsertContactInput', { accountId, name: 'Kim', title: 'CEO' });
    const dealId = await record('upsertDeal', 'UpsertDealInput', {
      name: 'Large',
      stage: 'DISCOVERY',
      value: 5_000,
    });
    const asked: [string, object, string][] = [
      ['send_gift', {}, 'AUTONOMOUS'],
      ['send_voucher', {}, 'UNKNOWN_ACTION_TYPE'],
      ['send_chat_message', {}, 'POLICY_TIER'],
      ['log_interaction', { contactId }, 'POLICY_GATE'],
      ['log_interaction', { accountId }, 'POLICY_GATE'],
      ['log_interaction', { dealId }, 'POLICY_GATE'],
      ['log_interaction', { dealStage: 'NEGOTIATION' }, 'STAGE_GATE'],
      ['log_interaction', {}, 'AUTONOMOUS'],
      ['commit_pricing', {}, 'HARD_STOP'],
      ['create_briefing', {}, 'AUTONOMOUS'],
      ['create_briefing', {}, 'OVER_BUDGET'],
    ];
    for (const [actionType, more, reason] of asked) {
      const before = await everythingCounted(database);
      const dry = await check(actionType, more);
      expect(await everythingCounted(database)).toEqual(before);
      expect([actionType, dry.reason]).toEqual([actionType, reason]);
      const { decision } = await calls.propose(actionType, more);
      expect(dry).toMatchObject(decision);
    }
  });

  test('a dry run about what does not exist is refused with its place', async () => {
    const accountId = '01900000-0000-7000-8000-000000000001';
    const { errors } = await server.request(agent, CHECK, { input: { actionType: 'send_gift', accountId } });
    expect(errors?.[0].extensions).toMatchObject({
      code: 'VALIDATION_FAILED',
      issues: [{ path: ['input', 'accountId'] }],
    });
  });

  test('the guardrails list the tenant’s own types and what is stricter here', async () => {
    const query = `{ guardrails { policyVersion ownActionTypes { actionType tier description }
      tightenedActionTypes { actionType builtInTier tier } } }`;
    expect((await server.data(agent, query)).guardrails).toEqual({
      policyVersion: 1,
      ownActionTypes: [
        { actionType: 'send_gift', tier: 'AUTONOMOUS', description: 'Flowers' },
        { actionType: 'send_voucher', tier: 'APPROVAL_REQUIRED', description: null },
      ],
      tightenedActionTypes: [{ actionType: 'send_chat_message', builtInTier: 'AUTONOMOUS', tier: 'APPROVAL_REQUIRED' }],
    });
  });

  test.each([
    ['send_gift', 'AUTONOMOUS', false, true],
    ['send_voucher', 'APPROVAL_REQUIRED', false, true],
    ['send_flowers', 'APPROVAL_REQUIRED', false, false],
    ['send_chat_message', 'APPROVAL_REQUIRED', true, false],
    ['log_interaction', 'AUTONOMOUS', true, false],
    ['commit_pricing', 'HARD_STOP', true, false],
  ])('%s is classified as %s, built in %s, the tenant’s own %s', async (actionType, tier, known, own) => {
    const query = 'query ($type: String!) { classifyAction(actionType: $type) { tier known own } }';
    expect((await server.data(agent, query, { type: actionType })).classifyAction).toEqual({ tier, known, own });
  });
});
