import { type Actor, nameKey } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import type { NewEvent } from '../../kernel/events.js';
import type { Id } from '../../kernel/ids.js';
import type { EventWriter, Transactor, Tx } from '../../kernel/transaction.js';
import type { Insight, Verdict } from './domain/insight.js';
import type { PatternType } from './domain/pattern.js';
import { type FeedbackTally, thresholdAfter } from './domain/threshold.js';
import { factsOf } from './keeping.js';
import type { InsightStore, Resolution } from './ports.js';

export interface InsightParts {
  readonly transactor: Transactor;
  readonly insights: InsightStore;
  readonly events: EventWriter;
  readonly clock: Clock;
}

/** What feedback did. */
export interface FeedbackResult extends FeedbackTally {
  readonly insight: Insight;
  readonly type: PatternType;
  /** The threshold of this type from now on. */
  readonly threshold: number;
}

/** What people, and the actions they led to, do with insights. Each change commits together with its log row. */
export class InsightService {
  constructor(private readonly parts: InsightParts) {}

  /** No action is to come of it. @throws NOT_FOUND; CONFLICT when somebody has dealt with it */
  dismiss(actor: Actor, insightId: Id, reason: string): Promise<Insight> {
    return this.parts.transactor.run(actor.tenantId, async (tx) => {
      const insight = await this.find(tx, insightId);
      const resolution: Resolution = {
        status: 'dismissed',
        by: actor.name,
        at: this.parts.clock.now(),
        actionId: null,
        reason,
      };
      return this.resolve(tx, insight, resolution);
    });
  }

  /**
   * An action came of it. For whoever proposes actions from insights, in a transaction after the one of the proposal: a
   * proposal that stands must not be lost because somebody has dealt with the insight meanwhile.
   *
   * @throws NOT_FOUND; CONFLICT when somebody has dealt with it
   */
  async markActed(tx: Tx, insightId: Id, { actionId, by }: { actionId: Id; by: string }): Promise<Insight> {
    const insight = await this.find(tx, insightId);
    return this.resolve(tx, insight, { status: 'acted', by, at: this.parts.clock.now(), actionId, reason: null });
  }

  /**
   * What one person thinks of an insight, which moves the threshold of its type; saying something else later replaces
   * it. A false alarm that is still pending is dismissed with it.
   *
   * @throws NOT_FOUND
   */
  giveFeedback(actor: Actor, insightId: Id, verdict: Verdict): Promise<FeedbackResult> {
    const { transactor, insights, clock } = this.parts;
    return transactor.run(actor.tenantId, async (tx) => {
      const insight = await this.find(tx, insightId);
      const { type } = insight;
      const at = clock.now();
      await insights.voice(tx, { insightId: insight.id, type, by: nameKey(actor.name), verdict, at });
      const tally = (await insights.tallies(tx)).get(type) ?? { useful: 0, falseAlarms: 0 };
      const threshold = thresholdAfter(tally);
      await this.log(tx, insight, {
        type: 'insight.feedback_given',
        data: { verdict, threshold },
        actor: actor.name,
        at,
      });
      const isEnded = verdict === 'false_alarm' && insight.status === 'pending';
      const resolution: Resolution = {
        status: 'dismissed',
        by: actor.name,
        at,
        actionId: null,
        reason: 'A false alarm.',
      };
      return { insight: isEnded ? await this.resolve(tx, insight, resolution) : insight, type, threshold, ...tally };
    });
  }

  private async resolve(tx: Tx, insight: Insight, resolution: Resolution): Promise<Insight> {
    const { status, by, at, actionId, reason } = resolution;
    if (!(await this.parts.insights.resolve(tx, insight.id, resolution))) {
      throw conflict(await this.find(tx, insight.id));
    }
    const type = status === 'acted' ? 'insight.acted' : 'insight.dismissed';
    await this.log(tx, insight, { type, data: { actionId, reason }, actor: by, at });
    return { ...insight, status, resolvedBy: by, resolvedAt: at, updatedAt: at, actionId, reason };
  }

  private async find(tx: Tx, id: Id): Promise<Insight> {
    const insight = await this.parts.insights.find(tx, id);
    if (!insight) throw notFound('insight', id);
    return insight;
  }

  private log(tx: Tx, insight: Insight, event: Omit<NewEvent, 'subjectId'>): Promise<void> {
    const data = { ...factsOf(insight), ...event.data };
    return this.parts.events.append(tx, [{ ...event, subjectId: insight.id, data }]);
  }
}

const conflict = ({ id, status, resolvedBy, resolvedAt, actionId }: Insight): DomainError =>
  new DomainError(
    'CONFLICT',
    `Expected an insight that is pending; ${resolvedBy} has ${status === 'acted' ? 'acted on' : 'dismissed'} this one at ${resolvedAt?.toISOString()}.`,
    { insightId: id, status, resolvedBy, resolvedAt: resolvedAt?.toISOString() ?? null, actionId },
  );
