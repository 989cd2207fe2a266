import type { Actor, Role } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import type { Id } from '../../kernel/ids.js';
import type { EventWriter, Transactor, Tx } from '../../kernel/transaction.js';
import { type Action, isDue, statesBefore, wasReconciled } from './domain/action.js';
import { actionEvent } from './domain/action-event.js';
import type { ActionStore, ApprovalStore, ExecutionQueue, Recording } from './ports.js';
import { recordingOf } from './recording.js';

export interface DispatchParts {
  readonly transactor: Transactor;
  readonly actions: ActionStore;
  readonly approvals: ApprovalStore;
  readonly queue: ExecutionQueue;
  readonly events: EventWriter;
  readonly clock: Clock;
}

/** Hands actions to their connectors when somebody asks for it: now instead of later, or once more. */
export class DispatchService {
  constructor(private readonly parts: DispatchParts) {}

  /**
   * Wakes the connector of an allowed or approved action now. Waking it twice runs nothing twice. Before the next
   * attempt is due only people do: an agent would use up all attempts while the receiver is down.
   *
   * @throws CONFLICT where an agent is to run it, it is not waiting to be run, or an agent is too early
   */
  execute(actor: Actor, actionId: Id): Promise<Recording> {
    return this.parts.transactor.run(actor.tenantId, async (tx) => {
      const action = await this.held(tx, actionId);
      requireConnector(action);
      if (!statesBefore('executing').includes(action.status)) {
        throw conflict(action, `expected ${statesBefore('executing').join(' or ')}`);
      }
      const now = this.parts.clock.now();
      if (!isDue(action, now)) {
        if (!HURRIERS.some((role) => actor.roles.has(role))) {
          throw conflict(
            action,
            `its next attempt is due at ${action.nextAttemptAt?.toISOString()}; a manager may hurry it`,
          );
        }
        await this.parts.actions.hurry(tx, actionId, now);
      }
      await this.parts.queue.enqueue(tx, action);
      return recordingOf(tx, this.parts, actionId);
    });
  }

  /**
   * Lets the connector try an action that it gave up once more. Everything is checked again; what was sent before is
   * sent under the same key.
   *
   * @throws CONFLICT where an agent ran it, it did not fail, or a person said that it did not run
   */
  retry(actor: Actor, actionId: Id): Promise<Recording> {
    return this.parts.transactor.run(actor.tenantId, async (tx) => {
      const action = await this.held(tx, actionId);
      requireConnector(action);
      if (wasReconciled(action)) {
        throw conflict(action, 'a person found out what became of it, and it is not tried again. Propose it anew');
      }
      const at = this.parts.clock.now();
      const to = (await this.parts.approvals.ofAction(tx, actionId)) ? 'approved' : 'allowed';
      if (
        action.status !== 'failed' ||
        !(await this.parts.actions.putBackFailed(tx, actionId, action.leaseEpoch, { to, at, nextAttemptAt: at }))
      ) {
        throw conflict(action, 'expected failed');
      }
      await this.parts.queue.enqueue(tx, action);
      const data = { leaseEpoch: action.leaseEpoch, reason: `asked for by ${actor.name}` };
      await this.parts.events.append(tx, [
        actionEvent(action, { type: 'action.retried', actor: actor.name, at, data }),
      ]);
      return recordingOf(tx, this.parts, actionId);
    });
  }

  private async held(tx: Tx, actionId: Id): Promise<Action> {
    const action = await this.parts.actions.lock(tx, actionId);
    if (!action) throw notFound('action', actionId);
    return action;
  }
}

/** Who may have the next attempt made before it is due. */
const HURRIERS: readonly Role[] = ['manager', 'admin'];

function requireConnector(action: Action): void {
  if (action.connector === 'agent') throw conflict(action, 'an agent claims it and runs it, not the server');
}

const conflict = ({ id, status, connector, updatedAt }: Action, needed: string): DomainError =>
  new DomainError('CONFLICT', `The action is ${status} since ${updatedAt.toISOString()}; ${needed}.`, {
    actionId: id,
    status,
    connector,
    since: updatedAt.toISOString(),
  });
