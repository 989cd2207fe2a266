import type { Id } from '../../kernel/ids.js';
import type { EventWriter, Transactor, Tx } from '../../kernel/transaction.js';
import { type JobContext, type JobOutcome, workThrough } from '../jobs/index.js';
import { detectPatterns } from './domain/detect.js';
import { compare, type Insight } from './domain/insight.js';
import {
  type AccountSituation,
  DAY_MS,
  INITIAL_THRESHOLDS,
  PATTERN_TYPES,
  type PatternMatch,
  type PatternType,
  type Thresholds,
} from './domain/pattern.js';
import { recentTopics, ThemeCount } from './domain/themes.js';
import { type FeedbackTally, thresholdAfter } from './domain/threshold.js';
import { Keeping, NOTHING_DONE, NOTHING_KNOWN, type ScanCounts, type Settled } from './keeping.js';
import type { ActivityWindow, InsightStore, SituationReader } from './ports.js';
import type { ModelReading } from './reading.js';

export interface ScanParts {
  readonly transactor: Transactor;
  readonly insights: InsightStore;
  readonly situations: SituationReader;
  readonly events: EventWriter;
  /** Left out: no language model reads along. */
  readonly reading?: ModelReading;
}

/** Accounts are taken from the database in pages of this many ids. */
const PAGE = 200;
/** So many are read with the same statements. With the longest texts there can be, they take some 100 MB. */
const TOGETHER = 10;
/** Accounts with activity within so many days are looked at. */
const SINCE_DAYS = 7;

/** The thresholds of a tenant, after all the feedback it has given. */
export const thresholdsFrom = (tallies: ReadonlyMap<PatternType, FeedbackTally>): Thresholds => ({
  ...INITIAL_THRESHOLDS,
  ...Object.fromEntries([...tallies].map(([type, tally]) => [type, thresholdAfter(tally)])),
});

/** Looks for patterns and keeps what was found. */
export class PatternScan {
  private readonly keeping: Keeping;

  constructor(private readonly parts: ScanParts) {
    this.keeping = new Keeping(parts);
  }

  /** Looks at one account. Gives zeros for one that is not there. */
  scanAccount(tenantId: Id, accountId: Id, now: Date): Promise<ScanCounts> {
    return this.parts.transactor.run(tenantId, async (tx) => {
      const thresholds = thresholdsFrom(await this.parts.insights.tallies(tx));
      return this.scan(tx, accountId, { now, thresholds });
    });
  }

  /**
   * Looks at every account with activity within the last days, and at those that may have fallen silent; then at what
   * several of them share. A few accounts are read together, and what has changed in them is kept together; where that
   * fails, each is looked at by itself, so that one that fails does not stop the others. What rules find is kept before
   * a language model is asked for more: however slow it is, nothing waits for it.
   */
  async run(context: JobContext, sinceDays: number = SINCE_DAYS): Promise<JobOutcome> {
    const { tenantId, now } = context;
    const { transactor, insights } = this.parts;
    const tallies = await transactor.run(tenantId, (tx) => insights.tallies(tx));
    const thresholds = thresholdsFrom(tallies);
    const themes = new ThemeCount();
    const sums = { raised: 0, updated: 0, dismissed: 0 };
    const add = (counts: ScanCounts) => {
      sums.raised += counts.raised;
      sums.updated += counts.updated;
      sums.dismissed += counts.dismissed;
    };
    const since = new Date(now.getTime() - sinceDays * DAY_MS);
    const { done, failed, failures } = await workThrough(context, {
      items: this.activeAccounts(tenantId, { since, now, thresholds }),
      total: null,
      subjectOf: ({ accountId }) => accountId,
      work: async ({ accountId, looked }) => {
        if (looked) {
          themes.add(looked.topics);
          add(looked.counts);
        } else add(await transactor.run(tenantId, (tx) => this.scan(tx, accountId, { now, thresholds, themes })));
      },
    });
    const shared = themes.themes(thresholds.shared_topic);
    add(
      await transactor.run(tenantId, (tx) => this.keeping.keep(tx, { accountId: null, matchesFor: () => shared }, now)),
    );
    const onward = { ...context, progress: (more: number) => context.progress(done + more, null) };
    const reading = await this.parts.reading?.run(onward, since, async (accountId) =>
      add(await transactor.run(tenantId, (tx) => this.scan(tx, accountId, { now, thresholds }))),
    );
    return {
      counts: { accounts: done, ...sums, ...reading?.counts },
      failed: failed + (reading?.failed ?? 0),
      failures: [...failures, ...(reading?.failures ?? [])],
    };
  }

  private async *activeAccounts(tenantId: Id, window: Window): AsyncGenerator<Candidate> {
    const { transactor, situations } = this.parts;
    for (let after: Id | undefined; ; ) {
      const last: Id | undefined = after;
      const page = await transactor.run(tenantId, (tx) => situations.active(tx, window, last, PAGE));
      for (let at = 0; at < page.length; at += TOGETHER) {
        const ids = page.slice(at, at + TOGETHER);
        const looked = await this.lookTogether(tenantId, ids, window);
        yield* ids.map((accountId) => ({ accountId, looked: looked.get(accountId) }));
      }
      after = page.at(-1);
      if (page.length < PAGE) return;
    }
  }

  /** Looks at several accounts at once; at none, when that fails for one of them: each is then looked at by itself. */
  private async lookTogether(
    tenantId: Id,
    accountIds: readonly Id[],
    { now, thresholds }: Window,
  ): Promise<ReadonlyMap<Id, Looked>> {
    const { transactor, situations, insights } = this.parts;
    const look = async (): Promise<ReadonlyMap<Id, Looked>> => {
      const { known, found } = await transactor.run(tenantId, async (tx) => ({
        known: await insights.glance(tx, accountIds),
        found: await situations.situations(tx, accountIds),
      }));
      const matchesIn = (situation: AccountSituation) => (settled: Settled) =>
        detectPatterns({ ...situation, settled }, now, thresholds);
      const changed = [...found].filter(([accountId, situation]) => {
        const { pending, settled } = known.get(accountId) ?? NOTHING_KNOWN;
        return !isAsKnown(pending, matchesIn(situation)(settled));
      });
      const subjects = changed.map(([accountId, situation]) => ({ accountId, matchesFor: matchesIn(situation) }));
      const counts =
        subjects.length === 0
          ? new Map<Id, ScanCounts>()
          : await transactor.run(tenantId, (tx) => this.keeping.keepTogether(tx, subjects, now));
      return new Map(
        [...found].map(([accountId, { interactions }]) => [
          accountId,
          { counts: counts.get(accountId) ?? NOTHING_DONE, topics: recentTopics(interactions, now) },
        ]),
      );
    };
    return look().catch(() => new Map<Id, Looked>());
  }

  private async scan(
    tx: Tx,
    accountId: Id,
    { now, thresholds, themes }: { now: Date; thresholds: Thresholds; themes?: ThemeCount },
  ): Promise<ScanCounts> {
    const situation = (await this.parts.situations.situations(tx, [accountId])).get(accountId);
    if (!situation) return NOTHING_DONE;
    const matchesFor = (settled: Settled) => detectPatterns({ ...situation, settled }, now, thresholds);
    const counts = await this.keeping.keep(tx, { accountId, matchesFor }, now);
    themes?.add(recentTopics(situation.interactions, now));
    return counts;
  }
}

/** Which accounts a run looks at, and how. */
interface Window extends ActivityWindow {
  readonly thresholds: Thresholds;
}

/** What came of looking at an account together with others. */
interface Looked {
  readonly counts: ScanCounts;
  readonly topics: ReturnType<typeof recentTopics>;
}

interface Candidate {
  readonly accountId: Id;
  /** Undefined: it is still to be looked at. */
  readonly looked: Looked | undefined;
}

/** Whether an account shows exactly what is known of it, so that there is nothing to write. */
function isAsKnown(pending: readonly Insight[], matches: readonly PatternMatch[]): boolean {
  const { raised, updated, gone } = compare(pending, matches);
  return raised.length + updated.length + gone.length === 0;
}

/** Every pattern with its threshold and what was said about it. */
export const thresholdList = (tallies: ReadonlyMap<PatternType, FeedbackTally>) =>
  PATTERN_TYPES.map((type) => {
    const tally = tallies.get(type) ?? { useful: 0, falseAlarms: 0 };
    return { type, threshold: thresholdAfter(tally), ...tally };
  });
