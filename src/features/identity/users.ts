import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import type { EventType } from '../../kernel/events.js';
import { type Id, newId } from '../../kernel/ids.js';
import type { JsonObject } from '../../kernel/json.js';
import type { Page, PageArgs } from '../../kernel/page.js';
import type { EventWriter, Transactor, Tx } from '../../kernel/transaction.js';
import { ownerAfter, requireNotOneself, type User, type UserOrder } from './domain/principal.js';
import type { IdentityLock, UserStore } from './ports.js';

export interface UserParts {
  readonly transactor: Transactor;
  readonly lock: IdentityLock;
  readonly users: UserStore;
  readonly events: EventWriter;
  readonly clock: Clock;
  /** Told of each change that is committed: what this process remembers of the tenant's callers may be wrong. */
  readonly onChanged: (tenantId: Id) => void;
}

/** What a tenant lays down about its principals. For admins; each change and its log row commit together. */
export class UserService {
  constructor(private readonly parts: UserParts) {}

  /**
   * @throws FORBIDDEN for an admin who would take that role from themselves
   * @throws VALIDATION_FAILED for an owner that cannot be one
   */
  set(actor: Actor, order: UserOrder): Promise<User> {
    return this.change(actor, async (tx) => {
      if (!order.roles.includes('admin')) requireNotOneself(actor.name, order.name, 'give up their own role as admin');
      return this.lay(tx, actor, order);
    });
  }

  /**
   * Locks a principal out, whatever tokens and keys it has.
   *
   * @throws FORBIDDEN for oneself, or CONFLICT naming who suspended it before
   */
  suspend(actor: Actor, name: string, reason: string): Promise<User> {
    return this.change(actor, async (tx) => {
      requireNotOneself(actor.name, name, 'suspend themselves');
      const before = await this.parts.users.find(tx, name);
      if (before?.suspendedAt) throw alreadySuspended(before);
      const now = this.parts.clock.now();
      const change = { suspendedAt: now, suspendedBy: actor.name, suspendReason: reason };
      // Who had no record gets one that takes nothing else away.
      const user = { ...(before ?? newUser(tx, name, now)), ...change, updatedAt: now };
      return this.save(tx, actor, user, { type: 'user.suspended', data: { reason } });
    });
  }

  /** @throws NOT_FOUND, or CONFLICT when the principal is not suspended */
  reinstate(actor: Actor, name: string): Promise<User> {
    return this.change(actor, async (tx) => {
      const before = await this.parts.users.find(tx, name);
      if (!before) throw notFound('user', name);
      if (!before.suspendedAt) {
        throw new DomainError('CONFLICT', `${before.name} is not suspended.`, { name: before.name });
      }
      const now = this.parts.clock.now();
      const user = { ...before, suspendedAt: null, suspendedBy: null, suspendReason: null, updatedAt: now };
      return this.save(tx, actor, user, { type: 'user.reinstated', data: {} });
    });
  }

  /** By name. */
  list(actor: Actor, page: PageArgs): Promise<Page<User>> {
    return this.parts.transactor.run(actor.tenantId, (tx) => this.parts.users.list(tx, page));
  }

  count(actor: Actor): Promise<number> {
    return this.parts.transactor.run(actor.tenantId, (tx) => this.parts.users.count(tx));
  }

  /**
   * Runs a change of the tenant's principals or keys, one at a time, while the actor still is an admin: of two admins
   * who remove each other at once, only one succeeds.
   *
   * @throws FORBIDDEN
   */
  async change<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    const result = await this.parts.transactor.run(actor.tenantId, async (tx) => {
      await this.parts.lock.take(tx);
      const self = await this.parts.users.find(tx, actor.name);
      if (self?.suspendedAt || (self?.roles && !self.roles.includes('admin'))) {
        throw new DomainError('FORBIDDEN', `${actor.name} is no admin any more.`, { requiredRoles: ['admin'] });
      }
      return work(tx);
    });
    this.parts.onChanged(actor.tenantId);
    return result;
  }

  /** Lays down roles and owner; a change that changes nothing leaves no trace. Inside `change`. */
  async lay(tx: Tx, actor: Actor, order: UserOrder): Promise<User> {
    const { users, clock } = this.parts;
    const { name, roles } = order;
    const before = await users.find(tx, name);
    const owner = ownerAfter(order, {
      user: before,
      owner: order.owner === undefined ? undefined : await users.find(tx, order.owner),
      belongingToUser: await users.belongingTo(tx, name),
    });
    const isAsBefore =
      before?.roles &&
      before.owner === owner &&
      before.roles.length === new Set(roles).size &&
      roles.every((role) => before.roles?.includes(role));
    if (isAsBefore) return before;
    const now = clock.now();
    const user = { ...(before ?? newUser(tx, name, now)), roles: [...new Set(roles)], owner, updatedAt: now };
    return this.save(tx, actor, user, { type: 'user.changed', data: { roles: [...user.roles], owner } });
  }

  private async save(
    tx: Tx,
    actor: Actor,
    user: User,
    event: { readonly type: EventType; readonly data: JsonObject },
  ): Promise<User> {
    await this.parts.users.save(tx, user);
    const data = { name: user.name, ...event.data };
    await this.parts.events.append(tx, [
      { type: event.type, subjectId: user.id, data, actor: actor.name, at: user.updatedAt },
    ]);
    return user;
  }
}

/** Says nothing yet: the principal is what its token says. */
const newUser = (tx: Tx, name: string, now: Date): User => ({
  tenantId: tx.tenantId,
  id: newId(now),
  name,
  roles: null,
  owner: null,
  suspendedAt: null,
  suspendedBy: null,
  suspendReason: null,
  createdAt: now,
  updatedAt: now,
});

const alreadySuspended = ({ name, suspendedBy, suspendedAt }: User): DomainError =>
  new DomainError('CONFLICT', `${name} was suspended by ${suspendedBy} at ${suspendedAt?.toISOString()} already.`, {
    name,
    suspendedBy,
    suspendedAt: suspendedAt?.toISOString() ?? null,
  });
