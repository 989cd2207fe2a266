import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import type { EventType } from '../../kernel/events.js';
import type { Id } from '../../kernel/ids.js';
import type { JsonObject } from '../../kernel/json.js';
import type { EventWriter, Transactor, Tx } from '../../kernel/transaction.js';
import type { Connector, Control, ControlReader } from '../policy/index.js';
import type { Action } from './domain/action.js';
import { actionEvent } from './domain/action-event.js';
import {
  claimConflict,
  holdsClaim,
  isSentAgain,
  requireClaimable,
  requireNoHardStop,
  requireOwnVoice,
} from './domain/claim.js';
import type { ActionStore, ApprovalStore, ExecutionQueue, Recording } from './ports.js';
import type { Readiness } from './readiness.js';
import { recordingOf } from './recording.js';

/** Who takes which action, for how long. */
export interface ClaimCommand {
  readonly actionId: Id;
  readonly leaseSeconds: number;
  /** By which the same claim is known when it is sent again; left out: it never is. */
  readonly claimKey?: string | undefined;
  /** Who runs it: an agent unless a connector is named. */
  readonly connector?: Connector;
  /** Done in the same transaction, once the claim is written. */
  readonly alongside?: (tx: Tx, action: Action) => Promise<void>;
}

/** What the holder of a claim reports. */
export type ReportCommand = {
  readonly actionId: Id;
  readonly leaseEpoch: number;
  /** Done in the same transaction, once the report is written. */
  readonly alongside?: (tx: Tx, action: Action) => Promise<void>;
} & (
  | { readonly ended: 'executed'; readonly result: JsonObject }
  | { readonly ended: 'failed'; readonly error: string }
  | { readonly ended: 'outcome_unknown'; readonly reason: string }
  /** Nothing was done, or it may be done again; it is to be tried anew after a while, in milliseconds. */
  | { readonly ended: 'put_back'; readonly delayMs: number; readonly reason: string }
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
  readonly queue: ExecutionQueue;
  readonly events: EventWriter;
  readonly clock: Clock;
}

/** An agent takes an action, runs it, and reports: exactly what was signed, at most once. */
export class RunService {
  constructor(private readonly parts: RunParts) {}

  /**
   * Hands the action to one claimer, after everything that was checked before has been checked again. What has moved
   * since withdraws the action, or asks a person where none was asked before; that is kept even though the claim fails.
   * The holder who sends its claim again by the same key gets the same answer, with its time counted anew as by `renew`.
   *
   * @throws FORBIDDEN for a key that is bound to another clone, HARD_STOP, PAUSED, EXPIRED, DIGEST_MISMATCH when the record was tampered with, or CONFLICT with the state
   *   it is in now
   */
  async claim(actor: Actor, command: ClaimCommand): Promise<Recording> {
    const outcome = await this.parts.transactor.run(actor.tenantId, (tx) => this.claimIn(tx, actor, command));
    // Thrown only now: what was found to have moved is kept.
    if (outcome instanceof DomainError) throw outcome;
    return outcome;
  }

  /**
   * Claims, does and reports in one transaction: for what changes our own data only, so that it happens exactly once.
   *
   * @throws as `claim`, and whatever `effect` throws; then nothing has happened, not even the claim
   */
  async perform(
    actor: Actor,
    command: ClaimCommand,
    effect: (tx: Tx, action: Action) => Promise<JsonObject>,
  ): Promise<Recording> {
    const outcome = await this.parts.transactor.run(actor.tenantId, async (tx) => {
      const claimed = await this.claimIn(tx, actor, command);
      if (claimed instanceof DomainError) return claimed;
      const { id: actionId, leaseEpoch } = claimed.action;
      const result = await effect(tx, claimed.action);
      return this.reportIn(tx, actor, { actionId, leaseEpoch, ended: 'executed', result });
    });
    if (outcome instanceof DomainError) throw outcome;
    return outcome;
  }

  private async claimIn(
    tx: Tx,
    actor: Actor,
    { actionId, leaseSeconds, claimKey, connector = 'agent', alongside }: ClaimCommand,
  ): Promise<Recording | DomainError> {
    // In this order, and nothing written or held before both have been waited for: a transaction gets its place in the
    // log with its first row, and a claim must not stand before the approval that it waited for.
    await this.parts.control.hold(tx);
    const action = await this.parts.actions.lock(tx, actionId);
    const control = await this.parts.control.read(tx);
    if (!action) throw notFound('action', actionId);
    requireNoHardStop(action);
    requireOwnVoice(actor, action);
    // Its answer was lost on the way: the holder gets it once more, and nothing is claimed a second time.
    if (isSentAgain(actor, action, claimKey)) {
      const renewed = await this.putOff(tx, action, { control, leaseSeconds, leaseEpoch: action.leaseEpoch });
      if (renewed) return renewed;
    }
    requireClaimable(action, connector);
    const { readiness } = this.parts;
    const now = this.parts.clock.now();
    const verdict = await readiness.check(tx, action, control);
    if (verdict.kind !== 'run') return readiness.settle(tx, action, verdict);
    const leaseUntil = new Date(now.getTime() + leaseSeconds * 1000);
    if (
      !(await this.parts.actions.claim(tx, actionId, { by: actor.name, key: claimKey ?? null, at: now, leaseUntil }))
    ) {
      throw new Error(`action ${actionId} was held and ready, and could not be claimed`);
    }
    const claimed = await this.record(tx, { actionId, type: 'action.claimed', actor, at: now });
    await alongside?.(tx, claimed.action);
    return claimed;
  }

  /**
   * Gives the holder more time from now on, under the same epoch, as long as the action could be started now and no
   * longer than `heldAtMostUntil`.
   *
   * @throws PAUSED; CONFLICT when what it stands on has moved, when the caller does not hold the claim of that epoch any
   *   more, or when its time is over; then the claim stays as it is
   */
  renew(actor: Actor, command: RenewCommand): Promise<Recording> {
    return this.parts.transactor.run(actor.tenantId, async (tx) => {
      // As a claim does: a pause that was told comes before every renewal after it.
      await this.parts.control.hold(tx);
      const action = await this.parts.actions.lock(tx, command.actionId);
      const control = await this.parts.control.read(tx);
      const holds =
        action?.status === 'executing' && action.leaseEpoch === command.leaseEpoch && holdsClaim(actor, action);
      const renewed = holds ? await this.putOff(tx, action, { ...command, control }) : undefined;
      if (renewed) return renewed;
      throw claimConflict(
        await this.load(tx, command.actionId),
        `renewing needs the running claim, by ${actor.name}, of epoch ${command.leaseEpoch}, before its time is over`,
      );
    });
  }

  /** Undefined: nothing was renewed. */
  private async putOff(
    tx: Tx,
    action: Action,
    {
      leaseEpoch,
      leaseSeconds,
      control,
    }: Pick<RenewCommand, 'leaseEpoch' | 'leaseSeconds'> & { readonly control: Control },
  ): Promise<Recording | undefined> {
    const at = this.parts.clock.now();
    if (action.leaseUntil !== null && at >= action.leaseUntil) return undefined;
    const last = await this.parts.readiness.mayGoOn(tx, action, control);
    if (at >= last) {
      const told = `The claim may not be put off beyond ${last.toISOString()}. Stop, or report before ${action.leaseUntil?.toISOString()} if it has happened.`;
      throw new DomainError('CONFLICT', told, { actionId: action.id, status: action.status, last: last.toISOString() });
    }
    const leaseUntil = new Date(Math.min(at.getTime() + leaseSeconds * 1000, last.getTime()));
    if (!(await this.parts.actions.renew(tx, action.id, leaseEpoch, { at, leaseUntil }))) return undefined;
    return recordingOf(tx, this.parts, action.id);
  }

  /** @throws CONFLICT when the reporter does not hold the claim of that epoch any more */
  report(actor: Actor, command: ReportCommand): Promise<Recording> {
    return this.parts.transactor.run(actor.tenantId, (tx) => this.reportIn(tx, actor, command));
  }

  private async reportIn(tx: Tx, actor: Actor, command: ReportCommand): Promise<Recording> {
    const { actionId, leaseEpoch } = command;
    const action = await this.load(tx, actionId);
    const at = this.parts.clock.now();
    if (!holdsClaim(actor, action) || !(await this.write(tx, action, { command, at }))) {
      throw claimConflict(
        await this.load(tx, actionId),
        `reporting needs the running claim, by ${actor.name}, of epoch ${leaseEpoch}, before its time is over`,
      );
    }
    const type = command.ended === 'put_back' ? 'action.retried' : (`action.${command.ended}` as const);
    const more: JsonObject = 'reason' in command ? { reason: command.reason } : {};
    const recorded = await this.record(tx, { actionId, type, actor, at, more });
    await command.alongside?.(tx, recorded.action);
    return recorded;
  }

  private async write(
    tx: Tx,
    { id, connector }: Action,
    { command, at }: { command: ReportCommand; at: Date },
  ): Promise<boolean> {
    const { actions, approvals, queue } = this.parts;
    const { leaseEpoch } = command;
    const nothing = { at, outcome: null, failure: null, endedReason: null };
    switch (command.ended) {
      case 'executed':
        return actions.report(tx, id, leaseEpoch, { ...nothing, status: 'executed', outcome: command.result });
      case 'failed':
        return actions.report(tx, id, leaseEpoch, { ...nothing, status: 'failed', failure: command.error });
      case 'outcome_unknown':
        return actions.report(tx, id, leaseEpoch, {
          ...nothing,
          status: 'outcome_unknown',
          endedReason: command.reason,
        });
      case 'put_back': {
        const nextAttemptAt = new Date(at.getTime() + command.delayMs);
        const to = (await approvals.ofAction(tx, id)) ? 'approved' : 'allowed';
        await queue.enqueue(tx, { id, connector }, command.delayMs);
        return actions.putBack(tx, id, leaseEpoch, { to, at, nextAttemptAt });
      }
      default:
        return command satisfies never;
    }
  }

  private async record(tx: Tx, { actionId, type, actor, at, more = {} }: RecordedEvent): Promise<Recording> {
    const recording = await recordingOf(tx, this.parts, actionId);
    const data = { leaseEpoch: recording.action.leaseEpoch, ...more };
    await this.parts.events.append(tx, [actionEvent(recording.action, { type, actor: actor.name, at, data })]);
    return recording;
  }

  private async load(tx: Tx, actionId: Id): Promise<Action> {
    const action = await this.parts.actions.find(tx, actionId);
    if (!action) throw notFound('action', actionId);
    return action;
  }
}

interface RecordedEvent {
  readonly actionId: Id;
  readonly type: EventType;
  readonly actor: Actor;
  readonly at: Date;
  readonly more?: JsonObject;
}
