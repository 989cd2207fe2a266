import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATABASES } from '../support/database.js';
import { type Desk, openDesk } from './desk.js';

describe.each(DATABASES)('the ground is looked at again before anybody signs, on %s', (kind) => {
  let desk: Desk;
  let agent: string;
  let ana: string;
  let ben: string;
  let manager: string;
  let accountId: string;
  let dealId: string;
  beforeAll(async () => {
    desk = await openDesk(kind);
    agent = await desk.token('agent', 'agent-one');
    ana = await desk.token('approver', 'ana');
    ben = await desk.token('approver', 'ben');
    manager = await desk.token('manager', 'mia');
    accountId = (await desk.done(manager, 'upsertAccount', { externalId: 'acme', name: 'Acme' })).account.id;
    dealId = (await desk.done(manager, 'upsertDeal', deal('DISCOVERY'))).deal.id;
  });
  afterAll(() => desk.close());
  const deal = (stage: string) => ({
    externalId: 'deal-1',
    accountId,
    name: 'Deal',
    owner: 'seller',
    stage,
    value: 10,
  });

  test('another policy: nobody has signed, the request is renewed, and the new text is what is signed and run', async () => {
    const { actionId, ...asked } = await desk.propose();
    await desk.enact({ rules: { send_proposal: { quorum: 2, connector: 'agent' } } });
    const refusal = await desk.refused(ana, 'approveAction', asked);
    expect(refusal).toMatchObject({ code: 'DIGEST_MISMATCH', received: asked.digest, revision: 1 });
    expect(refusal.changes).toEqual([
      { op: 'replace', path: '/policyVersion', before: 0, after: 1 },
      { op: 'replace', path: '/quorum', before: 1, after: 2 },
    ]);
    const renewed = await desk.approval(asked.approvalId);
    expect(renewed).toMatchObject({
      status: 'PENDING',
      digest: refusal.expected,
      quorum: 2,
      votes: [],
      action: { digest: refusal.expected, revision: 1, status: 'PENDING_APPROVAL' },
    });
    expect(renewed.action.revisions).toMatchObject([
      { number: 1, kind: 'RENEWED', editedBy: 'system:renewal', digest: asked.digest, replacedBy: refusal.expected },
    ]);
    expect(JSON.parse(renewed.action.canonical)).toMatchObject({ policyVersion: 1, revision: 1 });
    const again = { approvalId: asked.approvalId, digest: refusal.expected };
    await desk.done(ana, 'approveAction', again);
    await desk.done(ben, 'approveAction', again);
    expect((await desk.done(agent, 'claimAction', { actionId })).digest).toBe(refusal.expected);
    expect((await desk.trail(actionId)).map(({ type }) => type)).toEqual([
      'APPROVAL_REQUESTED',
      'APPROVAL_RENEWED',
      'APPROVAL_VOTED',
      'APPROVAL_APPROVED',
      'ACTION_CLAIMED',
    ]);
  });

  test('a vote for the text before does not count for the text after; its voter votes again', async () => {
    const { actionId: _, ...asked } = await desk.propose();
    await desk.done(ana, 'approveAction', asked);
    await desk.enact({ rules: { send_proposal: { quorum: 2 } } });
    const { expected } = await desk.refused(ben, 'approveAction', asked);
    const again = { approvalId: asked.approvalId, digest: expected };
    desk.pass(1);
    expect(await desk.done(ben, 'approveAction', again)).toMatchObject({ status: 'PENDING' });
    desk.pass(1);
    const approved = await desk.done(ana, 'approveAction', again);
    expect(approved).toMatchObject({ status: 'APPROVED', decidedBy: 'ana' });
    expect(approved.votes.map(({ voter, current }: { voter: string; current: boolean }) => [voter, current])).toEqual([
      ['ana', false],
      ['ben', true],
      ['ana', true],
    ]);
    await desk.enact({});
  });

  test('a deal that has moved on: even where the text reads the same, it has another digest', async () => {
    const { actionId: _, ...asked } = await desk.propose({ dealId, accountId });
    await desk.done(manager, 'upsertDeal', deal('EVALUATION'));
    const refusal = await desk.refused(ana, 'approveAction', asked);
    expect(refusal).toMatchObject({ code: 'DIGEST_MISMATCH', expected: expect.not.stringMatching(asked.digest) });
    expect(refusal.changes).toEqual([{ op: 'replace', path: '/dealStage', before: 'discovery', after: 'evaluation' }]);
    const approved = await desk.done(ana, 'approveAction', { ...asked, digest: refusal.expected });
    expect(approved.status).toBe('APPROVED');
  });

  test('an account that opted out in between is shown to whoever was about to sign', async () => {
    const { actionId: _, ...asked } = await desk.propose({ accountId });
    const optOut = (at: string | null) =>
      desk.database.asServer((sql) => sql('update account set opted_out_at = $2 where id = $1', [accountId, at]));
    await optOut('2026-03-01T00:00:00Z');
    const refusal = await desk.refused(ana, 'approveAction', asked);
    expect(refusal.changes).toEqual([{ op: 'replace', path: '/optedOut', before: false, after: true }]);
    await optOut(null);
  });

  test('what has become a hard stop ends, and says so to whoever would have signed and to the agent', async () => {
    const { actionId, ...asked } = await desk.propose({ actionType: 'share_minutes_externally' });
    await desk.enact({ rules: { share_minutes_externally: { tier: 'hard_stop' } } });
    const refusal = await desk.refused(ana, 'approveAction', asked);
    expect(refusal).toMatchObject({ code: 'HARD_STOP', reason: 'POLICY_HARD_STOP' });
    expect(await desk.approval(asked.approvalId)).toMatchObject({
      status: 'INVALIDATED',
      decidedBy: null,
      action: { status: 'INVALIDATED', endedReason: expect.stringContaining('policy_hard_stop') },
    });
    expect((await desk.trail(actionId)).at(-1)).toMatchObject({ type: 'APPROVAL_INVALIDATED' });
    await desk.enact({});
  });

  test('another connector that could not run it: nobody signs what would only fail', async () => {
    const { actionId: _, ...asked } = await desk.propose();
    await desk.enact({ rules: { send_proposal: { connector: 'email' } } });
    expect(await desk.refused(ana, 'approveAction', asked)).toMatchObject({
      code: 'CONFLICT',
      status: 'INVALIDATED',
      reason: 'connector_changed',
    });
    expect(await desk.approval(asked.approvalId)).toMatchObject({
      status: 'INVALIDATED',
      action: { status: 'INVALIDATED', endedReason: expect.stringContaining('connector_changed') },
    });
    await desk.enact({});
  });

  test('another connector that can run it: the request is renewed, and says so', async () => {
    const payload = { to: 'kim@acme.example', subject: 'Our offer', text: 'Dear Kim' };
    const { actionId: _, ...asked } = await desk.propose({ payload });
    await desk.enact({ rules: { send_proposal: { connector: 'email' } } });
    const refusal = await desk.refused(ana, 'approveAction', asked);
    expect(refusal.changes).toContainEqual({ op: 'replace', path: '/connector', before: 'agent', after: 'email' });
    await desk.enact({});
  });

  test('a rejection needs no second look: no is no on any ground', async () => {
    const { actionId: _, ...asked } = await desk.propose();
    await desk.enact({ rules: { send_proposal: { quorum: 3 } } });
    expect(await desk.done(ana, 'rejectAction', { ...asked, reason: 'no' })).toMatchObject({ status: 'REJECTED' });
    await desk.enact({});
  });
});
