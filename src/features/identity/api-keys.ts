import { randomBytes } from 'node:crypto';
import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DomainError, invalid, notFound } from '../../kernel/errors.js';
import { type Id, newId } from '../../kernel/ids.js';
import type { Page, PageArgs } from '../../kernel/page.js';
import type { EventWriter, Transactor, Tx } from '../../kernel/transaction.js';
import { type ApiKey, hashOf, toSecret } from './domain/api-key.js';
import { isSamePrincipal, requireNotOneself } from './domain/principal.js';
import type { ApiKeyStore, CloneStore, UserStore } from './ports.js';
import type { UserService } from './users.js';

export interface ApiKeyOrder {
  readonly name: string;
  readonly agent: string;
  /** The person the agent belongs to; null: as laid down already, or nobody. */
  readonly owner: string | null;
  readonly cloneId: Id | null;
  readonly expiresAt: Date | null;
}

/** A key with who answers for its agent now. */
export interface OwnedApiKey {
  readonly key: ApiKey;
  readonly root: string;
}

/** A new key, and the only sight of its secret. */
export interface NewApiKey extends OwnedApiKey {
  readonly secret: string;
}

export interface ApiKeyParts {
  readonly transactor: Transactor;
  readonly keys: ApiKeyStore;
  readonly users: UserStore;
  readonly clones: CloneStore;
  readonly events: EventWriter;
  readonly clock: Clock;
}

/** API keys of agents. For admins; each change and its log row commit together. */
export class ApiKeyService {
  constructor(
    private readonly parts: ApiKeyParts,
    private readonly people: UserService,
  ) {}

  /**
   * Makes a key. Whom the agent belongs to is laid down about the agent, not about the key, so that it holds for its
   * other keys and tokens too.
   *
   * @throws FORBIDDEN for an admin who would become somebody's agent
   * @throws VALIDATION_FAILED for an end that is over, a clone that does not exist, an agent that may not be one, or
   *   an owner that contradicts what is laid down
   */
  create(actor: Actor, order: ApiKeyOrder): Promise<NewApiKey> {
    const { name, cloneId, expiresAt } = order;
    return this.people.change(actor, async (tx) => {
      const { keys, users, events, clock } = this.parts;
      const now = clock.now();
      if (expiresAt !== null && expiresAt <= now) {
        throw invalid(['input', 'expiresAt'], `expected a time to come, got ${expiresAt.toISOString()}.`);
      }
      await this.requireClone(tx, cloneId);
      const agent = await this.agentOf(tx, actor, order);
      const publicId = randomBytes(10).toString('hex');
      const secret = toSecret(publicId, randomBytes(32).toString('base64url'));
      const key: ApiKey = {
        tenantId: tx.tenantId,
        id: newId(now),
        publicId,
        name,
        agent,
        cloneId,
        createdBy: actor.name,
        createdAt: now,
        expiresAt,
        revokedAt: null,
        revokedBy: null,
      };
      await keys.insert(tx, key, hashOf(secret));
      const [root = agent] = await users.rootsOf(tx, [agent]);
      const data = { name, publicId, agent, root, cloneId, expiresAt: expiresAt?.toISOString() ?? null };
      await events.append(tx, [{ type: 'api_key.created', subjectId: key.id, data, actor: actor.name, at: now }]);
      return { key, root, secret };
    });
  }

  /** Ends a key for good. @throws NOT_FOUND, or CONFLICT naming who revoked it before */
  revoke(actor: Actor, id: Id): Promise<OwnedApiKey> {
    return this.people.change(actor, async (tx) => {
      const { keys, events, clock } = this.parts;
      const now = clock.now();
      const before = await keys.find(tx, id);
      if (!before) throw notFound('API key', id);
      if (!(await keys.revoke(tx, id, actor.name, now))) throw alreadyRevoked(before);
      const { name, publicId, agent } = before;
      const data = { name, publicId, agent };
      await events.append(tx, [{ type: 'api_key.revoked', subjectId: id, data, actor: actor.name, at: now }]);
      const [owned] = await this.withRoots(tx, [{ ...before, revokedAt: now, revokedBy: actor.name }]);
      if (!owned) throw new Error('a key without a root');
      return owned;
    });
  }

  /** Newest first, with those that have ended. */
  list(actor: Actor, page: PageArgs): Promise<Page<OwnedApiKey>> {
    return this.parts.transactor.run(actor.tenantId, async (tx) => {
      const found = await this.parts.keys.list(tx, page);
      const owned = await this.withRoots(
        tx,
        found.edges.map(({ node }) => node),
      );
      const edges = found.edges.flatMap(({ cursor }, index) => {
        const node = owned[index];
        return node ? [{ cursor, node }] : [];
      });
      return { ...found, edges };
    });
  }

  count(actor: Actor): Promise<number> {
    return this.parts.transactor.run(actor.tenantId, (tx) => this.parts.keys.count(tx));
  }

  private async withRoots(tx: Tx, keys: readonly ApiKey[]): Promise<readonly OwnedApiKey[]> {
    const roots = await this.parts.users.rootsOf(
      tx,
      keys.map(({ agent }) => agent),
    );
    return keys.map((key, index) => ({ key, root: roots[index] ?? key.agent }));
  }

  private async requireClone(tx: Tx, cloneId: Id | null): Promise<void> {
    if (cloneId === null || (await this.parts.clones.find(tx, cloneId))) return;
    throw invalid(['input', 'cloneId'], `there is no clone with id "${cloneId}".`);
  }

  /** The agent's name as it is known, once it is sure that it may be one and belongs to whom the order says. */
  private async agentOf(tx: Tx, actor: Actor, { agent, owner }: ApiKeyOrder): Promise<string> {
    const known = await this.parts.users.find(tx, agent);
    if (known?.roles && !known.roles.includes('agent')) {
      throw invalid(['input', 'agent'], `${known.name} may not be an agent; give it that role with setUser first.`);
    }
    if (owner === null) return known?.name ?? agent;
    if (!known) {
      requireNotOneself(actor.name, agent, 'make themselves somebody’s agent');
      return (await this.people.lay(tx, actor, { name: agent, roles: ['agent'], owner })).name;
    }
    const [root = owner] = await this.parts.users.rootsOf(tx, [owner]);
    if (isSamePrincipal(root, known.owner ?? known.name)) return known.name;
    throw invalid(
      ['input', 'owner'],
      `${known.name} belongs to ${known.owner ?? 'nobody but itself'}, not to ${owner}; change that with setUser first.`,
    );
  }
}

const alreadyRevoked = ({ id, revokedBy, revokedAt }: ApiKey): DomainError =>
  new DomainError('CONFLICT', `The key was revoked by ${revokedBy} at ${revokedAt?.toISOString()} already.`, {
    apiKeyId: id,
    revokedBy,
    revokedAt: revokedAt?.toISOString() ?? null,
  });
