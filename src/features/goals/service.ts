import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DomainError, invalid, notFound } from '../../kernel/errors.js';
import type { NewEvent } from '../../kernel/events.js';
import { type Id, newId } from '../../kernel/ids.js';
import type { EventWriter, Transactor, Tx } from '../../kernel/transaction.js';
import { DEFAULT_TITLES, type Goal, type GoalSource, type GoalStatus, type GoalType } from './domain/goal.js';
import { statusAfter } from './domain/progress.js';
import { validateCurrent, validateNewGoal } from './domain/rules.js';
import type { CloneDirectory, DueFilter, GoalChange, GoalMeter, GoalPointStore, GoalStore } from './ports.js';

export interface CreateGoalCommand {
  readonly type: GoalType;
  /** Null: the type's own title. */
  readonly title: string | null;
  readonly target: number;
  /** Null: 0, and to be measured from the stored data. */
  readonly current: number | null;
  readonly periodStart: Date;
  readonly periodEnd: Date;
  readonly cloneId: Id | null;
}

export interface GoalParts {
  readonly transactor: Transactor;
  readonly goals: GoalStore;
  readonly points: GoalPointStore;
  readonly clones: CloneDirectory;
  readonly meter: GoalMeter;
  readonly events: EventWriter;
  readonly clock: Clock;
}

/** What a look at a goal found and made of it. */
export interface GoalReview {
  readonly before: Goal;
  readonly after: Goal;
  /** False when its value is told by somebody, or the stored data does not say. */
  readonly isMeasured: boolean;
}

/** How goals are looked at together. */
export interface Review {
  /** Who moves them in the log. */
  readonly by: string;
  /**
   * What was measured so far, by what was asked; null where the stored data does not say. Goals of one kind and period
   * are measured once, however many there are: each measurement reads all deals or interactions of the tenant.
   */
  readonly measured: Map<string, number | null>;
}

interface Move {
  readonly current: number;
  readonly source: GoalSource;
  readonly now: Date;
  readonly by: string;
}

/** Sets goals, moves them, gives them up. Each change commits together with its log row. */
export class GoalService {
  constructor(private readonly parts: GoalParts) {}

  /** @throws VALIDATION_FAILED for figures or a period that cannot be, or a clone that is not there */
  create(actor: Actor, command: CreateGoalCommand): Promise<Goal> {
    const current = command.current ?? 0;
    validateNewGoal({ ...command, current });
    return this.parts.transactor.run(actor.tenantId, async (tx) => {
      const { cloneId } = command;
      if (cloneId !== null && !(await this.parts.clones.list(tx)).some(({ id }) => id === cloneId)) {
        throw invalid(['input', 'cloneId'], `there is no clone with id "${cloneId}".`);
      }
      const now = this.parts.clock.now();
      const goal: Goal = {
        tenantId: actor.tenantId,
        id: newId(now),
        ...command,
        current,
        source: command.current === null ? 'measured' : 'told',
        title: command.title ?? DEFAULT_TITLES[command.type],
        status: statusAfter({ ...command, current, status: 'active' }, now),
        createdAt: now,
        updatedAt: now,
        createdBy: actor.name,
        cancelledBy: null,
        cancelReason: null,
      };
      await this.parts.goals.insert(tx, goal);
      await this.mark(tx, goal, now);
      await this.log(tx, actor.name, goal, {
        type: 'goal.created',
        data: {
          title: goal.title,
          current: goal.current,
          status: goal.status,
          periodStart: goal.periodStart.toISOString(),
          periodEnd: goal.periodEnd.toISOString(),
        },
      });
      return goal;
    });
  }

  /**
   * Sets the current value, after which the job leaves it alone, or (null) measures it from the stored data, after
   * which the job does so too. Writes nothing when nothing changes.
   *
   * @throws NOT_FOUND, CONFLICT for a cancelled goal, VALIDATION_FAILED for a value that cannot be or be measured
   */
  updateProgress(actor: Actor, goalId: Id, given: number | null): Promise<Goal> {
    if (given !== null) validateCurrent(given);
    return this.parts.transactor.run(actor.tenantId, async (tx) => {
      const goal = await this.lock(tx, goalId);
      if (goal.status === 'cancelled') throw conflict(goal, 'cancelled', 'A cancelled goal does not move any more');
      const current = given ?? (await this.measure(tx, goal));
      const now = this.parts.clock.now();
      const source = given === null ? 'measured' : 'told';
      const moved = await this.move(tx, goal, { current, source, now, by: actor.name });
      if (moved !== goal) await this.mark(tx, moved, now);
      return moved;
    });
  }

  /** Goals for `review` to look at, a page at a time. */
  due(tenantId: Id, filter: DueFilter): Promise<readonly Goal[]> {
    return this.parts.transactor.run(tenantId, (tx) => this.parts.goals.due(tx, filter));
  }

  countDue(tenantId: Id, now: Date): Promise<number> {
    return this.parts.transactor.run(tenantId, (tx) => this.parts.goals.countDue(tx, now));
  }

  /**
   * Looks at a goal as the job does: measures it unless its value is told by somebody, sets its status, and writes
   * down where it stands.
   *
   * @throws VALIDATION_FAILED when what was measured cannot be a goal's value
   */
  review(tenantId: Id, goalId: Id, { by, measured: known }: Review): Promise<GoalReview> {
    return this.parts.transactor.run(tenantId, async (tx) => {
      const goal = await this.lock(tx, goalId);
      if (goal.status === 'cancelled') return { before: goal, after: goal, isMeasured: false };
      const measured = goal.source === 'told' ? null : await this.measureOnce(tx, goal, known);
      const current = measured ?? goal.current;
      validateCurrent(current);
      const now = this.parts.clock.now();
      const after = await this.move(tx, goal, { current, source: goal.source, now, by });
      await this.mark(tx, after, now);
      return { before: goal, after, isMeasured: measured !== null };
    });
  }

  /** Thins out where goals stood. */
  compactHistory(tenantId: Id, now: Date): Promise<void> {
    return this.parts.transactor.run(tenantId, (tx) => this.parts.points.compact(tx, now));
  }

  /** @throws NOT_FOUND, or CONFLICT with the state of a goal that is no longer active */
  cancel(actor: Actor, goalId: Id, reason: string): Promise<Goal> {
    return this.parts.transactor.run(actor.tenantId, async (tx) => {
      const goal = await this.lock(tx, goalId);
      const now = this.parts.clock.now();
      const status = statusAfter(goal, now);
      if (status !== 'active') throw conflict(goal, status, 'Only an active goal can be cancelled');
      const { current } = goal;
      return this.change(tx, actor.name, goal, {
        change: { status: 'cancelled', updatedAt: now, cancelledBy: actor.name, cancelReason: reason },
        event: {
          type: 'goal.cancelled',
          data: { reason, from: { current, status: goal.status }, to: { current, status: 'cancelled' } },
        },
      });
    });
  }

  /** Gives the goal itself when nothing changes. */
  private async move(tx: Tx, goal: Goal, { current, source, now, by }: Move): Promise<Goal> {
    const status = statusAfter({ ...goal, current }, now);
    if (current === goal.current && status === goal.status && source === goal.source) return goal;
    return this.change(tx, by, goal, {
      change: { current, source, status, updatedAt: now },
      event: {
        type: eventOf(goal.status, status),
        data: {
          measured: source === 'measured',
          from: { current: goal.current, status: goal.status },
          to: { current, status },
        },
      },
    });
  }

  private async change(
    tx: Tx,
    by: string,
    goal: Goal,
    { change, event }: { change: GoalChange; event: Pick<NewEvent, 'type' | 'data'> },
  ): Promise<Goal> {
    await this.parts.goals.save(tx, goal.id, change);
    const changed = { ...goal, ...change };
    await this.log(tx, by, changed, event);
    return changed;
  }

  private async log(tx: Tx, by: string, goal: Goal, { type, data }: Pick<NewEvent, 'type' | 'data'>): Promise<void> {
    const { id, updatedAt, type: goalType, cloneId, target } = goal;
    await this.parts.events.append(tx, [
      { type, subjectId: id, data: { goalType, cloneId, target, ...data }, actor: by, at: updatedAt },
    ]);
  }

  /** Writes down where a goal stands. */
  private mark(tx: Tx, { tenantId, id: goalId, current, source }: Goal, now: Date): Promise<void> {
    return this.parts.points.insert(tx, { tenantId, id: newId(now), goalId, at: now, current, source });
  }

  private async measure(tx: Tx, goal: Goal): Promise<number> {
    const measured = await this.parts.meter.measure(tx, goal);
    if (measured === null) {
      throw invalid(
        ['input', 'current'],
        `a ${goal.type} goal cannot be measured: ${UNMEASURED[goal.type]}. Send current yourself.`,
      );
    }
    validateCurrent(measured);
    return measured;
  }

  private async measureOnce(tx: Tx, goal: Goal, known: Review['measured']): Promise<number | null> {
    const { type, cloneId, periodStart, periodEnd } = goal;
    const question = JSON.stringify([type, cloneId, periodStart, periodEnd]);
    const answer = known.get(question);
    if (answer !== undefined) return answer;
    const measured = await this.parts.meter.measure(tx, goal);
    known.set(question, measured);
    return measured;
  }

  private async lock(tx: Tx, goalId: Id): Promise<Goal> {
    const goal = await this.parts.goals.lock(tx, goalId);
    if (!goal) throw notFound('goal', goalId);
    return goal;
  }
}

/** A change is told of by what it brought about. */
function eventOf(before: GoalStatus, after: GoalStatus): 'goal.completed' | 'goal.missed' | 'goal.progressed' {
  if (after === before || after === 'active' || after === 'cancelled') return 'goal.progressed';
  return `goal.${after}`;
}

/** Why the stored data has no answer. */
const UNMEASURED: Readonly<Record<GoalType, string>> = {
  pipeline: 'none of the deals opened in its period has a value',
  activity: 'the interactions of its period cannot be counted',
  quality: 'no deal was opened in its period',
  revenue: 'none of the deals won in its period has a value',
};

/** @param status as of now, which may be ahead of what is stored */
const conflict = (goal: Goal, status: Goal['status'], rule: string): DomainError => {
  const who = goal.cancelledBy === null ? '' : ` by ${goal.cancelledBy} at ${goal.updatedAt.toISOString()}`;
  return new DomainError('CONFLICT', `${rule}; this one is ${status}${who}.`, {
    goalId: goal.id,
    status,
    cancelledBy: goal.cancelledBy,
    updatedAt: goal.updatedAt.toISOString(),
  });
};
