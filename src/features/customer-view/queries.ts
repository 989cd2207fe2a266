import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { Id } from '../../kernel/ids.js';
import type { Page, PageArgs } from '../../kernel/page.js';
import type { Transactor } from '../../kernel/transaction.js';
import type { Signal } from '../patterns/index.js';
import { isCurrent, nameOf } from './domain/summary.js';
import { bordersAt, summarise, type TimelineEntry, type ToldSummary } from './domain/view.js';
import type { CustomerViewReader, SignalReader, SummaryStore, TimelineRange } from './ports.js';

export interface CustomerViewParts {
  readonly transactor: Transactor;
  readonly views: CustomerViewReader;
  readonly signals: SignalReader;
  readonly summaries: SummaryStore;
  readonly clock: Clock;
}

/** Reads what there is to know of one customer. */
export class CustomerViewQueries {
  constructor(private readonly parts: CustomerViewParts) {}

  /** Where a timeline begins: 30 days ago, or where the account does. */
  rangeOf(accountId: Id, isFull: boolean): TimelineRange {
    return { accountId, from: isFull ? undefined : bordersAt(this.parts.clock.now()).full };
  }

  /** Oldest first. */
  timeline(actor: Actor, range: TimelineRange, page: PageArgs): Promise<Page<TimelineEntry>> {
    return this.parts.transactor.run(actor.tenantId, (tx) => this.parts.views.timeline(tx, range, page));
  }

  timelineLength(actor: Actor, range: TimelineRange): Promise<number> {
    return this.parts.transactor.run(actor.tenantId, (tx) => this.parts.views.timelineLength(tx, range));
  }

  /**
   * The time before the last 30 days: by week back to 90 days, by month before that; oldest first. The figures are
   * counted now; what the job kept of a period stands beside them as long as it was made of the same.
   */
  async periods(actor: Actor, accountId: Id): Promise<readonly ToldSummary[]> {
    const { transactor, views, summaries, clock } = this.parts;
    const borders = bordersAt(clock.now());
    return transactor.run(actor.tenantId, async (tx) => {
      const counts = await views.periods(tx, accountId, borders);
      const stored = new Map((await summaries.of(tx, accountId)).map((one) => [nameOf(one), one]));
      return counts.map((period) => {
        const kept = stored.get(nameOf(period));
        const { highlights = [], narrative = null } = kept && isCurrent(kept, period) ? kept : {};
        return { ...summarise(period), highlights, narrative };
      });
    });
  }

  /** What was said last about each thing, newest first. */
  signals(actor: Actor, accountId: Id): Promise<readonly Signal[]> {
    const { transactor, signals, clock } = this.parts;
    return transactor.run(actor.tenantId, (tx) => signals.signals(tx, accountId, clock.now()));
  }
}
