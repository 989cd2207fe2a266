import type { NewEvent } from '../../kernel/events.js';
import { type Id, newId } from '../../kernel/ids.js';
import type { EventWriter, Transactor, Tx } from '../../kernel/transaction.js';
import { type JobContext, type JobOutcome, workThrough } from '../jobs/index.js';
import { detectPatterns } from './domain/detect.js';
import { compare, type Insight, isMoreSevere } from './domain/insight.js';
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
import type { InsightStore, KnownInsights, SituationReader } from './ports.js';
import type { ModelReading } from './reading.js';

export interface ScanParts {
  readonly transactor: Transactor;
  readonly insights: InsightStore;
  readonly situations: SituationReader;
  readonly events: EventWriter;
  /** Left out: no language model reads along. */
  readonly reading?: ModelReading;
}

/** What a look at one account did. */
export interface ScanCounts {
  readonly raised: number;
  readonly updated: number;
  readonly dismissed: number;
}

/** Who a scan's events are by. */
const SCANNER = 'system:patterns';
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
  constructor(private readonly parts: ScanParts) {}

  /** Looks at one account. Gives zeros for one that is not there. */
  scanAccount(tenantId: Id, accountId: Id, now: Date): Promise<ScanCounts> {
    return this.parts.transactor.run(tenantId, async (tx) => {
      const thresholds = thresholdsFrom(await this.parts.insights.tallies(tx));
      return this.scan(tx, accountId, { now, thresholds });
    });
  }

  /**
   * Looks at every account with activity within the last days, and at those that may have fallen silent; then at what
   * several of them share. A few accounts are read together; one where something has changed is looked at again, in a
   * transaction of its own. One that fails does not stop the others. What rules find is kept before a language model is
   * asked for more: however slow it is, nothing waits for it.
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
      items: this.activeAccounts(tenantId, { since, now }),
      total: null,
      subjectOf: ({ accountId }) => accountId,
      work: async ({ accountId, glance }) => {
        if (glance && isAsKnown(glance, now, thresholds)) themes.add(recentTopics(glance.situation.interactions, now));
        else add(await transactor.run(tenantId, (tx) => this.scan(tx, accountId, { now, thresholds, themes })));
      },
    });
    const shared = themes.themes(thresholds.shared_topic);
    add(await transactor.run(tenantId, (tx) => this.keep(tx, null, { now, matchesFor: () => shared })));
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

  private async *activeAccounts(tenantId: Id, window: { since: Date; now: Date }): AsyncGenerator<Candidate> {
    const { transactor, situations } = this.parts;
    for (let after: Id | undefined; ; ) {
      const last: Id | undefined = after;
      const page = await transactor.run(tenantId, (tx) => situations.active(tx, window, last, PAGE));
      for (let at = 0; at < page.length; at += TOGETHER) {
        const ids = page.slice(at, at + TOGETHER);
        const glances = await this.glanceAt(tenantId, ids);
        yield* ids.map((accountId) => ({ accountId, glance: glances.get(accountId) }));
      }
      after = page.at(-1);
      if (page.length < PAGE) return;
    }
  }

  /** Of several accounts at once; of none, when one of them cannot be read: each is then read by itself. */
  private glanceAt(tenantId: Id, accountIds: readonly Id[]): Promise<ReadonlyMap<Id, Glance>> {
    const { transactor, situations, insights } = this.parts;
    const read = transactor.run(tenantId, async (tx) => {
      const known = await insights.glance(tx, accountIds);
      const found = await situations.situations(tx, accountIds);
      const glances = [...found].flatMap(([accountId, situation]) => {
        const ofAccount = known.get(accountId);
        return ofAccount ? [[accountId, { situation, known: ofAccount }] as const] : [];
      });
      return new Map(glances);
    });
    return read.catch(() => new Map<Id, Glance>());
  }

  private async scan(
    tx: Tx,
    accountId: Id,
    { now, thresholds, themes }: { now: Date; thresholds: Thresholds; themes?: ThemeCount },
  ): Promise<ScanCounts> {
    const situation = (await this.parts.situations.situations(tx, [accountId])).get(accountId);
    if (!situation) return { raised: 0, updated: 0, dismissed: 0 };
    const counts = await this.keep(tx, accountId, {
      now,
      matchesFor: (settled) => detectPatterns({ ...situation, settled }, now, thresholds),
    });
    themes?.add(recentTopics(situation.interactions, now));
    return counts;
  }

  private async keep(
    tx: Tx,
    accountId: Id | null,
    { now, matchesFor }: { now: Date; matchesFor: (settled: Settled) => readonly PatternMatch[] },
  ): Promise<ScanCounts> {
    const { insights, events } = this.parts;
    const { pending, settled } = await insights.known(tx, accountId);
    const matches = matchesFor(settled).filter(
      ({ type, keys }) => accountId !== null || !keys.some((key) => settled.get(type)?.has(key)),
    );
    const { raised, updated, gone } = compare(pending, matches);
    const log: NewEvent[] = [];
    const note = (type: NewEvent['type'], insight: Insight) =>
      log.push({ type, subjectId: insight.id, data: factsOf(insight), actor: SCANNER, at: now });

    const made = raised.map((match) => toInsight(match, tx.tenantId, now));
    await insights.insert(tx, made);
    for (const insight of made) note('insight.raised', insight);
    for (const { insight, match } of updated) {
      const { severity, origin, confidence, summary, evidence, keys } = match;
      const update = { severity, origin, confidence, summary, evidence, evidenceKeys: keys, updatedAt: now };
      await insights.update(tx, insight.id, update);
      if (isMoreSevere(severity, insight.severity)) note('insight.escalated', { ...insight, ...update });
    }
    // A scan sees only the accounts of its days: that a theme is not among them does not mean that it is over.
    const over = accountId === null ? [] : gone;
    for (const insight of over) {
      const reason = 'It does not show any more.';
      const resolution = { status: 'dismissed', by: SCANNER, at: now, actionId: null, reason } as const;
      if (await insights.resolve(tx, insight.id, resolution)) note('insight.dismissed', insight);
    }
    await events.append(tx, log);
    return { raised: made.length, updated: updated.length, dismissed: over.length };
  }
}

/** What was read of an account together with others. */
interface Glance {
  readonly situation: AccountSituation;
  readonly known: KnownInsights;
}

interface Candidate {
  readonly accountId: Id;
  readonly glance: Glance | undefined;
}

/** Whether an account shows exactly what is known of it, so that there is nothing to write. */
function isAsKnown({ situation, known: { pending, settled } }: Glance, now: Date, thresholds: Thresholds): boolean {
  const { raised, updated, gone } = compare(pending, detectPatterns({ ...situation, settled }, now, thresholds));
  return raised.length + updated.length + gone.length === 0;
}

type Settled = ReadonlyMap<PatternType, ReadonlySet<string>>;

/** What every event of an insight carries, so that filtering looks nothing up. */
export const factsOf = ({ type, category, severity, accountId, summary }: Insight): NewEvent['data'] => ({
  pattern: type,
  category,
  severity,
  accountId,
  summary,
});

const toInsight = (match: PatternMatch, tenantId: Id, now: Date): Insight => ({
  tenantId,
  id: newId(now),
  accountId: match.accountId,
  type: match.type,
  category: match.category,
  severity: match.severity,
  origin: match.origin,
  confidence: match.confidence,
  topic: match.topic,
  summary: match.summary,
  evidence: match.evidence,
  evidenceKeys: match.keys,
  status: 'pending',
  raisedAt: now,
  updatedAt: now,
  actionId: null,
  resolvedBy: null,
  resolvedAt: null,
  reason: null,
});

/** Every pattern with its threshold and what was said about it. */
export const thresholdList = (tallies: ReadonlyMap<PatternType, FeedbackTally>) =>
  PATTERN_TYPES.map((type) => {
    const tally = tallies.get(type) ?? { useful: 0, falseAlarms: 0 };
    return { type, threshold: thresholdAfter(tally), ...tally };
  });
