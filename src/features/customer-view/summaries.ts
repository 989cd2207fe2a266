import type { Id } from '../../kernel/ids.js';
import type { Transactor } from '../../kernel/transaction.js';
import { type JobContext, type JobOutcome, workThrough } from '../jobs/index.js';
import { summaryWork } from './domain/summary.js';
import { bordersAt, endOf, type PeriodCounts } from './domain/view.js';
import type { CustomerViewReader, PastReader, SummaryModel, SummaryStore, SummaryTeller, ToldPeriod } from './ports.js';

export interface SummariesParts {
  readonly transactor: Transactor;
  readonly views: CustomerViewReader;
  readonly summaries: SummaryStore;
  readonly past: PastReader;
  readonly model: SummaryModel;
}

const PAGE = 200;
/** Periods in one question to a language model, and such questions on one account in one run. */
const PERIODS_ASKED = 4;
const QUESTIONS = 3;

/** Keeps summaries of weeks and months that are over: what mattered in them, and what a language model makes of it. */
export class Summaries {
  constructor(private readonly parts: SummariesParts) {}

  /**
   * The body of the job `context_summarization`. Makes what is missing or was made of something else, and lets go of
   * weeks that have become parts of months. One account that fails does not stop the others.
   */
  async run(context: JobContext): Promise<JobOutcome> {
    const { tenantId, signal, now } = context;
    const { model } = this.parts;
    const teller = model.isThere ? model.open(tenantId, signal) : undefined;
    const counts = { made: 0, dropped: 0, told: 0 };
    const { done, failed, failures } = await workThrough(context, {
      items: this.accounts(tenantId, now),
      total: null,
      subjectOf: (accountId) => accountId,
      work: async (accountId) => {
        const { made, dropped, untold } = await this.make({ tenantId, accountId }, now);
        counts.made += made;
        counts.dropped += dropped;
        if (teller) counts.told += await this.tell(teller, { tenantId, accountId }, untold);
      },
    });
    const asked = teller && { questions: teller.counts.asked, unanswered: teller.counts.failed };
    return { counts: { accounts: done, ...counts, ...asked }, failed, failures };
  }

  private async *accounts(tenantId: Id, now: Date): AsyncGenerator<Id> {
    const { transactor, summaries } = this.parts;
    const { full } = bordersAt(now);
    for (let after: Id | undefined; ; ) {
      const last: Id | undefined = after;
      const page = await transactor.run(tenantId, (tx) => summaries.accounts(tx, full, last, PAGE));
      yield* page;
      after = page.at(-1);
      if (page.length < PAGE) return;
    }
  }

  /** By rules, always. @returns with those of which no language model has told, the newest first */
  private make(
    { tenantId, accountId }: { readonly tenantId: Id; readonly accountId: Id },
    now: Date,
  ): Promise<{ readonly made: number; readonly dropped: number; readonly untold: readonly PeriodCounts[] }> {
    const { transactor, views, summaries, past } = this.parts;
    return transactor.run(tenantId, async (tx) => {
      const borders = bordersAt(now);
      const counts = await views.periods(tx, accountId, borders);
      const { due, untold, over } = summaryWork(counts, await summaries.of(tx, accountId), borders);
      const made = [];
      for (const { granularity, start, entries, changedAt } of due) {
        const { highlights } = await past.during(tx, accountId, { from: start, to: endOf(granularity, start) });
        made.push({ granularity, start, entries, changedAt, highlights, narrative: null });
      }
      if (made.length > 0) await summaries.keep(tx, accountId, made, now);
      if (over.length > 0) await summaries.drop(tx, accountId, over);
      const newestFirst = [...due, ...untold].sort((a, b) => b.start.getTime() - a.start.getTime());
      return { made: made.length, dropped: over.length, untold: newestFirst };
    });
  }

  /** @returns of how many periods the model has told */
  private async tell(
    teller: SummaryTeller,
    { tenantId, accountId }: { readonly tenantId: Id; readonly accountId: Id },
    untold: readonly PeriodCounts[],
  ): Promise<number> {
    const { transactor, summaries, past } = this.parts;
    let told = 0;
    for (let at = 0; at < untold.length && at < PERIODS_ASKED * QUESTIONS; at += PERIODS_ASKED) {
      if (!teller.isOpen) break;
      const batch = untold.slice(at, at + PERIODS_ASKED);
      const periods = await transactor.run(tenantId, async (tx) => {
        const read: ToldPeriod[] = [];
        for (const counts of batch) {
          const range = { from: counts.start, to: endOf(counts.granularity, counts.start) };
          read.push({ counts, material: await past.during(tx, accountId, range) });
        }
        return read;
      });
      const texts = await teller.tell(periods[0]?.material.accountName ?? '', periods);
      if (!texts) break;
      await transactor.run(tenantId, async (tx) => {
        for (const [index, counts] of batch.entries()) {
          const text = texts[index];
          if (typeof text !== 'string') continue;
          await summaries.tell(tx, accountId, counts, text);
          told += 1;
        }
      });
    }
    return told;
  }
}
