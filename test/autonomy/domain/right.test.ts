import { describe, expect, test } from 'vitest';
import type { Delegation } from '../../../src/features/autonomy/domain/delegation.js';
import { decidingRoles, heldRoles, type Lent, rightToDecide } from '../../../src/features/autonomy/domain/right.js';
import type { Role } from '../../../src/kernel/actor.js';
import { approvalOf, later, NOW } from './recorded.js';

describe('the roles a caller holds', () => {
  const proven: ReadonlySet<Role> = new Set(['approver', 'admin']);

  test.each<[string, Parameters<typeof heldRoles>[1], Role[]]>([
    ['are those proven where nothing is laid down', undefined, ['approver', 'admin']],
    ['are those proven where no roles are laid down', { roles: null, suspended: false }, ['approver', 'admin']],
    ['are those both proven and laid down', { roles: ['manager', 'admin'], suspended: false }, ['admin']],
    ['are none where all were taken away', { roles: [], suspended: false }, []],
    ['are none for who is suspended', { roles: ['admin'], suspended: true }, []],
    ['are none for who is suspended, whatever is proven', { roles: null, suspended: true }, []],
  ])('%s', (_what, laidDown, held) => {
    expect([...heldRoles(proven, laidDown)]).toEqual(held);
  });
});

describe('the roles that may decide', () => {
  test('are the required one and the stronger ones, the weakest first', () => {
    expect(decidingRoles(approvalOf({ requiredRole: 'approver' }))).toEqual(['approver', 'manager', 'admin']);
    expect(decidingRoles(approvalOf({ requiredRole: 'manager' }))).toEqual(['manager', 'admin']);
    expect(decidingRoles(approvalOf({ requiredRole: 'admin' }))).toEqual(['admin']);
  });

  test('are those of the fallback only once it is escalated, and never fewer', () => {
    const asked = { requiredRole: 'admin', fallbackRole: 'manager' } as const;
    expect(decidingRoles(approvalOf(asked))).toEqual(['admin']);
    expect(decidingRoles(approvalOf({ ...asked, escalatedAt: NOW }))).toEqual(['manager', 'admin']);
    const stricter = { requiredRole: 'approver', fallbackRole: 'admin' } as const;
    expect(decidingRoles(approvalOf({ ...stricter, escalatedAt: NOW }))).toEqual(['approver', 'manager', 'admin']);
  });
});

describe('the right to decide', () => {
  const lent = (from: string, more: Partial<Delegation> = {}, about: Partial<Lent> = {}): Lent => ({
    delegation: {
      tenantId: 'tenant-1',
      id: `from-${from}`,
      fromUser: from,
      fromRoot: from,
      toUser: 'ben',
      roles: ['manager'],
      startsAt: NOW,
      endsAt: later(24),
      reason: null,
      createdBy: from,
      createdAt: NOW,
      revokedAt: null,
      revokedBy: null,
      ...more,
    },
    standing: undefined,
    names: [from],
    ...about,
  });
  const right = (held: readonly Role[], lending: readonly Lent[] = [], proposer: readonly string[] = ['bot']) =>
    rightToDecide(approvalOf({ requiredRole: 'manager' }), new Set(held), lending, proposer);

  test('is one’s own by the weakest role that will do', () => {
    expect(right(['approver', 'manager', 'admin'])).toEqual({ role: 'manager', onBehalfOf: null, delegationId: null });
    expect(right(['admin'], [lent('ana')])).toEqual({ role: 'admin', onBehalfOf: null, delegationId: null });
  });

  test('is nobody’s whose role is too weak and to whom nothing is lent', () => {
    expect(right(['approver'])).toBeUndefined();
  });

  test('is lent to who decides on something', () => {
    expect(right(['approver'], [lent('ana')])).toEqual({
      role: 'manager',
      onBehalfOf: 'ana',
      delegationId: 'from-ana',
    });
    expect(right(['agent'], [lent('ana')])).toBeUndefined();
    expect(right([], [lent('ana')])).toBeUndefined();
  });

  test('is lent by the weakest role that will do', () => {
    expect(right(['approver'], [lent('ana', { roles: ['approver', 'manager', 'admin'] })])?.role).toBe('manager');
    expect(right(['approver'], [lent('ana', { roles: ['admin'] })])?.role).toBe('admin');
    expect(right(['approver'], [lent('ana', { roles: ['approver'] })])).toBeUndefined();
  });

  test('is lent by who could still decide', () => {
    const by = (standing: Lent['standing']) => right(['approver'], [lent('ana', {}, { standing })]);
    expect(by({ roles: ['manager'], suspended: false })).toBeDefined();
    expect(by({ roles: ['approver', 'admin'], suspended: false })).toBeUndefined();
    expect(by({ roles: null, suspended: true })).toBeUndefined();
  });

  test('is not lent by who proposed, under any name; then the next one counts', () => {
    const ana = lent('ana', {}, { names: ['ana', 'Ana-Root'] });
    expect(right(['approver'], [ana], ['bot', 'aNA-root'])).toBeUndefined();
    expect(right(['approver'], [ana, lent('cleo')], ['bot', 'ana-root'])?.onBehalfOf).toBe('cleo');
    expect(right(['approver'], [lent('dora'), lent('cleo')])?.onBehalfOf).toBe('dora');
  });
});
