import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATABASES } from '../support/database.js';
import { type Desk, HOUR, openDesk } from './desk.js';

const DAY = 24 * HOUR;

describe.each(DATABASES)('deciding in somebody else’s place, on %s', (kind) => {
  let desk: Desk;
  let admin: string;
  beforeAll(async () => {
    desk = await openDesk(kind);
    admin = await desk.token('admin', 'adam');
    await desk.enact({
      rules: { negotiate_terms: { requiredRole: 'manager' }, send_proposal: { requiredRole: 'manager', quorum: 2 } },
    });
  });
  afterAll(() => desk.close());
  const manager = (name: string) => desk.token('manager', name);
  const approver = (name: string) => desk.token('approver', name);
  const until = (ms: number) => new Date(desk.now().getTime() + ms).toISOString();
  const lend = async (from: string, to: string, ms = DAY) =>
    desk.done(await manager(from), 'delegateApprovals', { to, until: until(ms), reason: 'On holiday' });
  const asked = async (token?: string) => {
    const { actionId, ...shown } = await desk.propose({ actionType: 'negotiate_terms' }, token);
    return { actionId, shown };
  };

  test('counts as theirs, is noted, and holds at the claim as long as both may still decide', async () => {
    const lent = await lend('mia', 'ben');
    expect(lent).toMatchObject({ from: 'mia', to: 'ben', roles: ['MANAGER'], revokedAt: null });
    const { actionId, shown } = await asked();
    const approved = await desk.done(await approver('BEN'), 'approveAction', shown);
    expect(approved).toMatchObject({
      status: 'APPROVED',
      decidedBy: 'BEN',
      votes: [{ voter: 'BEN', onBehalfOf: 'mia', role: 'MANAGER' }],
    });
    await desk.done(admin, 'suspendUser', { name: 'ben', reason: 'left' });
    const agent = await desk.token('agent', 'agent-one');
    expect(await desk.refused(agent, 'claimAction', { actionId })).toMatchObject({ reason: 'approver_lost_authority' });
    await desk.done(admin, 'reinstateUser', { name: 'ben' });
    await desk.done(await manager('mia'), 'revokeDelegation', { delegationId: lent.id });
  });

  test('not before, not after its end, not once it was taken back', async () => {
    const { shown } = await asked();
    const token = await approver('cleo');
    const refused = () => desk.refused(token, 'approveAction', shown);
    expect(await refused()).toMatchObject({ code: 'FORBIDDEN', neededRoles: ['MANAGER', 'ADMIN'] });
    const first = await lend('mia', 'cleo', HOUR);
    desk.pass(HOUR);
    expect(await refused()).toMatchObject({ code: 'FORBIDDEN' });
    const second = await lend('mia', 'cleo');
    await desk.done(admin, 'revokeDelegation', { delegationId: second.id });
    expect(await refused()).toMatchObject({ code: 'FORBIDDEN' });
    expect(await desk.refused(await manager('mia'), 'revokeDelegation', { delegationId: second.id })).toMatchObject({
      code: 'CONFLICT',
      revokedBy: 'adam',
    });
    expect(await desk.refused(await manager('max'), 'revokeDelegation', { delegationId: first.id })).toMatchObject({
      code: 'FORBIDDEN',
      from: 'mia',
    });
    await lend('mia', 'cleo');
    expect(await desk.done(token, 'approveAction', shown)).toMatchObject({ status: 'APPROVED' });
  });

  test('not when who lent it was suspended, lost the role, or proposed it, itself or by an agent', async () => {
    await lend('dora', 'emil');
    const token = await approver('emil');
    await desk.done(admin, 'setUser', { name: 'dora-bot', roles: ['AGENT'], owner: 'Dora' });
    for (const proposer of [await manager('DORA'), await desk.token('agent', 'dora-bot')]) {
      const { shown } = await asked(proposer);
      expect(await desk.refused(token, 'approveAction', shown)).toMatchObject({
        code: 'FORBIDDEN',
        neededRoles: ['MANAGER', 'ADMIN'],
      });
    }
    const { shown } = await asked();
    await desk.done(admin, 'suspendUser', { name: 'dora', reason: 'left' });
    expect(await desk.refused(token, 'approveAction', shown)).toMatchObject({ code: 'FORBIDDEN' });
    await desk.done(admin, 'reinstateUser', { name: 'dora' });
    await desk.done(admin, 'setUser', { name: 'dora', roles: ['APPROVER'] });
    expect(await desk.refused(token, 'approveAction', shown)).toMatchObject({ code: 'FORBIDDEN' });
    await desk.done(admin, 'setUser', { name: 'dora', roles: ['MANAGER'] });
    expect(await desk.done(token, 'approveAction', shown)).toMatchObject({ status: 'APPROVED' });
  });

  test('is no chain and no circle: what is lent is not lent on, and comes back to nobody', async () => {
    await lend('gina', 'hugo');
    const hugo = await approver('hugo');
    const on = { to: 'ida', until: until(DAY), reason: 'x', roles: ['MANAGER'] };
    expect(await desk.refused(hugo, 'delegateApprovals', on)).toMatchObject({
      code: 'FORBIDDEN',
      missing: ['manager'],
    });
    await desk.done(hugo, 'delegateApprovals', { ...on, roles: null });
    await desk.done(await approver('ida'), 'delegateApprovals', { ...on, to: 'hugo', roles: null });
    const { shown } = await asked();
    expect(await desk.refused(await approver('ida'), 'approveAction', shown)).toMatchObject({ code: 'FORBIDDEN' });
    const { shown: own } = await asked(await manager('gina'));
    expect(await desk.refused(hugo, 'approveAction', own)).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('makes one person of two: neither counts beside the other', async () => {
    await lend('karl', 'lea');
    const { actionId: _, ...shown } = await desk.propose();
    await desk.done(await approver('lea'), 'approveAction', shown);
    expect(await desk.refused(await manager('karl'), 'approveAction', shown)).toMatchObject({
      code: 'CONFLICT',
      votedBy: 'lea',
    });
    expect(await desk.refused(await manager('lea'), 'approveAction', shown)).toMatchObject({
      code: 'CONFLICT',
      votedBy: 'lea',
    });
    expect(await desk.done(await manager('mia'), 'approveAction', shown)).toMatchObject({ status: 'APPROVED' });
  });

  test('is lent to somebody else who decides already, with an end, by who holds it', async () => {
    const token = await manager('mia');
    const good = { to: 'nora', until: until(DAY), reason: 'x' };
    await desk.done(admin, 'setUser', { name: 'mia-bot', roles: ['AGENT', 'APPROVER'], owner: 'mia' });
    await desk.done(admin, 'setUser', { name: 'a-bot', roles: ['AGENT'] });
    const issues = async (more: object) =>
      (await desk.refused(token, 'delegateApprovals', { ...good, ...more })).issues?.[0].path;
    for (const to of ['mia', 'MIA', 'mia-bot', 'a-bot'])
      expect([to, await issues({ to })]).toEqual([to, ['input', 'to']]);
    expect(await issues({ until: until(0) })).toEqual(['input', 'until']);
    expect(await issues({ until: until(90 * DAY + 1) })).toEqual(['input', 'until']);
    expect(await desk.refused(token, 'delegateApprovals', { ...good, roles: ['ADMIN'] })).toMatchObject({
      code: 'FORBIDDEN',
    });
    const { delegations } = await desk.server.data(
      token,
      '{ delegations(first: 2) { totalCount edges { node { from to } } } }',
    );
    expect(delegations.edges).toHaveLength(2);
  });
});
