import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DomainError, invalid } from '../../kernel/errors.js';
import type { EventType } from '../../kernel/events.js';
import type { Id } from '../../kernel/ids.js';
import type { EventWriter, Transactor, Tx } from '../../kernel/transaction.js';
import type { Pause } from './domain/policy.js';
import type { CloneDirectory, Control, ControlStore, PausedWork } from './ports.js';

export interface PauseParts {
  readonly transactor: Transactor;
  readonly control: ControlStore;
  readonly clones: CloneDirectory;
  readonly waiting: PausedWork;
  readonly events: EventWriter;
  readonly clock: Clock;
}

/** Stops and resumes what agents and connectors start. What runs already is not interrupted. */
export class PauseService {
  constructor(private readonly parts: PauseParts) {}

  status(actor: Actor): Promise<Control> {
    return this.parts.transactor.run(actor.tenantId, (tx) => this.parts.control.read(tx));
  }

  /**
   * Once this has answered, nothing more starts: whoever starts an action holds the row that is changed here.
   *
   * @param cloneId null: the whole tenant
   * @throws CONFLICT naming who paused it before, VALIDATION_FAILED for a clone that is not there
   */
  pause(actor: Actor, cloneId: Id | null, reason: string): Promise<Control> {
    return this.change(actor, cloneId, async (tx, existing) => {
      if (existing) throw alreadyPaused(existing);
      const pause: Pause = { by: actor.name, at: this.parts.clock.now(), reason };
      await this.parts.control.setPause(tx, cloneId, pause);
      return { type: 'autonomy.paused', reason };
    });
  }

  /**
   * Everything is checked anew when it starts; a pause of a clone ends only by itself, not with the tenant's.
   *
   * @param cloneId null: the whole tenant
   * @throws CONFLICT when it is not paused, VALIDATION_FAILED for a clone that is not there
   */
  resume(actor: Actor, cloneId: Id | null, note: string | null): Promise<Control> {
    return this.change(actor, cloneId, async (tx, existing) => {
      if (!existing) throw new DomainError('CONFLICT', 'This is not paused; there is nothing to resume.', { cloneId });
      await this.parts.control.setPause(tx, cloneId, null);
      await this.parts.waiting.hasten(tx);
      return { type: 'autonomy.resumed', reason: note };
    });
  }

  private change(
    actor: Actor,
    cloneId: Id | null,
    apply: (tx: Tx, existing: Pause | undefined) => Promise<{ type: EventType; reason: string | null }>,
  ): Promise<Control> {
    const { transactor, control, clones, events, clock } = this.parts;
    return transactor.run(actor.tenantId, async (tx) => {
      if (cloneId !== null && !(await clones.find(tx, cloneId))) {
        throw invalid(['input', 'cloneId'], `there is no clone with id "${cloneId}".`);
      }
      const before = await control.lock(tx);
      const { type, reason } = await apply(tx, cloneId === null ? before.pause : before.pausedClones.get(cloneId));
      const subjectId = cloneId ?? actor.tenantId;
      await events.append(tx, [{ type, subjectId, data: { cloneId, reason }, actor: actor.name, at: clock.now() }]);
      return control.read(tx);
    });
  }
}

const alreadyPaused = ({ by, at, reason }: Pause): DomainError =>
  new DomainError('CONFLICT', `${by} was first and paused this on ${at.toISOString()}: ${reason}`, {
    pausedBy: by,
    pausedAt: at.toISOString(),
    reason,
  });
