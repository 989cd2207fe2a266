import type { Actor } from '../../kernel/actor.js';
import { notFound } from '../../kernel/errors.js';
import type { Id } from '../../kernel/ids.js';
import type { Page, PageArgs } from '../../kernel/page.js';
import type { Transactor } from '../../kernel/transaction.js';
import type { Insight } from './domain/insight.js';
import type { PatternType } from './domain/pattern.js';
import type { FeedbackTally } from './domain/threshold.js';
import type { InsightFilter, InsightStore } from './ports.js';
import { thresholdList } from './scan.js';

/** Where one pattern begins to count, and why. */
export interface PatternThreshold extends FeedbackTally {
  readonly type: PatternType;
  readonly threshold: number;
}

/** Reads insights. */
export class InsightQueries {
  constructor(private readonly parts: { readonly transactor: Transactor; readonly insights: InsightStore }) {}

  /** @throws NOT_FOUND */
  async insight(actor: Actor, id: Id): Promise<Insight> {
    const insight = await this.parts.transactor.run(actor.tenantId, (tx) => this.parts.insights.find(tx, id));
    if (!insight) throw notFound('insight', id);
    return insight;
  }

  /** Newest first. */
  insights(actor: Actor, filter: InsightFilter, page: PageArgs): Promise<Page<Insight>> {
    return this.parts.transactor.run(actor.tenantId, (tx) => this.parts.insights.list(tx, filter, page));
  }

  countInsights(actor: Actor, filter: InsightFilter): Promise<number> {
    return this.parts.transactor.run(actor.tenantId, (tx) => this.parts.insights.count(tx, filter));
  }

  /** Of every type, in a fixed order. */
  async thresholds(actor: Actor): Promise<readonly PatternThreshold[]> {
    return thresholdList(await this.parts.transactor.run(actor.tenantId, (tx) => this.parts.insights.tallies(tx)));
  }
}
