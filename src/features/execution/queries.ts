import type { Actor } from '../../kernel/actor.js';
import { groupCommit } from '../../kernel/group-commit.js';
import type { Id } from '../../kernel/ids.js';
import type { Transactor } from '../../kernel/transaction.js';
import type { Attempt } from './domain/attempt.js';
import type { AttemptStore } from './ports.js';

/** Actions that share one statement. A list holds fewer. */
const TOGETHER = { maxBatch: 500, concurrency: 1 };

/** Reads what connectors tried. */
export class AttemptQueries {
  private readonly readers = new Map<Id, (actionId: Id) => Promise<readonly Attempt[]>>();

  constructor(
    private readonly transactor: Transactor,
    private readonly attempts: AttemptStore,
  ) {}

  /** Attempts at one action, the first one first. Those that are asked for at once are read in one statement. */
  ofAction({ tenantId }: Actor, actionId: Id): Promise<readonly Attempt[]> {
    let read = this.readers.get(tenantId);
    if (!read) {
      read = groupCommit((actionIds) => this.ofActions(tenantId, actionIds), TOGETHER);
      this.readers.set(tenantId, read);
    }
    return read(actionId);
  }

  private async ofActions(tenantId: Id, actionIds: readonly Id[]): Promise<readonly (readonly Attempt[])[]> {
    const found = await this.transactor.run(tenantId, (tx) => this.attempts.ofActions(tx, [...new Set(actionIds)]));
    const byAction = new Map<Id, Attempt[]>();
    for (const attempt of found) {
      const before = byAction.get(attempt.actionId);
      if (before) before.push(attempt);
      else byAction.set(attempt.actionId, [attempt]);
    }
    return actionIds.map((id) => byAction.get(id) ?? []);
  }
}
