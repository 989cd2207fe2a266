import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { invalid } from '../../kernel/errors.js';
import type { Id } from '../../kernel/ids.js';
import type { Transactor } from '../../kernel/transaction.js';
import { type MetricSections, metricsOf } from './domain/metrics.js';
import { latestPeriod, type Period, previousPeriod, validatePeriod } from './domain/period.js';
import type { CloneDirectory, FigureReader } from './ports.js';

export interface Metrics extends MetricSections {
  readonly period: Period;
  readonly cloneId: Id | null;
}

export interface MetricsQuestion {
  /** Null: the latest 90 days. */
  readonly period: Period | null;
  /** Null: the whole tenant. */
  readonly cloneId: Id | null;
}

export interface MetricsParts {
  readonly transactor: Transactor;
  readonly figures: FigureReader;
  readonly clones: CloneDirectory;
  readonly clock: Clock;
}

/** Computes metrics from the stored deals, interactions, actions and approvals, anew at every call. */
export class MetricsService {
  constructor(private readonly parts: MetricsParts) {}

  /** @throws VALIDATION_FAILED for a period that cannot be, or a clone that is not there */
  async metrics(actor: Actor, question: MetricsQuestion): Promise<Metrics> {
    const now = this.parts.clock.now();
    const { cloneId } = question;
    const period = question.period ?? latestPeriod(now);
    validatePeriod(period);
    const { transactor, figures, clones } = this.parts;
    const scope = { period, cloneId, now };
    const found = await transactor.run(actor.tenantId, async (tx) => {
      if (cloneId !== null && !(await clones.list(tx)).some(({ id }) => id === cloneId)) {
        throw invalid(['cloneId'], `there is no clone with id "${cloneId}".`);
      }
      return {
        deals: await figures.deals(tx, scope),
        journeys: await figures.journeys(tx, scope),
        interactions: await figures.interactions(tx, scope),
        decisions: await figures.decisions(tx, scope),
        executions: await figures.executions(tx, scope),
      };
    });
    return { period, cloneId, ...metricsOf(found) };
  }

  /** The same figures of the period of the same length just before; undefined where there is none. */
  async before(actor: Actor, { period, cloneId }: Pick<Metrics, 'period' | 'cloneId'>): Promise<Metrics | undefined> {
    const previous = previousPeriod(period);
    return previous && this.metrics(actor, { period: previous, cloneId });
  }
}
