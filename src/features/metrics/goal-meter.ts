import type { Clock } from '../../kernel/clock.js';
import type { Tx } from '../../kernel/transaction.js';
import type { GoalMeter, MeasuredGoal } from '../goals/index.js';
import { knownValue, qualificationCompletion } from './domain/metrics.js';
import type { FigureReader, Scope } from './ports.js';

/** Measures goals by the same figures that the metrics are computed from, so that the two never disagree. */
export class MetricsGoalMeter implements GoalMeter {
  constructor(
    private readonly figures: FigureReader,
    private readonly clock: Clock,
  ) {}

  /** In the unit of the goal's type: money, a number of interactions, or a percentage. */
  async measure(tx: Tx, goal: MeasuredGoal): Promise<number | null> {
    const { type, cloneId, periodStart: start, periodEnd: end } = goal;
    const scope: Scope = { period: { start, end }, cloneId, now: this.clock.now() };
    switch (type) {
      case 'pipeline':
        return knownValue((await this.figures.deals(tx, scope)).identified);
      case 'activity':
        return (await this.figures.interactions(tx, scope)).completed;
      case 'quality':
        return percent(qualificationCompletion(await this.figures.deals(tx, scope)));
      case 'revenue':
        return knownValue((await this.figures.deals(tx, scope)).won);
      default:
        throw new Error(`a goal of unknown type: ${type satisfies never}`);
    }
  }
}

const percent = (share: number | null): number | null => (share === null ? null : share * 100);
