import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import type { EventType } from '../../kernel/events.js';
import type { Id } from '../../kernel/ids.js';
import type { JsonObject } from '../../kernel/json.js';
import { forEach } from '../../kernel/sweep.js';
import type { EventWriter, Transactor, Tx } from '../../kernel/transaction.js';
import type { Action } from './domain/action.js';
import { actionEvent } from './domain/action-event.js';
import { isOwnProposal } from './domain/approval.js';
import type {
  ActionStore,
  ApprovalStore,
  AttemptReader,
  ExecutionQueue,
  OverdueClaim,
  Recording,
  Report,
  RootReader,
} from './ports.js';
import { recordingOf } from './recording.js';

/** What a person found out about an action of unknown outcome. */
export type ReconcileCommand = {
  readonly actionId: Id;
  /** How the person knows. */
  readonly note: string;
} & ({ readonly outcome: 'executed'; readonly result: JsonObject } | { readonly outcome: 'failed' });

export interface ReconcileParts {
  readonly transactor: Transactor;
  readonly actions: ActionStore;
  readonly approvals: ApprovalStore;
  readonly roots: RootReader;
  readonly attempts: AttemptReader;
  readonly queue: ExecutionQueue;
  readonly events: EventWriter;
  readonly clock: Clock;
}

/** Claims ended in one round of the sweep. */
const SWEEP = 200;

/** What happens when nobody knows whether an action ran: it is said, and a person finds out. */
export class ReconcileService {
  constructor(private readonly parts: ReconcileParts) {}

  /**
   * Ends claims whose time is over without a report. Whether the holder did anything before it fell silent nobody
   * knows, so nothing is tried again, but for what the other side recognises when it comes twice. Gives how many were ended.
   *
   * @throws AggregateError of those that could not be ended, after all others were
   */
  async endOverdue(): Promise<number> {
    const now = this.parts.clock.now();
    const overdue = await this.parts.actions.overdueClaims(now, SWEEP);
    return forEach(
      overdue,
      (claim) => this.parts.transactor.run(claim.tenantId, (tx) => this.giveUp(tx, claim, now)),
      'overdue claims could not be ended',
    );
  }

  /**
   * Says what became of an action of unknown outcome. Somebody else has to look than who wanted it and who ran it.
   *
   * @throws FORBIDDEN for who proposed it, who ran it, and whom those belong to; CONFLICT when its outcome is known
   */
  reconcile(actor: Actor, command: ReconcileCommand): Promise<Recording> {
    const { actionId, note, outcome } = command;
    return this.parts.transactor.run(actor.tenantId, async (tx) => {
      const action = await this.load(tx, actionId);
      await this.requireAnother(tx, actor, action);
      const at = this.parts.clock.now();
      const report: Report = {
        status: outcome,
        at,
        outcome: command.outcome === 'executed' ? command.result : null,
        failure: outcome === 'failed' ? note : null,
        endedReason: `${actor.name} found out: ${note}`,
      };
      if (!(await this.parts.actions.reconcile(tx, actionId, action.leaseEpoch, report))) {
        throw known(await this.load(tx, actionId));
      }
      await this.parts.attempts.settle(tx, action, at);
      await this.log(tx, action, { type: 'action.reconciled', actor: actor.name, at, more: { outcome, note } });
      return recordingOf(tx, this.parts, actionId);
    });
  }

  /** Conditional on the epoch and on the time: of several instances one ends it, and a renewed claim goes on. */
  private async giveUp(tx: Tx, { id, leaseEpoch }: OverdueClaim, at: Date): Promise<boolean> {
    const action = await this.load(tx, id);
    if (action.leaseEpoch !== leaseEpoch) return false;
    if ((await this.parts.attempts.isSafeToRepeat(tx, action)) === true) return this.repeat(tx, action, at);
    const reason = `${action.claimedBy} did not report before ${action.leaseUntil?.toISOString()}; it may or may not have run. Find out, then reconcile it.`;
    const report: Report = { status: 'outcome_unknown', at, outcome: null, failure: null, endedReason: reason };
    if (!(await this.parts.actions.giveUp(tx, id, leaseEpoch, report))) return false;
    await this.parts.attempts.abandon(tx, action, at);
    await this.log(tx, action, { type: 'action.outcome_unknown', actor: 'system:leases', at, more: { reason } });
    return true;
  }

  /** Whoever is reached recognises what it got before, so it is sent again, under the same key. */
  private async repeat(tx: Tx, action: Action, at: Date): Promise<boolean> {
    const { actions, approvals, attempts, queue } = this.parts;
    const to = (await approvals.ofAction(tx, action.id)) ? 'approved' : 'allowed';
    const back = { to, at, nextAttemptAt: at } as const;
    if (!(await actions.putBackOverdue(tx, action.id, action.leaseEpoch, back))) return false;
    await attempts.abandon(tx, action, at);
    await queue.enqueue(tx, action);
    const reason = `${action.claimedBy} did not report before ${action.leaseUntil?.toISOString()}`;
    await this.log(tx, action, { type: 'action.retried', actor: 'system:leases', at, more: { reason } });
    return true;
  }

  private async requireAnother(tx: Tx, actor: Actor, action: Action): Promise<void> {
    const { claimedBy, proposedBy, proposedByRoot } = action;
    const { roots } = this.parts;
    const involved = claimedBy === null ? [proposedBy] : [proposedBy, claimedBy];
    const makers = (await Promise.all(involved.map((name) => roots.keyMakersOf(tx, name)))).flat();
    const [actorRoot = actor.name, ...holders] = await roots.rootsOf(tx, [actor.name, ...involved, ...makers]);
    const concerned = [...involved, proposedByRoot, ...makers, ...holders];
    if (!isOwnProposal(concerned, [actor.name, actor.root, actorRoot])) return;
    throw new DomainError(
      'FORBIDDEN',
      'Nobody reconciles what they proposed or ran, nor what an agent that belongs to them did; ask somebody else.',
      { claimedBy, proposedBy },
    );
  }

  private async log(
    tx: Tx,
    action: Action,
    { type, actor, at, more }: { type: EventType; actor: string; at: Date; more: JsonObject },
  ): Promise<void> {
    const data = { leaseEpoch: action.leaseEpoch, ...more };
    await this.parts.events.append(tx, [actionEvent(action, { type, actor, at, data })]);
  }

  private async load(tx: Tx, actionId: Id): Promise<Action> {
    const action = await this.parts.actions.find(tx, actionId);
    if (!action) throw notFound('action', actionId);
    return action;
  }
}

const known = ({ id, status, updatedAt }: Action): DomainError =>
  new DomainError(
    'CONFLICT',
    `The action is ${status} since ${updatedAt.toISOString()}; reconciling is for outcome_unknown.`,
    { actionId: id, status, since: updatedAt.toISOString() },
  );
