import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import type { EventType } from '../../kernel/events.js';
import type { Id } from '../../kernel/ids.js';
import type { JsonObject } from '../../kernel/json.js';
import type { EventWriter, Transactor, Tx } from '../../kernel/transaction.js';
import { classifyAction } from '../guardrails/index.js';
import { type Action, statesBefore } from './domain/action.js';
import { canonicalAction, payloadOf, sha256 } from './domain/canonical.js';
import type { ActionStore, ApprovalStore, Recording, Report } from './ports.js';

/** What the holder of a claim reports. */
export type ReportCommand = { readonly actionId: Id; readonly leaseEpoch: number } & (
  | { readonly ended: 'executed'; readonly result: JsonObject }
  | { readonly ended: 'failed'; readonly error: string }
);

export interface RunParts {
  readonly transactor: Transactor;
  readonly actions: ActionStore;
  readonly approvals: ApprovalStore;
  readonly events: EventWriter;
  readonly clock: Clock;
}

/** An agent takes an action, runs it, and reports: exactly what was signed, at most once. */
export class RunService {
  constructor(private readonly parts: RunParts) {}

  /**
   * Hands the action to one claimer.
   *
   * @throws HARD_STOP, DIGEST_MISMATCH when the record was tampered with, or CONFLICT with the state it is in
   */
  claim(actor: Actor, actionId: Id, leaseSeconds: number): Promise<Recording> {
    return this.parts.transactor.run(actor.tenantId, async (tx) => {
      const action = await this.load(tx, actionId);
      if (action.status === 'blocked' || classifyAction(action.actionType) === 'hard_stop') {
        throw new DomainError(
          'HARD_STOP',
          `${action.actionType} is a hard stop: the server never runs it. A person does it, outside.`,
          { actionId },
        );
      }
      const now = this.parts.clock.now();
      const leaseUntil = new Date(now.getTime() + leaseSeconds * 1000);
      await this.requireAsSigned(tx, action);
      if (!(await this.parts.actions.claim(tx, actionId, { by: actor.name, at: now, leaseUntil }))) {
        throw conflict(await this.load(tx, actionId), `claiming needs ${statesBefore('executing').join(' or ')}`);
      }
      return this.record(tx, { actionId, type: 'action.claimed', actor, at: now });
    });
  }

  /** @throws CONFLICT when the reporter does not hold the claim of that epoch any more */
  report(actor: Actor, command: ReportCommand): Promise<Recording> {
    const { actionId, leaseEpoch } = command;
    return this.parts.transactor.run(actor.tenantId, async (tx) => {
      const action = await this.load(tx, actionId);
      const at = this.parts.clock.now();
      const report: Report =
        command.ended === 'executed'
          ? { status: 'executed', at, outcome: command.result, failure: null }
          : { status: 'failed', at, outcome: null, failure: command.error };
      const holds = action.claimedBy === actor.name;
      if (!holds || !(await this.parts.actions.report(tx, actionId, leaseEpoch, report))) {
        throw conflict(
          await this.load(tx, actionId),
          `reporting needs the running claim, by ${actor.name}, of epoch ${leaseEpoch}`,
        );
      }
      return this.record(tx, { actionId, type: `action.${command.ended}`, actor, at });
    });
  }

  private async record(
    tx: Tx,
    { actionId, type, actor, at }: { actionId: Id; type: EventType; actor: Actor; at: Date },
  ): Promise<Recording> {
    const action = await this.load(tx, actionId);
    const { digest, leaseEpoch, actionType, accountId, cloneId } = action;
    const data = { actionType, digest, leaseEpoch, accountId, cloneId };
    await this.parts.events.append(tx, [{ type, subjectId: actionId, data, actor: actor.name, at }]);
    return { action, approval: (await this.parts.approvals.ofAction(tx, actionId)) ?? null };
  }

  /** What runs is, byte for byte, what was recorded and, where a person was asked, what that person signed. */
  private async requireAsSigned(tx: Tx, action: Action): Promise<void> {
    const rebuilt = canonicalAction({ ...pick(action), payload: payloadOf(action.canonical) });
    const approval = await this.parts.approvals.ofAction(tx, action.id);
    const signed = approval?.digest ?? action.digest;
    // The text too: two texts may parse alike (a key that stands twice, a key more), and the text is what is handed out.
    if (rebuilt.canonical === action.canonical && rebuilt.digest === signed && action.digest === signed) return;
    throw new DomainError(
      'DIGEST_MISMATCH',
      'What is stored is not what was signed; it will not run. Tell the operator.',
      {
        actionId: action.id,
        signed,
        stored: sha256(action.canonical),
      },
    );
  }

  private async load(tx: Tx, actionId: Id): Promise<Action> {
    const action = await this.parts.actions.find(tx, actionId);
    if (!action) throw notFound('action', actionId);
    return action;
  }
}

const pick = ({ tenantId, actionType, accountId, dealId, cloneId }: Action) => ({
  tenantId,
  actionType,
  accountId,
  dealId,
  cloneId,
});

const conflict = ({ id, status, claimedBy, leaseEpoch, updatedAt }: Action, needed: string): DomainError =>
  new DomainError('CONFLICT', `The action is ${status} since ${updatedAt.toISOString()}; ${needed}.`, {
    actionId: id,
    status,
    claimedBy,
    leaseEpoch,
    since: updatedAt.toISOString(),
  });
