import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATABASES } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';

const PROPOSE = `mutation ($input: ProposeActionInput!) { proposeAction(input: $input) {
  replayed decision { allowed reason requiresHuman tier } approval { id digest status expiresAt }
  action { id status digest canonical payload proposedBy leaseEpoch } } }`;
const APPROVE =
  'mutation ($input: ApproveActionInput!) { approveAction(input: $input) { id status decidedBy decidedAt comment action { id status } } }';
const REJECT =
  'mutation ($input: RejectActionInput!) { rejectAction(input: $input) { id status comment action { status } } }';
const CLAIM =
  'mutation ($input: ClaimActionInput!) { claimAction(input: $input) { id status canonical digest payload leaseEpoch leaseUntil } }';

describe.each(DATABASES)('proposing and deciding on %s', (kind) => {
  let server: TestServer;
  let agent: string;
  let ana: string;
  let ben: string;
  beforeAll(async () => {
    server = await startTestServer({ kind });
    [agent, ana, ben] = await Promise.all([
      server.token('agent'),
      server.token('approver', 'ana'),
      server.token('approver', 'ben'),
    ]);
  });
  afterAll(() => server.close());

  let keys = 0;
  const propose = async (actionType: string, more: object = {}) => {
    const input = { actionType, payload: { text: 'Hello' }, idempotencyKey: `key-${keys++}`, ...more };
    return (await server.data(agent, PROPOSE, { input })).proposeAction;
  };

  test('an autonomous action may run, is claimed once, and is reported', async () => {
    const { action, approval, decision } = await propose('send_follow_up_email');
    expect(decision).toEqual({ allowed: true, reason: 'AUTONOMOUS', requiresHuman: false, tier: 'AUTONOMOUS' });
    expect(approval).toBeNull();
    const { claimAction: claimed } = await server.data(agent, CLAIM, { input: { actionId: action.id } });
    expect(claimed).toMatchObject({
      status: 'EXECUTING',
      canonical: action.canonical,
      digest: action.digest,
      leaseEpoch: 1,
    });
    const second = await server.request(agent, CLAIM, { input: { actionId: action.id } });
    expect(second.errors?.[0].extensions).toMatchObject({
      code: 'CONFLICT',
      status: 'EXECUTING',
      claimedBy: 'agent-one',
    });
    const { completeAction } = await server.data(
      agent,
      'mutation ($input: CompleteActionInput!) { completeAction(input: $input) { status outcome } }',
      { input: { actionId: action.id, leaseEpoch: 1, result: { messageId: 'm1' } } },
    );
    expect(completeAction).toEqual({ status: 'EXECUTED', outcome: { messageId: 'm1' } });
  });

  test('of two people who decide at once one wins and the other learns who and when', async () => {
    const { approval } = await propose('send_proposal');
    const input = { approvalId: approval.id, digest: approval.digest };
    const [one, two] = await Promise.all([
      server.request(ana, APPROVE, { input }),
      server.request(ben, APPROVE, { input }),
    ]);
    const [winner, loser] = one.errors ? [two, one] : [one, two];
    expect(winner.errors).toBeUndefined();
    expect(loser.errors?.[0].extensions).toMatchObject({
      code: 'CONFLICT',
      status: 'APPROVED',
      decidedBy: winner.data.approveAction.decidedBy,
      decidedAt: winner.data.approveAction.decidedAt,
    });
  });

  test('a hard stop is recorded, opens no request, and cannot be claimed', async () => {
    const { action, approval } = await propose('approve_discount');
    expect(action.status).toBe('BLOCKED');
    expect(approval).toBeNull();
    const claim = await server.request(agent, CLAIM, { input: { actionId: action.id } });
    expect(claim.errors?.[0].extensions.code).toBe('HARD_STOP');
    const approve = await server.request(ana, APPROVE, { input: { approvalId: action.id, digest: action.digest } });
    expect(approve.errors?.[0].extensions.code).toBe('NOT_FOUND');
  });

  test('a rejection needs a reason and ends the action', async () => {
    const { approval } = await propose('discuss_pricing');
    const refused = await server.request(ana, REJECT, { input: { approvalId: approval.id, reason: '  ' } });
    expect(refused.errors?.[0].extensions).toMatchObject({
      code: 'VALIDATION_FAILED',
      issues: [{ path: ['input', 'reason'] }],
    });
    const { rejectAction } = await server.data(ana, REJECT, {
      input: { approvalId: approval.id, reason: 'Too early' },
    });
    expect(rejectAction).toMatchObject({ status: 'REJECTED', comment: 'Too early', action: { status: 'REJECTED' } });
  });

  test('the same key gives the stored answer; another body under it is refused', async () => {
    const input = { actionType: 'create_briefing', payload: { a: 1 }, idempotencyKey: 'same' };
    const replies = await Promise.all(Array.from({ length: 8 }, () => server.data(agent, PROPOSE, { input })));
    expect(new Set(replies.map((reply) => reply.proposeAction.action.id)).size).toBe(1);
    expect(replies.filter((reply) => !reply.proposeAction.replayed)).toHaveLength(1);
    const other = await server.request(agent, PROPOSE, { input: { ...input, payload: { a: 2 } } });
    expect(other.errors?.[0].extensions).toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
      actionId: replies[0].proposeAction.action.id,
    });
  });

  test('a request reaches a subscriber on another connection, and `after` resumes exactly', async () => {
    const subscription =
      'subscription ($after: String) { approvalRequested(after: $after) { cursor approval { id action { payload } } } }';
    const live = server.subscribe(ana, subscription);
    const before = (await server.data(ana, '{ events(last: 1) { pageInfo { endCursor } } }')).events.pageInfo.endCursor;
    const resumed = server.subscribe(ana, subscription, { after: before });
    const { approval } = await propose('contact_c_suite');
    const pushed = await resumed.next();
    expect(pushed.data.approvalRequested.approval.id).toBe(approval.id);
    await resumed.close();
    await live.close();
    const missed = [await propose('send_proposal'), await propose('negotiate_terms')].map(
      (proposal) => proposal.approval.id,
    );
    const again = server.subscribe(ana, subscription, { after: pushed.data.approvalRequested.cursor });
    const got = [await again.next(), await again.next()].map((reply) => reply.data.approvalRequested.approval.id);
    expect(got).toEqual(missed);
    await again.close();
  });
});
