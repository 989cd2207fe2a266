import type { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import type { EventType } from '../../kernel/events.js';
import type { EventWriter, Tx } from '../../kernel/transaction.js';
import {
  type BudgetDemand,
  type BudgetHold,
  type BudgetStore,
  budgetDemands,
  budgetKey,
  type Control,
  type Demands,
  type Facts,
  grantPlaces,
  type Pause,
} from '../policy/index.js';
import { closingOf } from './closing.js';
import type { Action } from './domain/action.js';
import { actionEvent } from './domain/action-event.js';
import type { Approval } from './domain/approval.js';
import { requireAsSigned } from './domain/as-signed.js';
import { heldAtMostUntil } from './domain/claim.js';
import { type Closing, mayHaveRun } from './domain/closing.js';
import { overBudget } from './domain/decision.js';
import { recheck, type Signed, type Verdict, WITHDRAWALS } from './domain/recheck.js';
import { requestFor } from './domain/request.js';
import { factsOf } from './facts.js';
import type { ActionStore, ApprovalStore, AttemptReader, ReferenceReader } from './ports.js';
import type { Signatures } from './signatures.js';

export interface ReadinessParts {
  readonly attempts: AttemptReader;
  readonly actions: ActionStore;
  readonly approvals: ApprovalStore;
  readonly signatures: Signatures;
  readonly references: ReferenceReader;
  readonly budgets: BudgetStore;
  readonly events: EventWriter;
  readonly clock: Clock;
  /** How long a request stays open where the policy does not say, in milliseconds. */
  readonly approvalMs: number;
}

/** A verdict that keeps an action from running now. */
type Obstacle = Exclude<Verdict, { readonly kind: 'run' }>;

/** Whether an allowed or approved action may start at this moment, and what becomes of it if it may not. */
export class Readiness {
  constructor(private readonly parts: ReadinessParts) {}

  /**
   * Checks everything again, and takes the places in budgets where the period has changed.
   *
   * @param action held by the transaction
   * @throws DIGEST_MISMATCH when what is stored is not what was signed
   */
  async check(tx: Tx, action: Action, control: Control): Promise<Verdict> {
    const approval = await this.parts.approvals.ofAction(tx, action.id);
    const { verdict, facts } = await this.lookAgain(tx, action, { control, approval });
    if (verdict.kind !== 'run' || approval || !facts) return verdict;
    return this.keepPlaces(tx, { ...action, facts }, control, verdict.demands);
  }

  /**
   * Up to when a running claim may be put off. What could not be started now is given no more time: its lease runs out,
   * unless it is reported on before.
   *
   * @param action held by the transaction
   * @throws as `check`; PAUSED, or CONFLICT with what has moved
   */
  async mayGoOn(tx: Tx, action: Action, control: Control): Promise<Date> {
    const approval = await this.parts.approvals.ofAction(tx, action.id);
    const { verdict } = await this.lookAgain(tx, action, { control, approval });
    switch (verdict.kind) {
      case 'run':
      case 'stale':
        return heldAtMostUntil(action, approval);
      case 'paused':
        throw paused(verdict.pause);
      case 'ask':
        throw noMoreTime(action, verdict.demands.decision.reason.toUpperCase(), verdict.demands.decision.explanation);
      case 'withdraw':
        throw noMoreTime(action, verdict.why, `${WITHDRAWALS[verdict.why]}.`);
      default:
        return verdict satisfies never;
    }
  }

  private async lookAgain(
    tx: Tx,
    action: Action,
    { control, approval }: { readonly control: Control; readonly approval: Approval | undefined },
  ): Promise<{ readonly verdict: Verdict; readonly facts: Facts | undefined }> {
    const { signatures, references, clock, approvalMs } = this.parts;
    requireAsSigned(action, approval?.digest ?? action.digest);
    const signed: Signed | undefined = approval && { approval, votes: await signatures.on(tx, approval) };
    const facts = await factsOf(tx, { references, policy: control.policy }, action);
    const verdict = recheck(action, signed, {
      now: clock.now(),
      policy: control.policy,
      pause: control.pause ?? (action.cloneId === null ? undefined : control.pausedClones.get(action.cloneId)),
      facts,
      replied:
        signed !== undefined && (await signatures.haveBeenAnswered(tx, action, signed.approval.digest, signed.votes)),
      defaultOpenMs: approvalMs,
    });
    return { verdict, facts };
  }

  /** Does what the verdict says, and gives the failure to tell. */
  async settle(tx: Tx, action: Action, verdict: Obstacle): Promise<DomainError> {
    switch (verdict.kind) {
      case 'paused':
        return paused(verdict.pause);
      case 'ask':
        return this.ask(tx, action, verdict.demands);
      case 'stale': {
        const endedReason = 'The approval went stale before it was used. It did not run; propose again.';
        const unknown = await this.end(tx, action, { status: 'expired', endedReason });
        const told = 'The approval went stale before the action was run. Propose again.';
        return unknown ?? new DomainError('EXPIRED', told, { actionId: action.id });
      }
      case 'withdraw': {
        const endedReason = `${verdict.why}: ${WITHDRAWALS[verdict.why]}. It did not run; propose again.`;
        const unknown = await this.end(tx, action, { status: 'invalidated', endedReason });
        const told = `The action is invalidated: ${WITHDRAWALS[verdict.why]}. Propose again.`;
        const details = { actionId: action.id, status: 'INVALIDATED', reason: verdict.why };
        return unknown ?? new DomainError('CONFLICT', told, details);
      }
      default:
        return verdict satisfies never;
    }
  }

  /** Places are those of the period in which the action starts, and of the accounts that it reaches then. */
  private async keepPlaces(tx: Tx, action: Action, { policy }: Control, demands: Demands): Promise<Verdict> {
    const { budgets, actions, clock } = this.parts;
    const needed = budgetDemands(policy.document, action, clock.now());
    const held = new Set(action.budgets.map(budgetKey));
    const missing = needed.filter((place) => !held.has(budgetKey(place)));
    if (missing.length === 0) return { kind: 'run', demands };
    const [full] = grantPlaces([missing], await budgets.lock(tx, missing));
    if (full !== undefined)
      return { kind: 'ask', demands: { ...demands, decision: overBudget(demands.decision, full) } };
    await budgets.take(tx, missing);
    await actions.holdBudgets(tx, action.id, [...action.budgets, ...missing.map(toHold)]);
    return { kind: 'run', demands };
  }

  private async ask(tx: Tx, action: Action, demands: Demands): Promise<DomainError> {
    const { explanation: endedReason } = demands.decision;
    const { status } = await closingOf(tx, this.parts.attempts, action, { status: 'pending_approval', endedReason });
    if (status === 'outcome_unknown') {
      const unknown = await this.end(tx, action, { status: 'invalidated', endedReason });
      if (unknown) return unknown;
    }
    const now = this.parts.clock.now();
    const approval = requestFor(action, demands, now);
    // What is shown of it from now on, and what a repeated proposal is told, is what was decided now.
    if (!(await this.parts.actions.ask(tx, action.id, demands.decision, now)))
      throw notMoved(action, 'pending_approval');
    await this.parts.approvals.insert(tx, approval);
    await this.log(tx, action, 'approval.requested', { approvalId: approval.id, reason: demands.decision.reason });
    return new DomainError('CONFLICT', `The action needs a person now: ${demands.decision.explanation}`, {
      actionId: action.id,
      approvalId: approval.id,
      status: 'PENDING_APPROVAL',
      reason: demands.decision.reason.toUpperCase(),
    });
  }

  /** Gives the failure to tell where the action may have run before; otherwise it is the caller's to word. */
  private async end(
    tx: Tx,
    action: Action,
    planned: Closing & { readonly status: 'invalidated' | 'expired' },
  ): Promise<DomainError | undefined> {
    const { approvals, attempts } = this.parts;
    const { status, endedReason } = await closingOf(tx, attempts, action, planned);
    await this.move(tx, action, status, endedReason);
    const approval = await approvals.ofAction(tx, action.id);
    if (approval) await approvals.withdraw(tx, approval.id, planned.status);
    const type = status === 'outcome_unknown' ? 'action.outcome_unknown' : (`action.${planned.status}` as const);
    await this.log(tx, action, type, { approvalId: approval?.id ?? null, reason: endedReason });
    return status === 'outcome_unknown' ? mayHaveRun(action.id, endedReason) : undefined;
  }

  private async move(tx: Tx, action: Action, to: Action['status'], endedReason?: string): Promise<void> {
    if (await this.parts.actions.move(tx, action.id, to, this.parts.clock.now(), endedReason)) return;
    throw notMoved(action, to);
  }

  private async log(tx: Tx, action: Action, type: EventType, data: { approvalId: string | null; reason: string }) {
    const at = this.parts.clock.now();
    await this.parts.events.append(tx, [actionEvent(action, { type, actor: 'system:recheck', at, data })]);
  }
}

const paused = ({ by, at, reason }: Pause): DomainError =>
  new DomainError('PAUSED', `${by} paused this on ${at.toISOString()}: ${reason}. Try again when it is resumed.`, {
    pausedBy: by,
    pausedAt: at.toISOString(),
    reason,
  });

const noMoreTime = ({ id, status, leaseUntil }: Action, reason: string, explanation: string): DomainError =>
  new DomainError(
    'CONFLICT',
    `The claim gets no more time: ${explanation} Stop, or report before ${leaseUntil?.toISOString()} if it has happened.`,
    { actionId: id, status, reason, leaseUntil: leaseUntil?.toISOString() ?? null },
  );

const notMoved = ({ id, status }: Action, to: Action['status']): Error =>
  new Error(`action ${id} was held as ${status} and could not become ${to}`);

const toHold = ({ budget, scope, windowStart }: BudgetDemand): BudgetHold => ({ budget, scope, windowStart });
