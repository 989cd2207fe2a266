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

/** Requests looked at in one statement. */
const PAGE = 200;
/** Most statements of one kind in one sweep; what is left over comes next time. */
const PAGES = 20;
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
      ...(await this.each(
        (after) => approvals.overdue(this.now(), after, PAGE),
        (tx, id) => this.expire(tx, id),
      )),
      ...(await this.each(
        (after) => approvals.halfOver(this.now(), after, PAGE),
        (tx, id) => this.escalate(tx, id),
      )),
      ...(await this.each(
        (after) => approvals.unspent(this.now(), after, PAGE),
        (tx, id) => this.letGo(tx, id),
      )),
    ];
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} deadlines could not be kept`);
  }

  /** Page by page in the order of their ids, so that one that fails keeps none behind it waiting. */
  private async each(
    due: (after: Id | null) => Promise<readonly Due[]>,
    work: (tx: Tx, id: Id) => Promise<void>,
  ): Promise<unknown[]> {
    const failures: unknown[] = [];
    let after: Id | null = null;
    for (let page = 0; page < PAGES; page += 1) {
      const found: readonly Due[] = await due(after);
      for (const { tenantId, id } of found) {
        await this.parts.transactor.run(tenantId, (tx) => work(tx, id)).catch((error: unknown) => failures.push(error));
      }
      after = found.at(-1)?.id ?? null;
      if (found.length < PAGE) break;
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
