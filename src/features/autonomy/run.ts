import { type Actor, nameKey } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import type { EventType } from '../../kernel/events.js';
import type { Id } from '../../kernel/ids.js';
import type { JsonObject } from '../../kernel/json.js';
import type { EventWriter, Transactor, Tx } from '../../kernel/transaction.js';
import { classifyAction } from '../guardrails/index.js';
import type { ControlReader } from '../policy/index.js';
import { type Action, statesBefore } from './domain/action.js';
import type { ActionStore, ApprovalStore, Recording, Report } from './ports.js';
import type { Readiness } from './readiness.js';

/** What the holder of a claim reports. */
export type ReportCommand = { readonly actionId: Id; readonly leaseEpoch: number } & (
  | { readonly ended: 'executed'; readonly result: JsonObject }
  | { readonly ended: 'failed'; readonly error: string }
);

/** The holder of a claim needs more time. */
export interface RenewCommand {
  readonly actionId: Id;
  readonly leaseEpoch: number;
  readonly leaseSeconds: number;
}

export interface RunParts {
  readonly transactor: Transactor;
  readonly actions: ActionStore;
  readonly approvals: ApprovalStore;
  readonly control: ControlReader;
  readonly readiness: Readiness;
  readonly events: EventWriter;
  readonly clock: Clock;
}

/** An agent takes an action, runs it, and reports: exactly what was signed, at most once. */
export class RunService {
  constructor(private readonly parts: RunParts) {}

  /**
   * Hands the action to one claimer, after everything that was checked before has been checked again. What has moved
   * since withdraws the action, or asks a person where none was asked before; that is kept even though the claim fails.
   *
   * @throws HARD_STOP, PAUSED, EXPIRED, DIGEST_MISMATCH when the record was tampered with, or CONFLICT with the state
   *   it is in now
   */
  async claim(actor: Actor, actionId: Id, leaseSeconds: number): Promise<Recording> {
    const outcome = await this.parts.transactor.run(actor.tenantId, async (tx) => {
      const control = await this.parts.control.hold(tx);
      const action = await this.parts.actions.lock(tx, actionId);
      if (!action) throw notFound('action', actionId);
      if (action.status === 'blocked' || classifyAction(action.actionType) === 'hard_stop') throw hardStop(action);
      if (!statesBefore('executing').includes(action.status)) {
        throw conflict(action, `claiming needs ${statesBefore('executing').join(' or ')}`);
      }
      const { readiness } = this.parts;
      const now = this.parts.clock.now();
      const verdict = await readiness.check(tx, action, control);
      if (verdict.kind !== 'run') return readiness.settle(tx, action, verdict);
      const leaseUntil = new Date(now.getTime() + leaseSeconds * 1000);
      if (!(await this.parts.actions.claim(tx, actionId, { by: actor.name, at: now, leaseUntil }))) {
        throw new Error(`action ${actionId} was held and ready, and could not be claimed`);
      }
      return this.record(tx, { actionId, type: 'action.claimed', actor, at: now });
    });
    // Thrown only now: what was found to have moved is kept.
    if (outcome instanceof DomainError) throw outcome;
    return outcome;
  }

  /**
   * Gives the holder more time from now on, under the same epoch.
   *
   * @throws CONFLICT when the caller does not hold the claim of that epoch any more, or its time is over
   */
  renew(actor: Actor, { actionId, leaseEpoch, leaseSeconds }: RenewCommand): Promise<Recording> {
    return this.parts.transactor.run(actor.tenantId, async (tx) => {
      const action = await this.load(tx, actionId);
      const at = this.parts.clock.now();
      const leaseUntil = new Date(at.getTime() + leaseSeconds * 1000);
      if (!holds(actor, action) || !(await this.parts.actions.renew(tx, actionId, leaseEpoch, { at, leaseUntil }))) {
        throw conflict(
          await this.load(tx, actionId),
          `renewing needs the running claim, by ${actor.name}, of epoch ${leaseEpoch}, before its time is over`,
        );
      }
      const approval = (await this.parts.approvals.ofAction(tx, actionId)) ?? null;
      return { action: await this.load(tx, actionId), approval };
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
          ? { status: 'executed', at, outcome: command.result, failure: null, endedReason: null }
          : { status: 'failed', at, outcome: null, failure: command.error, endedReason: null };
      if (!holds(actor, action) || !(await this.parts.actions.report(tx, actionId, leaseEpoch, report))) {
        throw conflict(
          await this.load(tx, actionId),
          `reporting needs the running claim, by ${actor.name}, of epoch ${leaseEpoch}, before its time is over`,
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

  private async load(tx: Tx, actionId: Id): Promise<Action> {
    const action = await this.parts.actions.find(tx, actionId);
    if (!action) throw notFound('action', actionId);
    return action;
  }
}

const holds = (actor: Actor, { claimedBy }: Action): boolean =>
  claimedBy !== null && nameKey(claimedBy) === nameKey(actor.name);

const hardStop = ({ id, actionType }: Action): DomainError =>
  new DomainError('HARD_STOP', `${actionType} is a hard stop: the server never runs it. A person does it, outside.`, {
    actionId: id,
  });

const conflict = ({ id, status, claimedBy, leaseEpoch, updatedAt }: Action, needed: string): DomainError =>
  new DomainError('CONFLICT', `The action is ${status} since ${updatedAt.toISOString()}; ${needed}.`, {
    actionId: id,
    status,
    claimedBy,
    leaseEpoch,
    since: updatedAt.toISOString(),
  });
