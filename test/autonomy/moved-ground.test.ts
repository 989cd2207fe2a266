import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATABASES } from '../support/database.js';
import { type Desk, HOUR, openDesk } from './desk.js';

describe.each(DATABASES)('votes and references that no longer hold, on %s', (kind) => {
  let desk: Desk;
  let agent: string;
  let manager: string;
  const tokens: Record<string, string> = {};
  beforeAll(async () => {
    desk = await openDesk(kind);
    await desk.enact({ rules: { send_proposal: { quorum: 2 } } });
    agent = await desk.token('agent', 'agent-one');
    manager = await desk.token('manager', 'mia');
    for (const name of ['ana', 'ben', 'cleo']) tokens[name] = await desk.token('approver', name);
  });
  afterAll(() => desk.close());
  const as = (name: string) => tokens[name] ?? '';
  const account = async (): Promise<string> =>
    (await desk.done(manager, 'upsertAccount', { name: 'Brightwater' })).account.id;
  const reply = (accountId: string) =>
    desk.done(agent, 'recordInteraction', {
      accountId,
      channel: 'EMAIL',
      direction: 'INBOUND',
      occurredAt: desk.now(),
      content: 'We bought it elsewhere.',
    });
  const approveAnew = async (approvalId: string, names: readonly string[]) => {
    const { digest } = await desk.approval(approvalId);
    let last: unknown;
    for (const name of names) last = await desk.done(as(name), 'approveAction', { approvalId, digest });
    return last;
  };

  test('the customer writes between two signatures: the first counts no longer, and both sign what they know', async () => {
    const accountId = await account();
    const { actionId, ...asked } = await desk.propose({ accountId });
    await desk.done(as('ana'), 'approveAction', asked);
    desk.pass(HOUR);
    await reply(accountId);
    desk.pass(HOUR);
    expect(await desk.refused(as('ben'), 'approveAction', asked)).toMatchObject({ code: 'DIGEST_MISMATCH' });
    expect(await desk.approval(asked.approvalId)).toMatchObject({
      status: 'PENDING',
      votes: [{ voter: 'ana', current: false }],
      action: { revision: 1, revisions: [{ kind: 'RENEWED', comment: expect.stringContaining('has written') }] },
    });
    expect(await approveAnew(asked.approvalId, ['ben'])).toMatchObject({ status: 'PENDING' });
    expect(await approveAnew(asked.approvalId, ['ana'])).toMatchObject({ status: 'APPROVED' });
    expect(await desk.done(agent, 'claimAction', { actionId })).toMatchObject({ status: 'EXECUTING' });
  });

  test('a letter that came in between and was not seen at the last signature is found at the claim', async () => {
    const accountId = await account();
    const { actionId, ...asked } = await desk.propose({ accountId });
    await desk.done(as('ana'), 'approveAction', asked);
    desk.pass(HOUR);
    const writtenAt = desk.now();
    await desk.done(as('ben'), 'approveAction', asked);
    // Recorded with the first vote behind it and the last one at the same moment.
    expect(desk.now()).toEqual(writtenAt);
    await reply(accountId);
    expect(await desk.refused(agent, 'claimAction', { actionId })).toMatchObject({ reason: 'account_replied' });
  });

  test('a letter that an agent had noted down as its own before the signature counts once it is put right', async () => {
    const accountId = await account();
    const letter = { externalId: 'crm-1', accountId, channel: 'EMAIL', occurredAt: new Date(desk.now().getTime() + 1) };
    await desk.done(agent, 'recordInteraction', { ...letter, direction: 'OUTBOUND' });
    const { actionId, ...asked } = await desk.propose({ accountId });
    desk.pass(HOUR);
    for (const name of ['ana', 'ben']) await desk.done(as(name), 'approveAction', asked);
    desk.pass(HOUR);
    await desk.done(manager, 'recordInteraction', { ...letter, direction: 'INBOUND' });
    expect(await desk.refused(agent, 'claimAction', { actionId })).toMatchObject({ reason: 'account_replied' });
  });

  test('what does not reach the customer is not asked for again when the customer writes', async () => {
    await desk.enact({ rules: { modify_account_plan: { quorum: 2 }, send_proposal: { quorum: 2 } } });
    const accountId = await account();
    const { actionId: _, ...asked } = await desk.propose({ actionType: 'modify_account_plan', accountId });
    await desk.done(as('ana'), 'approveAction', asked);
    desk.pass(HOUR);
    await reply(accountId);
    expect(await desk.done(as('ben'), 'approveAction', asked)).toMatchObject({ status: 'APPROVED' });
  });

  describe('a vote in somebody else’s place', () => {
    const lend = async (hours: number): Promise<string> => {
      const until = new Date(desk.now().getTime() + hours * HOUR);
      return (await desk.done(manager, 'delegateApprovals', { to: 'cleo', until, reason: 'On holiday' })).id;
    };
    const signed = async () => {
      await desk.enact({ rules: { send_proposal: { requiredRole: 'manager', quorum: 2 } } });
      const asked = await desk.propose();
      const { approvalId, digest } = asked;
      await desk.done(as('cleo'), 'approveAction', { approvalId, digest });
      return asked;
    };

    test('counts no longer towards the number once the right was taken back, and who lent it may sign', async () => {
      const delegationId = await lend(24);
      const { approvalId, digest } = await signed();
      await desk.done(manager, 'revokeDelegation', { delegationId });
      const max = await desk.token('manager', 'max');
      const refusal = await desk.refused(max, 'approveAction', { approvalId, digest });
      expect(refusal).toMatchObject({ code: 'DIGEST_MISMATCH' });
      const renewed = { approvalId, digest: (await desk.approval(approvalId)).digest };
      expect(await desk.done(max, 'approveAction', renewed)).toMatchObject({ status: 'PENDING' });
      expect(await desk.done(manager, 'approveAction', renewed)).toMatchObject({ status: 'APPROVED' });
    });

    test('nor at the claim; one whose right merely ran out still does', async () => {
      const delegationId = await lend(24);
      const max = await desk.token('manager', 'max');
      const taken = await signed();
      await desk.done(max, 'approveAction', { approvalId: taken.approvalId, digest: taken.digest });
      await desk.done(manager, 'revokeDelegation', { delegationId });
      const { actionId } = taken;
      expect(await desk.refused(agent, 'claimAction', { actionId })).toMatchObject({
        reason: 'approver_lost_authority',
      });
      await lend(1);
      const kept = await signed();
      desk.pass(2 * HOUR);
      await desk.done(max, 'approveAction', { approvalId: kept.approvalId, digest: kept.digest });
      expect((await desk.done(agent, 'claimAction', { actionId: kept.actionId })).status).toBe('EXECUTING');
    });
  });

  describe('what an action names has gone to another account', () => {
    const moved = async () => {
      const [from, to] = [await account(), await account()];
      const contactId = (await desk.done(manager, 'upsertContact', { accountId: from, name: 'Orla' })).contact.id;
      return { contactId, move: () => desk.done(manager, 'upsertContact', { id: contactId, accountId: to }) };
    };

    test('what was allowed is invalidated at the claim, with the reason', async () => {
      const { contactId, move } = await moved();
      const { actionId, approvalId } = await desk.propose({ actionType: 'send_follow_up_email', contactId });
      expect(approvalId).toBeUndefined();
      await move();
      const refusal = { code: 'CONFLICT', status: 'INVALIDATED', reason: 'reference_changed' };
      expect(await desk.refused(agent, 'claimAction', { actionId })).toMatchObject(refusal);
      expect((await desk.trail(actionId)).at(-1)).toMatchObject({
        type: 'ACTION_INVALIDATED',
        data: { reason: expect.stringContaining('reference_changed') },
      });
    });

    test.each(['approveAction', 'editAction'] as const)(
      'what waits is invalidated when somebody asks for %s',
      async (operation) => {
        const { contactId, move } = await moved();
        const { approvalId, digest, actionId } = await desk.propose({ contactId });
        await move();
        const input = { approvalId, digest, ...(operation === 'editAction' && { payload: { text: 'Dear Orla' } }) };
        expect(await desk.refused(manager, operation, input)).toMatchObject({
          code: 'CONFLICT',
          reason: 'reference_changed',
        });
        expect(await desk.approval(approvalId)).toMatchObject({
          status: 'INVALIDATED',
          action: { status: 'INVALIDATED', endedReason: expect.stringContaining('reference_changed') },
        });
        expect((await desk.trail(actionId)).at(-1)).toMatchObject({ type: 'APPROVAL_INVALIDATED' });
      },
    );
  });
});
