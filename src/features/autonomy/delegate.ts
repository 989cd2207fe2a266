import type { Actor } from '../../kernel/actor.js';
import { nameKey } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import type { EventType } from '../../kernel/events.js';
import { type Id, newId } from '../../kernel/ids.js';
import type { Page, PageArgs } from '../../kernel/page.js';
import type { EventWriter, Transactor, Tx } from '../../kernel/transaction.js';
import { type Delegation, type DelegationOrder, rolesToLend } from './domain/delegation.js';
import { heldRoles } from './domain/right.js';
import type { AuthorityReader, DelegationStore, RootReader } from './ports.js';

export interface DelegateParts {
  readonly transactor: Transactor;
  readonly delegations: DelegationStore;
  readonly roots: RootReader;
  readonly authority: AuthorityReader;
  readonly events: EventWriter;
  readonly clock: Clock;
}

/** Lending one's right to decide to somebody else, for a time. */
export class DelegateService {
  constructor(private readonly parts: DelegateParts) {}

  /** @throws VALIDATION_FAILED or FORBIDDEN for what cannot be lent, see `rolesToLend` */
  delegate(actor: Actor, order: DelegationOrder & { readonly reason: string }): Promise<Delegation> {
    return this.parts.transactor.run(actor.tenantId, async (tx) => {
      const { authority, roots, delegations, clock } = this.parts;
      const now = clock.now();
      const { to, until, reason } = order;
      const [own, standing] = await authority.laidDown(tx, [actor.name, to]);
      const [fromRoot = actor.name, toRoot = to] = await roots.rootsOf(tx, [actor.name, to]);
      const roles = rolesToLend(order, {
        now,
        held: heldRoles(actor.roles, own),
        fromNames: [actor.name, actor.root, fromRoot],
        toNames: [to, toRoot],
        standing,
      });
      const delegation: Delegation = {
        tenantId: actor.tenantId,
        id: newId(now),
        fromUser: actor.name,
        fromRoot,
        toUser: to,
        roles,
        startsAt: now,
        endsAt: until,
        reason,
        createdBy: actor.name,
        createdAt: now,
        revokedAt: null,
        revokedBy: null,
      };
      await delegations.insert(tx, delegation);
      await this.log(tx, delegation, { type: 'delegation.created', actor, at: now });
      return delegation;
    });
  }

  /**
   * For whoever lent it, and admins.
   *
   * @throws NOT_FOUND, FORBIDDEN, or CONFLICT naming who took it back before
   */
  revoke(actor: Actor, id: Id): Promise<Delegation> {
    return this.parts.transactor.run(actor.tenantId, async (tx) => {
      const { delegations, clock } = this.parts;
      const delegation = await delegations.find(tx, id);
      if (!delegation) throw notFound('delegation', id);
      const { fromUser } = delegation;
      if (nameKey(fromUser) !== nameKey(actor.name) && !actor.roles.has('admin')) {
        throw new DomainError('FORBIDDEN', `Only ${fromUser} and admins take this back.`, { from: fromUser });
      }
      const at = clock.now();
      if (!(await delegations.revoke(tx, id, actor.name, at))) {
        const { revokedBy, revokedAt } = (await delegations.find(tx, id)) ?? delegation;
        throw new DomainError('CONFLICT', `${revokedBy} took this back at ${revokedAt?.toISOString()} already.`, {
          delegationId: id,
          revokedBy,
          revokedAt: revokedAt?.toISOString() ?? null,
        });
      }
      await this.log(tx, delegation, { type: 'delegation.revoked', actor, at });
      return { ...delegation, revokedAt: at, revokedBy: actor.name };
    });
  }

  /** Newest first, those that have ended too. */
  list(actor: Actor, page: PageArgs): Promise<Page<Delegation>> {
    return this.parts.transactor.run(actor.tenantId, (tx) => this.parts.delegations.list(tx, page));
  }

  count(actor: Actor): Promise<number> {
    return this.parts.transactor.run(actor.tenantId, (tx) => this.parts.delegations.count(tx));
  }

  private log(
    tx: Tx,
    { id, fromUser, toUser, roles, endsAt, reason }: Delegation,
    { type, actor, at }: { readonly type: EventType; readonly actor: Actor; readonly at: Date },
  ): Promise<void> {
    const data = { from: fromUser, to: toUser, roles: [...roles], endsAt: endsAt.toISOString(), reason };
    return this.parts.events.append(tx, [{ type, subjectId: id, data, actor: actor.name, at }]);
  }
}
