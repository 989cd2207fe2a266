import type { Clock } from '../../kernel/clock.js';
import type { Id } from '../../kernel/ids.js';
import type { EventWriter, Transactor, Tx } from '../../kernel/transaction.js';
import { closingOf } from './closing.js';
import type { Hearing } from './hearing.js';
import type { ActionStore, ApprovalStore, AttemptReader, Due } from './ports.js';

export interface DeadlineParts {
  readonly transactor: Transactor;
  readonly actions: ActionStore;
  readonly approvals: ApprovalStore;
  readonly attempts: AttemptReader;
  readonly hearing: Hearing;
  readonly events: EventWriter;
  readonly clock: Clock;
}

/** Requests of one kind in one sweep, of all tenants by turns; what is left over comes next time. */
const SWEEP = 4_000;
const STALE = 'The approval went stale before it was used. It did not run; propose again.';

/**
 * What happens when nobody does anything: half the time over, all of it over, an approval that nobody used. Silence
 * never approves. Any number of instances may sweep at once: each step holds its request and looks again.
 */
export class Deadlines {
  constructor(private readonly parts: DeadlineParts) {}

  /**
   * Does everything that is due, of all tenants.
   *
   * @throws AggregateError of those that failed, after all others were done
   */
  async sweep(): Promise<void> {
    const { approvals } = this.parts;
    const failures = [
      ...(await this.each(await approvals.overdue(this.now(), SWEEP), (tx, id) => this.expire(tx, id))),
      ...(await this.each(await approvals.halfOver(this.now(), SWEEP), (tx, id) => this.escalate(tx, id))),
      ...(await this.each(await approvals.unspent(this.now(), SWEEP), (tx, id) => this.letGo(tx, id))),
    ];
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} deadlines could not be kept`);
  }

  private async each(due: readonly Due[], work: (tx: Tx, id: Id) => Promise<void>): Promise<unknown[]> {
    const failures: unknown[] = [];
    for (const { tenantId, id } of due) {
      await this.parts.transactor.run(tenantId, (tx) => work(tx, id)).catch((error: unknown) => failures.push(error));
    }
    return failures;
  }

  private async expire(tx: Tx, id: Id): Promise<void> {
    const { approvals, hearing } = this.parts;
    const held = await approvals.lock(tx, id);
    const now = this.now();
    // Somebody was first: a person in the last moment, or another instance.
    if (held?.approval.status !== 'pending' || now < held.approval.expiresAt) return;
    await hearing.expire(tx, held, now);
  }

  private async escalate(tx: Tx, id: Id): Promise<void> {
    const { approvals, hearing } = this.parts;
    const held = await approvals.lock(tx, id);
    const at = this.now();
    if (!held || !(await approvals.escalate(tx, id, at))) return;
    const { fallbackRole, quorum } = held.approval;
    await hearing.log(tx, held, {
      type: 'approval.escalated',
      actor: 'system:escalation',
      at,
      data: { fallbackRole, quorum },
    });
  }

  /** An approval that nobody used in time. */
  private async letGo(tx: Tx, id: Id): Promise<void> {
    const { actions, approvals, attempts, hearing } = this.parts;
    const held = await approvals.lock(tx, id);
    const at = this.now();
    if (held?.action.status !== 'approved' || held.approval.validUntil === null) return;
    if (at < held.approval.validUntil) return;
    const planned = { status: 'expired' as const, endedReason: STALE };
    const { status, endedReason } = await closingOf(tx, attempts, held.action, planned);
    if (!(await actions.move(tx, held.action.id, status, at, endedReason))) {
      throw new Error(`action ${held.action.id} was held as approved and could not become ${status}`);
    }
    await approvals.withdraw(tx, id, 'expired');
    const type = status === 'outcome_unknown' ? 'action.outcome_unknown' : 'action.expired';
    await hearing.log(tx, held, { type, actor: 'system:expiry', at, data: { reason: endedReason } });
  }

  private now(): Date {
    return this.parts.clock.now();
  }
}
