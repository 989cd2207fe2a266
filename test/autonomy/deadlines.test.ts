import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { DATABASES } from '../support/database.js';
import { type Desk, HOUR, MINUTE, openDesk } from './desk.js';

const RENEW = 'mutation ($input: RenewClaimInput!) { renewClaim(input: $input) { leaseUntil } }';

describe.each(DATABASES)('when nobody does anything, on %s', (kind) => {
  let desk: Desk;
  let agent: string;
  let ana: string;
  beforeAll(async () => {
    desk = await openDesk(kind);
    agent = await desk.token('agent', 'agent-one');
    ana = await desk.token('approver', 'ana');
  });
  afterAll(() => desk.close());

  test('a request is escalated, then ends: not run, no decider, and the agent is told to propose again', async () => {
    const { actionId, ...asked } = await desk.propose();
    desk.pass(24 * HOUR - 1);
    await desk.sweep();
    expect(await desk.approval(asked.approvalId)).toMatchObject({ status: 'PENDING' });
    desk.pass(1);
    await Promise.all([desk.sweep(), desk.sweep(), desk.sweep()]);
    expect(await desk.approval(asked.approvalId)).toMatchObject({
      status: 'EXPIRED',
      decidedBy: null,
      votes: [],
      action: { status: 'EXPIRED', endedReason: expect.stringMatching(/did not run\. Propose again/) },
    });
    expect((await desk.trail(actionId)).map(({ type, actor }) => [type, actor])).toEqual([
      ['APPROVAL_REQUESTED', 'agent-one'],
      ['APPROVAL_ESCALATED', 'system:escalation'],
      ['APPROVAL_EXPIRED', 'system:expiry'],
    ]);
    expect(await desk.refused(ana, 'approveAction', asked)).toMatchObject({ code: 'EXPIRED' });
    expect(await desk.refused(agent, 'claimAction', { actionId })).toMatchObject({
      code: 'CONFLICT',
      status: 'EXPIRED',
    });
  });

  test.runIf(kind === 'postgres')('who waited for somebody else until its time was over comes too late', async () => {
    const { actionId, ...asked } = await desk.propose();
    desk.pass(24 * HOUR - 1);
    const other = new pg.Client({ connectionString: desk.database.direct?.connectionString });
    await other.connect();
    try {
      await other.query('begin');
      await other.query('select from action where id = $1 for update', [actionId]);
      const deciding = desk.refused(ana, 'approveAction', asked);
      await vi.waitFor(async () => {
        const { rows } = await other.query('select 1 from pg_locks where not granted');
        expect(rows).not.toEqual([]);
      }, 20_000);
      desk.pass(1);
      await other.query('commit');
      expect(await deciding).toMatchObject({ code: 'EXPIRED' });
    } finally {
      await other.end();
    }
    expect(await desk.approval(asked.approvalId)).toMatchObject({ status: 'EXPIRED', decidedBy: null });
  });

  test('what was signed is run no longer than the signature is good, however often the claim is renewed', async () => {
    const { actionId, ...shown } = await desk.propose();
    const { validUntil } = await desk.done(ana, 'approveAction', shown);
    desk.pass(Date.parse(validUntil) - desk.now().getTime() - 30 * MINUTE);
    const { leaseEpoch } = await desk.done(agent, 'claimAction', { actionId, leaseSeconds: 3_000 });
    desk.pass(20 * MINUTE);
    const input = { actionId, leaseEpoch, leaseSeconds: 3_600 };
    const { renewClaim } = await desk.server.data(agent, RENEW, { input });
    expect(renewClaim.leaseUntil).toBe(validUntil);
    desk.pass(10 * MINUTE);
    const { errors } = await desk.server.request(agent, RENEW, { input });
    expect(errors?.[0].extensions).toMatchObject({ code: 'CONFLICT' });
  });

  test('what nobody had to sign is run no longer than a day', async () => {
    const { actionId } = await desk.propose({ actionType: 'send_chat_message' });
    const { leaseEpoch } = await desk.done(agent, 'claimAction', { actionId, leaseSeconds: 3_600 });
    const end = desk.now().getTime() + 24 * HOUR;
    const input = { actionId, leaseEpoch, leaseSeconds: 3_600 };
    for (let until = 0; until < end; ) {
      desk.pass(50 * MINUTE);
      until = Math.min(desk.now().getTime() + HOUR, end);
      const { renewClaim } = await desk.server.data(agent, RENEW, { input });
      expect(renewClaim.leaseUntil).toBe(new Date(until).toISOString());
    }
    desk.pass(end - desk.now().getTime());
    expect((await desk.server.request(agent, RENEW, { input })).errors?.[0].extensions).toMatchObject({
      code: 'CONFLICT',
    });
  });

  test('a vote does not keep a request open that needs another', async () => {
    await desk.enact({ rules: { send_proposal: { quorum: 2 } } });
    const { actionId: _, ...asked } = await desk.propose();
    await desk.done(ana, 'approveAction', asked);
    desk.pass(24 * HOUR);
    await desk.sweep();
    expect(await desk.approval(asked.approvalId)).toMatchObject({ status: 'EXPIRED', decidedBy: null });
    await desk.enact({});
  });

  test('an approval that nobody used goes stale, without anybody claiming', async () => {
    const { actionId, ...asked } = await desk.propose();
    desk.pass(HOUR);
    await desk.done(ana, 'approveAction', asked);
    desk.pass(24 * HOUR - 1);
    await desk.sweep();
    expect(await desk.approval(asked.approvalId)).toMatchObject({ status: 'APPROVED', action: { status: 'APPROVED' } });
    desk.pass(1);
    await Promise.all([desk.sweep(), desk.sweep()]);
    expect(await desk.approval(asked.approvalId)).toMatchObject({
      status: 'EXPIRED',
      decidedBy: 'ana',
      action: { status: 'EXPIRED', endedReason: expect.stringContaining('propose again') },
    });
    expect((await desk.trail(actionId)).filter(({ type }) => type === 'ACTION_EXPIRED')).toHaveLength(1);
  });

  test('one that goes stale behind an attempt that may have run ends in an unknown outcome, never as "did not run"', async () => {
    const { actionId, ...asked } = await desk.propose();
    await desk.done(ana, 'approveAction', asked);
    // As a connector leaves it whose attempt got no answer, and is to be made again.
    await desk.database.asServer(async (sql) => {
      await sql(
        `insert into execution_attempt (tenant_id, id, action_id, lease_epoch, connector, started_at, ended_at, result, detail, safe_to_repeat)
         select tenant_id, gen_random_uuid(), id, 1, 'webhook', now(), now(), 'unknown', 'no answer', true
         from action where id = $1`,
        [actionId],
      );
      await sql('update action set attempts = 1, lease_epoch = 1 where id = $1', [actionId]);
    });
    desk.pass(24 * HOUR);
    await desk.sweep();
    expect(await desk.approval(asked.approvalId)).toMatchObject({
      status: 'EXPIRED',
      action: { status: 'OUTCOME_UNKNOWN', endedReason: expect.stringContaining('went stale') },
    });
    expect((await desk.trail(actionId)).at(-1)).toMatchObject({ type: 'ACTION_OUTCOME_UNKNOWN' });
  });

  test('an approval whose action was started stays what it was', async () => {
    const { actionId, ...asked } = await desk.propose();
    await desk.done(ana, 'approveAction', asked);
    await desk.done(agent, 'claimAction', { actionId });
    desk.pass(25 * HOUR);
    await desk.sweep();
    expect(await desk.approval(asked.approvalId)).toMatchObject({
      status: 'APPROVED',
      action: { status: 'EXECUTING' },
    });
  });

  describe('taking back', () => {
    test('who proposed takes back what waits, and what may run and was not started', async () => {
      const { actionId, ...asked } = await desk.propose();
      expect(await desk.done(agent, 'cancelAction', { actionId, reason: 'Sent by hand' })).toMatchObject({
        status: 'CANCELLED',
        endedReason: 'agent-one took it back: Sent by hand.',
        approval: { status: 'CANCELLED' },
      });
      expect(await desk.refused(ana, 'approveAction', asked)).toMatchObject({ code: 'CONFLICT', status: 'CANCELLED' });
      const allowed = await desk.propose({ actionType: 'create_briefing' });
      expect(await desk.done(agent, 'cancelAction', { actionId: allowed.actionId })).toMatchObject({
        status: 'CANCELLED',
        approval: null,
      });
      expect(await desk.refused(agent, 'claimAction', { actionId: allowed.actionId })).toMatchObject({
        status: 'CANCELLED',
      });
      const types = [(await desk.trail(actionId)).at(-1)?.type, (await desk.trail(allowed.actionId)).at(-1)?.type];
      expect(types).toEqual(['APPROVAL_CANCELLED', 'ACTION_CANCELLED']);
    });

    test('so does whom the agent belongs to; nobody else, and nothing that has ended or begun', async () => {
      await desk.done(await desk.token('admin', 'adam'), 'setUser', {
        name: 'dora-bot',
        roles: ['AGENT'],
        owner: 'dora',
      });
      const { actionId } = await desk.propose({}, await desk.token('agent', 'dora-bot'));
      for (const stranger of [ana, agent, await desk.token('admin', 'adam')]) {
        expect(await desk.refused(stranger, 'cancelAction', { actionId })).toMatchObject({
          code: 'FORBIDDEN',
          proposedBy: 'dora-bot',
        });
      }
      const dora = await desk.token('approver', 'Dora');
      await desk.done(dora, 'cancelAction', { actionId });
      expect(await desk.refused(dora, 'cancelAction', { actionId })).toMatchObject({
        code: 'CONFLICT',
        status: 'CANCELLED',
      });
      const started = await desk.propose({ actionType: 'create_briefing' });
      await desk.done(agent, 'claimAction', { actionId: started.actionId });
      expect(await desk.refused(agent, 'cancelAction', { actionId: started.actionId })).toMatchObject({
        status: 'EXECUTING',
      });
    });
  });
});
