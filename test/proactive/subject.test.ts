import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type InsightServer, startInsightServer } from '../patterns/insight-server.js';
import { DATABASES } from '../support/database.js';
import { goalBehind, planned } from './planning.js';

const SUBJECTS = `{ actions(first: 100) { edges { node { accountId actionType status dealStage
  dealId contactId guardrail { reason } } } } }`;

describe.each(DATABASES)('what a planned action is about, on %s', (kind) => {
  let on: InsightServer;
  beforeAll(async () => {
    on = await startInsightServer(kind);
  });
  afterAll(() => on.close());

  const BUYS = 'Good news: our budget has been approved.';
  const dealOf = async (accountId: string, stage: string, given: object = {}): Promise<string> =>
    (await on.deal(accountId, stage, given)).deal.id;
  const contactOf = async (accountId: string): Promise<string> => {
    const input = { accountId, name: 'Ana', email: `ana-${accountId}@example.com` };
    return (await on.mutate('upsertContact', input, 'contact { id }')).contact.id;
  };
  /** What became of an account's candidate, with what was recorded of it. */
  const proposedFor = async (accountId: string) => {
    await on.scan(accountId);
    const { planned: candidates } = await planned(on);
    const candidate = candidates.find((one: { accountId: string }) => one.accountId === accountId);
    const { actions } = await on.server.data(on.agent, SUBJECTS);
    const of = ({ node }: { node: { accountId: string } }) => node.accountId === accountId;
    return { candidate, action: actions.edges.find(of)?.node };
  };

  test('a follow-up waits for a person where the only open deal is in negotiation', async () => {
    const accountId = await on.account();
    await dealOf(accountId, 'NEGOTIATION');
    await on.said(accountId, BUYS);
    const { candidate, action } = await proposedFor(accountId);
    expect(candidate).toMatchObject({ actionType: 'send_follow_up_email', outcome: 'PENDING_APPROVAL' });
    expect(action).toMatchObject({
      status: 'PENDING_APPROVAL',
      dealStage: 'NEGOTIATION',
      guardrail: { reason: 'STAGE_GATE' },
    });
  });

  test('a follow-up waits for a person where one of several open deals is in evaluation', async () => {
    const accountId = await on.account();
    await dealOf(accountId, 'EVALUATION', { value: 1 });
    await dealOf(accountId, 'DISCOVERY', { value: 90_000 });
    await on.said(accountId, BUYS);
    await goalBehind(on);
    const { candidate, action } = await proposedFor(accountId);
    expect(candidate).toMatchObject({
      dealId: null,
      outcome: 'PENDING_APPROVAL',
      payload: { goal: { target: 100_000 } },
    });
    expect(action).toMatchObject({ dealStage: 'EVALUATION', guardrail: { reason: 'STAGE_GATE' } });
  });

  test('names the deal that a goal is about, and is gated by it', async () => {
    const [negotiating, discovering] = [await on.account(), await on.account()];
    const gated = await dealOf(negotiating, 'NEGOTIATION', { value: 80_000 });
    await dealOf(negotiating, 'DISCOVERY', { value: 1_000 });
    const open = await dealOf(discovering, 'DISCOVERY', { value: 70_000 });
    await goalBehind(on);
    expect(await proposedFor(negotiating)).toMatchObject({
      candidate: { dealId: gated, outcome: 'PENDING_APPROVAL' },
      action: { dealId: gated, dealStage: 'NEGOTIATION', guardrail: { reason: 'STAGE_GATE' } },
    });
    expect(await proposedFor(discovering)).toMatchObject({
      action: { dealId: open, dealStage: 'DISCOVERY', status: 'ALLOWED' },
    });
  });

  test('is addressed to the contact who said it', async () => {
    const accountId = await on.account();
    const contactId = await contactOf(accountId);
    await on.said(accountId, BUYS, { contactId });
    expect(await proposedFor(accountId)).toMatchObject({
      candidate: { contactId, outcome: 'ALLOWED' },
      action: { contactId },
    });
  });
});
