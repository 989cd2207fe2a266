import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import type { Id } from '../../kernel/ids.js';
import type { EventWriter, Transactor, Tx } from '../../kernel/transaction.js';
import { closingOf } from './closing.js';
import { type Action, statesBefore } from './domain/action.js';
import { actionEvent } from './domain/action-event.js';
import { isOwnProposal } from './domain/approval.js';
import type { ActionStore, ApprovalStore, AttemptReader, Recording, RootReader } from './ports.js';
import { recordingOf } from './recording.js';

export interface CancelParts {
  readonly transactor: Transactor;
  readonly actions: ActionStore;
  readonly approvals: ApprovalStore;
  readonly attempts: AttemptReader;
  readonly roots: RootReader;
  readonly events: EventWriter;
  readonly clock: Clock;
}

/** Taking back what was proposed and has not been decided, or not been started. */
export class CancelService {
  constructor(private readonly parts: CancelParts) {}

  /**
   * For the proposer, and for whoever answers for it.
   *
   * @throws NOT_FOUND, FORBIDDEN for anybody else, CONFLICT with the state that it is in
   */
  cancel(actor: Actor, actionId: Id, reason: string | null): Promise<Recording> {
    return this.parts.transactor.run(actor.tenantId, async (tx) => {
      const { actions, approvals, attempts, clock, events } = this.parts;
      const action = await actions.lock(tx, actionId);
      if (!action) throw notFound('action', actionId);
      await this.requireOwn(tx, actor, action);
      if (!statesBefore('cancelled').includes(action.status)) throw tooLate(action);
      const at = clock.now();
      const said = `${actor.name} took it back${reason === null ? '' : `: ${reason}`}.`;
      const planned = { status: 'cancelled' as const, endedReason: said };
      const { status, endedReason } = await closingOf(tx, attempts, action, planned);
      if (!(await actions.move(tx, actionId, status, at, endedReason))) {
        throw new Error(`action ${actionId} was held as ${action.status} and could not be cancelled`);
      }
      const approval = await approvals.ofAction(tx, actionId);
      if (approval) await approvals.withdraw(tx, approval.id, 'cancelled');
      const data = { approvalId: approval?.id ?? null, reason };
      const cancelled = approval ? 'approval.cancelled' : 'action.cancelled';
      const type = status === 'outcome_unknown' ? 'action.outcome_unknown' : cancelled;
      await events.append(tx, [actionEvent(action, { type, actor: actor.name, at, data })]);
      return recordingOf(tx, this.parts, actionId);
    });
  }

  private async requireOwn(tx: Tx, actor: Actor, { proposedBy }: Action): Promise<void> {
    const [proposerRoot = proposedBy, root = actor.name] = await this.parts.roots.rootsOf(tx, [proposedBy, actor.name]);
    // Who had the agent once has no say any more; who has it now answers for what it proposed before.
    if (isOwnProposal([proposedBy, proposerRoot], [actor.name, root])) return;
    throw new DomainError('FORBIDDEN', 'Only who proposed an action, or who answers for them, takes it back.', {
      proposedBy,
    });
  }
}

const tooLate = ({ id, status, updatedAt }: Action): DomainError =>
  new DomainError(
    'CONFLICT',
    `The action is ${status} since ${updatedAt.toISOString()}; taking it back needs ${statesBefore('cancelled').join(' or ')}.`,
    { actionId: id, status, since: updatedAt.toISOString() },
  );
