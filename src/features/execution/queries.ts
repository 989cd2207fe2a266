import type { Actor } from '../../kernel/actor.js';
import type { Id } from '../../kernel/ids.js';
import type { Transactor } from '../../kernel/transaction.js';
import type { Attempt } from './domain/attempt.js';
import type { AttemptStore } from './ports.js';

/** Reads what connectors tried. */
export class AttemptQueries {
  constructor(
    private readonly transactor: Transactor,
    private readonly attempts: AttemptStore,
  ) {}

  /** Attempts at one action, the first one first. */
  ofAction(actor: Actor, actionId: Id): Promise<readonly Attempt[]> {
    return this.transactor.run(actor.tenantId, (tx) => this.attempts.ofActions(tx, [actionId]));
  }
}
