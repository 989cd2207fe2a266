import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import type { Page, PageArgs } from '../../kernel/page.js';
import type { EventWriter, Transactor } from '../../kernel/transaction.js';
import { policyChanges } from './domain/changes.js';
import { isSamePolicy } from './domain/parse.js';
import { EMPTY_POLICY, type PolicyDocument } from './domain/policy.js';
import type { PolicyStore, PolicyVersion } from './ports.js';

export interface PolicyParts {
  readonly transactor: Transactor;
  readonly policies: PolicyStore;
  readonly events: EventWriter;
  readonly clock: Clock;
}

/** A policy to put in force. */
export interface PolicyCommand {
  /** As `parsePolicy` returned it. */
  readonly document: PolicyDocument;
  readonly reason: string;
  /** The version it was written against. */
  readonly expectedVersion: number;
}

/** Most changes that the log carries; the versions themselves have them all. */
const MAX_LOGGED = 50;

/** Lays down and shows what a tenant's policy says. Versions are never altered. */
export class PolicyService {
  constructor(private readonly parts: PolicyParts) {}

  /** The policy in force; undefined while nothing was laid down. */
  current(actor: Actor): Promise<PolicyVersion | undefined> {
    return this.parts.transactor.run(actor.tenantId, (tx) => this.parts.policies.current(tx));
  }

  /** @throws NOT_FOUND */
  async version(actor: Actor, version: number): Promise<PolicyVersion> {
    const found = await this.parts.transactor.run(actor.tenantId, (tx) => this.parts.policies.find(tx, version));
    if (!found) throw notFound('policy version', String(version));
    return found;
  }

  /** Newest first. */
  versions(actor: Actor, page: PageArgs): Promise<Page<PolicyVersion>> {
    return this.parts.transactor.run(actor.tenantId, (tx) => this.parts.policies.list(tx, page));
  }

  countVersions(actor: Actor): Promise<number> {
    return this.parts.transactor.run(actor.tenantId, (tx) => this.parts.policies.count(tx));
  }

  /**
   * Puts a policy in force, as the next version. What is in force already stays the version it is.
   *
   * @throws CONFLICT with who and when, where another version came first
   */
  set(actor: Actor, { document, reason, expectedVersion }: PolicyCommand): Promise<PolicyVersion | undefined> {
    const { transactor, policies, events, clock } = this.parts;
    return transactor.run(actor.tenantId, async (tx) => {
      const version = await policies.lock(tx);
      const current = await policies.find(tx, version);
      const previous = current?.document ?? EMPTY_POLICY.document;
      if (isSamePolicy(previous, document)) return current;
      if (version !== expectedVersion) throw overtaken(expectedVersion, version, current);
      const at = clock.now();
      const next = { version: version + 1, document, reason, changedBy: actor.name, changedAt: at };
      await policies.put(tx, next);
      const changes = policyChanges(previous, document);
      const data = {
        version: next.version,
        previousVersion: version,
        reason,
        changes: changes.slice(0, MAX_LOGGED).map((change) => ({ ...change })),
        changeCount: changes.length,
      };
      await events.append(tx, [{ type: 'policy.changed', subjectId: actor.tenantId, data, actor: actor.name, at }]);
      return { ...next, previous };
    });
  }
}

function overtaken(expected: number, version: number, current: PolicyVersion | undefined): DomainError {
  const by = current && `, by ${current.changedBy} at ${current.changedAt.toISOString()}`;
  return new DomainError(
    'CONFLICT',
    `The policy is at version ${version}${by ?? ''}; this change was made for version ${expected}. Read it again, and send the change for version ${version}.`,
    {
      version,
      expectedVersion: expected,
      changedBy: current?.changedBy ?? null,
      changedAt: current?.changedAt.toISOString() ?? null,
      reason: current?.reason ?? null,
    },
  );
}
