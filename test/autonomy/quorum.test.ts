import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATABASES } from '../support/database.js';
import { type Desk, HOUR, openDesk } from './desk.js';

const RULES = {
  send_proposal: { quorum: 2 },
  negotiate_terms: { requiredRole: 'manager' },
  discuss_pricing: { requiredRole: 'admin', fallbackRole: 'manager' },
};

describe.each(DATABASES)('how many people, and which, on %s', (kind) => {
  let desk: Desk;
  let admin: string;
  const tokens: Record<string, string> = {};
  beforeAll(async () => {
    desk = await openDesk(kind);
    await desk.enact({ rules: RULES });
    admin = await desk.token('admin', 'adam');
    for (const name of ['ana', 'ben', 'cleo']) tokens[name] = await desk.token('approver', name);
    for (const name of ['mia', 'max']) tokens[name] = await desk.token('manager', name);
  });
  afterAll(() => desk.close());
  const as = (name: string) => tokens[name] ?? '';

  test('two of two: pending after the first, approved by the second, good for as long as it was open', async () => {
    const { actionId, ...asked } = await desk.propose();
    const first = await desk.done(as('ana'), 'approveAction', { ...asked, comment: 'Fine with me' });
    expect(first).toMatchObject({
      status: 'PENDING',
      quorum: 2,
      decidedBy: null,
      action: { status: 'PENDING_APPROVAL' },
    });
    expect(first.votes).toEqual([
      { voter: 'ana', verdict: 'APPROVED', onBehalfOf: null, role: 'APPROVER', comment: 'Fine with me', current: true },
    ]);
    const agent = await desk.token('agent', 'agent-one');
    expect(await desk.refused(agent, 'claimAction', { actionId })).toMatchObject({ status: 'PENDING_APPROVAL' });
    const second = await desk.done(as('ben'), 'approveAction', asked);
    expect(second).toMatchObject({ status: 'APPROVED', decidedBy: 'ben', action: { status: 'APPROVED' } });
    expect(Date.parse(second.validUntil)).toBe(desk.now().getTime() + 24 * HOUR);
    expect((await desk.trail(actionId)).map(({ type, actor }) => [type, actor])).toEqual([
      ['APPROVAL_REQUESTED', 'agent-one'],
      ['APPROVAL_VOTED', 'ana'],
      ['APPROVAL_APPROVED', 'ben'],
    ]);
    expect((await desk.done(agent, 'claimAction', { actionId })).digest).toBe(asked.digest);
  });

  test('nobody counts twice: not in another case, not by an agent, not by an agent that came to them in between', async () => {
    await desk.done(admin, 'setUser', { name: 'ana-bot', roles: ['AGENT', 'APPROVER'], owner: 'ana' });
    const { actionId, ...asked } = await desk.propose();
    const free = await desk.token('approver', 'free-bot');
    await desk.done(free, 'approveAction', asked);
    await desk.done(admin, 'setUser', { name: 'free-bot', roles: ['AGENT', 'APPROVER'], owner: 'Ana' });
    for (const name of ['ana', 'ANA', 'ana-bot', 'free-bot', 'FREE-bot']) {
      const refusal = await desk.refused(await desk.token('approver', name), 'approveAction', asked);
      expect(refusal).toMatchObject({ code: 'CONFLICT', status: 'PENDING', votedBy: 'free-bot' });
    }
    expect(await desk.approval(asked.approvalId)).toMatchObject({ status: 'PENDING', votes: [{ voter: 'free-bot' }] });
    expect(await desk.done(as('ben'), 'approveAction', asked)).toMatchObject({ status: 'APPROVED' });
  });

  test('one rejection rejects, also by somebody who had approved', async () => {
    for (const name of ['ben', 'ana']) {
      const { actionId, ...asked } = await desk.propose();
      await desk.done(as('ana'), 'approveAction', asked);
      const rejected = await desk.done(as(name), 'rejectAction', { ...asked, reason: 'On second thoughts' });
      expect(rejected).toMatchObject({ status: 'REJECTED', decidedBy: name, comment: 'On second thoughts' });
      expect(rejected.votes).toHaveLength(2);
      expect(await desk.refused(as('cleo'), 'approveAction', asked)).toMatchObject({
        code: 'CONFLICT',
        status: 'REJECTED',
        decidedBy: name,
      });
      expect((await desk.trail(actionId)).at(-1)).toMatchObject({ type: 'APPROVAL_REJECTED', actor: name });
    }
  });

  test('a vote of somebody who was suspended since does not make up the number', async () => {
    const { actionId: _, ...asked } = await desk.propose();
    await desk.done(await desk.token('approver', 'sue'), 'approveAction', asked);
    await desk.done(admin, 'suspendUser', { name: 'sue', reason: 'left' });
    expect(await desk.done(as('ana'), 'approveAction', asked)).toMatchObject({ status: 'PENDING' });
    expect(await desk.done(as('ben'), 'approveAction', asked)).toMatchObject({ status: 'APPROVED' });
  });

  test('a required role keeps weaker ones from approving, rejecting and editing', async () => {
    const { actionId: _, ...asked } = await desk.propose({ actionType: 'negotiate_terms' });
    const needed = { code: 'FORBIDDEN', neededRoles: ['MANAGER', 'ADMIN'] };
    expect(await desk.refused(as('ana'), 'approveAction', asked)).toMatchObject(needed);
    expect(await desk.refused(as('ana'), 'rejectAction', { ...asked, reason: 'no' })).toMatchObject(needed);
    const approved = await desk.done(as('mia'), 'approveAction', asked);
    expect(approved).toMatchObject({ status: 'APPROVED', votes: [{ voter: 'mia', role: 'MANAGER' }] });
  });

  test('after half the time the fallback role may decide too, and is told', async () => {
    const after = (await desk.server.data(admin, '{ events(last: 1) { pageInfo { endCursor } } }')).events.pageInfo;
    const { actionId, ...asked } = await desk.propose({ actionType: 'discuss_pricing' });
    expect(await desk.refused(as('mia'), 'approveAction', asked)).toMatchObject({ neededRoles: ['ADMIN'] });
    desk.pass(12 * HOUR - 1);
    await desk.sweep();
    expect(await desk.approval(asked.approvalId)).toMatchObject({ escalatedAt: null });
    desk.pass(1);
    await desk.sweep();
    await desk.sweep();
    const events = await desk.trail(actionId);
    expect(events.map(({ type }) => type)).toEqual(['APPROVAL_REQUESTED', 'APPROVAL_ESCALATED']);
    expect(events[1]).toMatchObject({
      actor: 'system:escalation',
      data: { fallbackRole: 'manager', approvalId: asked.approvalId },
    });
    const told = desk.server.subscribe(
      as('mia'),
      'subscription ($after: String) { approvalRequested(after: $after, actionType: "discuss_pricing") { approval { id escalatedAt } } }',
      { after: after.endCursor },
    );
    const pushed = [await told.next(), await told.next()].map(({ data }) => data.approvalRequested.approval.id);
    await told.close();
    expect(pushed).toEqual([asked.approvalId, asked.approvalId]);
    expect(await desk.refused(as('ana'), 'approveAction', asked)).toMatchObject({ neededRoles: ['MANAGER', 'ADMIN'] });
    const approved = await desk.done(as('mia'), 'approveAction', asked);
    expect(approved).toMatchObject({ status: 'APPROVED', votes: [{ voter: 'mia', role: 'MANAGER' }] });
  });
});
