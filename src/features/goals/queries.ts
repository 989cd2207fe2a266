import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { invalid, notFound } from '../../kernel/errors.js';
import type { Id } from '../../kernel/ids.js';
import type { Page, PageArgs } from '../../kernel/page.js';
import type { Transactor, Tx } from '../../kernel/transaction.js';
import { type Forecast, type ForecastGoal, forecast, sameSource } from './domain/forecast.js';
import { accountsThatCloseTheGap, type GapAccount } from './domain/gap.js';
import type { Goal, GoalPoint } from './domain/goal.js';
import { type GoalProgress, goalProgress, statusAfter } from './domain/progress.js';
import type { CloneDirectory, GapReader, GoalFilter, GoalPointStore, GoalStore, MeasuredGoal } from './ports.js';

export interface GoalQueryParts {
  readonly transactor: Transactor;
  readonly goals: GoalStore;
  readonly points: GoalPointStore;
  readonly gaps: GapReader;
  readonly clones: CloneDirectory;
  readonly clock: Clock;
}

/** A goal and how it stands. */
export interface GoalStanding {
  readonly goal: Goal;
  readonly progress: GoalProgress;
}

/** Most goals that one look at the standings gives. */
export const MAX_STANDINGS = 500;

/** Most points that a forecast rests on: more than the five years of a goal leave. */
const MAX_HISTORY = 2_000;

/**
 * Reads goals. Their status is the one they have now: a goal whose period has ended is missed at that instant, not
 * when a job next looks at it.
 */
export class GoalQueries {
  constructor(private readonly parts: GoalQueryParts) {}

  /** @throws NOT_FOUND */
  async goal(actor: Actor, id: Id): Promise<Goal> {
    const goal = await this.parts.transactor.run(actor.tenantId, (tx) => this.parts.goals.find(tx, id));
    if (!goal) throw notFound('goal', id);
    return asOf(goal, this.parts.clock.now());
  }

  /** Newest first. @throws VALIDATION_FAILED for a clone that is not there */
  goals(actor: Actor, filter: GoalFilter, page: PageArgs): Promise<Page<Goal>> {
    const now = this.parts.clock.now();
    return this.parts.transactor.run(actor.tenantId, async (tx) => {
      await this.requireClone(tx, filter.cloneId);
      const found = await this.parts.goals.list(tx, { ...filter, now }, page);
      return { ...found, edges: found.edges.map(({ cursor, node }) => ({ cursor, node: asOf(node, now) })) };
    });
  }

  countGoals(actor: Actor, filter: GoalFilter): Promise<number> {
    const now = this.parts.clock.now();
    return this.parts.transactor.run(actor.tenantId, (tx) => this.parts.goals.count(tx, { ...filter, now }));
  }

  /**
   * How the goals stand whose period has not ended, those that end soonest first, at most `MAX_STANDINGS`.
   *
   * @throws VALIDATION_FAILED for a clone that is not there
   */
  standings(actor: Actor, cloneId: Id | undefined): Promise<readonly GoalStanding[]> {
    const now = this.parts.clock.now();
    return this.parts.transactor.run(actor.tenantId, async (tx) => {
      await this.requireClone(tx, cloneId);
      const goals = await this.parts.goals.unfinished(tx, { cloneId, now, limit: MAX_STANDINGS });
      return goals.map((goal) => ({ goal: asOf(goal, now), progress: goalProgress(goal, now) }));
    });
  }

  /** Where a goal stood, oldest first. */
  history(actor: Actor, goalId: Id, page: PageArgs): Promise<Page<GoalPoint>> {
    return this.parts.transactor.run(actor.tenantId, (tx) => this.parts.points.list(tx, goalId, page));
  }

  countHistory(actor: Actor, goalId: Id): Promise<number> {
    return this.parts.transactor.run(actor.tenantId, (tx) => this.parts.points.count(tx, goalId));
  }

  /** Where a goal is going, by where it stood. */
  async forecast(actor: Actor, goal: ForecastGoal & Pick<Goal, 'id'>): Promise<Forecast> {
    const { transactor, points, clock } = this.parts;
    const history = await transactor.run(actor.tenantId, (tx) => points.newest(tx, goal.id, MAX_HISTORY));
    return forecast(goal, sameSource(goal, history), clock.now());
  }

  /** The accounts whose work would close a goal's gap most, the best first. */
  async gapAccounts(
    actor: Actor,
    goal: MeasuredGoal & Pick<Goal, 'target' | 'current'>,
  ): Promise<readonly GapAccount[]> {
    const now = this.parts.clock.now();
    const { transactor, gaps } = this.parts;
    const candidates = await transactor.run(actor.tenantId, (tx) => gaps.candidates(tx, goal, now));
    return accountsThatCloseTheGap(goal, candidates, now);
  }

  private async requireClone(tx: Tx, cloneId: Id | undefined): Promise<void> {
    if (cloneId === undefined || (await this.parts.clones.list(tx)).some(({ id }) => id === cloneId)) return;
    throw invalid(['cloneId'], `there is no clone with id "${cloneId}".`);
  }
}

const asOf = (goal: Goal, now: Date): Goal => ({ ...goal, status: statusAfter(goal, now) });
