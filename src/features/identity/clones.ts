import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import { type Id, newId } from '../../kernel/ids.js';
import type { EventWriter, Transactor, Tx } from '../../kernel/transaction.js';
import type { Clone, CloneStore, IdentityLock } from './ports.js';

export interface CloneParts {
  readonly transactor: Transactor;
  readonly lock: IdentityLock;
  readonly clones: CloneStore;
  readonly events: EventWriter;
  readonly clock: Clock;
}

/** What may be changed of a clone; undefined leaves it as it is. The short name stays: others refer to it. */
export interface CloneChange {
  readonly name: string | undefined;
  readonly description: string | null | undefined;
}

/** The agent personas of a tenant. */
export class CloneService {
  constructor(private readonly parts: CloneParts) {}

  /** By short name. */
  list(actor: Actor): Promise<readonly Clone[]> {
    return this.parts.transactor.run(actor.tenantId, (tx) => this.parts.clones.list(tx));
  }

  /** @throws CONFLICT when the short name is taken */
  create(actor: Actor, order: Pick<Clone, 'slug' | 'name' | 'description'>): Promise<Clone> {
    return this.parts.transactor.run(actor.tenantId, async (tx) => {
      await this.parts.lock.take(tx);
      const taken = await this.parts.clones.bySlug(tx, order.slug);
      if (taken) {
        throw new DomainError('CONFLICT', `The short name ${order.slug} is taken by another clone; choose another.`, {
          cloneId: taken.id,
        });
      }
      const now = this.parts.clock.now();
      return this.save(tx, actor, { tenantId: tx.tenantId, id: newId(now), ...order, createdAt: now });
    });
  }

  /** @throws NOT_FOUND */
  update(actor: Actor, id: Id, { name, description }: CloneChange): Promise<Clone> {
    return this.parts.transactor.run(actor.tenantId, async (tx) => {
      await this.parts.lock.take(tx);
      const before = await this.parts.clones.find(tx, id);
      if (!before) throw notFound('clone', id);
      const clone = {
        ...before,
        name: name ?? before.name,
        description: description === undefined ? before.description : description,
      };
      if (clone.name === before.name && clone.description === before.description) return before;
      return this.save(tx, actor, clone);
    });
  }

  private async save(tx: Tx, actor: Actor, clone: Clone): Promise<Clone> {
    await this.parts.clones.save(tx, clone);
    const { id, slug, name, description } = clone;
    const at = this.parts.clock.now();
    await this.parts.events.append(tx, [
      { type: 'clone.changed', subjectId: id, data: { slug, name, description }, actor: actor.name, at },
    ]);
    return clone;
  }
}
