import type { Id } from '../../kernel/ids.js';
import type { Page, PageArgs } from '../../kernel/page.js';
import type { Tx } from '../../kernel/transaction.js';
import type { Insight, InsightStatus, InsightUpdate, Verdict } from './domain/insight.js';
import type { ModelClaim } from './domain/model-finding.js';
import type {
  AccountSituation,
  Category,
  ModelFinding,
  ObservedInteraction,
  PatternType,
  Severity,
} from './domain/pattern.js';
import type { FeedbackTally } from './domain/threshold.js';

export interface InsightFilter {
  readonly status?: readonly InsightStatus[];
  readonly severity?: readonly Severity[];
  readonly category?: Category;
  readonly type?: PatternType;
  readonly accountId?: Id;
  /** Raised at this instant or later. */
  readonly since?: Date;
}

/** How an insight ends. */
export interface Resolution {
  readonly status: Exclude<InsightStatus, 'pending'>;
  readonly by: string;
  readonly at: Date;
  readonly actionId: Id | null;
  readonly reason: string | null;
}

/** What is known already of what an account, or all of them, shows. */
export interface KnownInsights {
  readonly pending: readonly Insight[];
  readonly settled: ReadonlyMap<PatternType, ReadonlySet<string>>;
}

export interface Voice {
  readonly insightId: Id;
  readonly type: PatternType;
  /** The principal, in the form that tells who is who. */
  readonly by: string;
  readonly verdict: Verdict;
  readonly at: Date;
}

export interface InsightStore {
  /**
   * What is known of one account; null: of themes. Until this transaction ends, no other one changes insights of the
   * same account.
   */
  known(tx: Tx, accountId: Id | null): Promise<KnownInsights>;
  /** As `known`, of several accounts at once. */
  hold(tx: Tx, accountIds: readonly Id[]): Promise<ReadonlyMap<Id, KnownInsights>>;
  /** What is known of several accounts, to look at only: it may have changed by the time that anything is written. */
  glance(tx: Tx, accountIds: readonly Id[]): Promise<ReadonlyMap<Id, KnownInsights>>;
  insert(tx: Tx, insights: readonly Insight[]): Promise<void>;
  update(tx: Tx, id: Id, update: InsightUpdate): Promise<void>;
  find(tx: Tx, id: Id): Promise<Insight | undefined>;
  /** Ends an insight that is pending; tells whether it was. */
  resolve(tx: Tx, id: Id, resolution: Resolution): Promise<boolean>;
  /** Newest first. */
  list(tx: Tx, filter: InsightFilter, page: PageArgs): Promise<Page<Insight>>;
  count(tx: Tx, filter: InsightFilter): Promise<number>;
  /** Writes what one principal thinks of an insight, in place of what they thought before. */
  voice(tx: Tx, voice: Voice): Promise<void>;
  tallies(tx: Tx): Promise<ReadonlyMap<PatternType, FeedbackTally>>;
}

/** What a tenant has laid down about its competitors. */
export interface CompetitorStore {
  /** As they were laid down; empty: none were. */
  competitors(tx: Tx): Promise<readonly string[]>;
  /** Puts these in the place of those before. */
  setCompetitors(tx: Tx, names: readonly string[], change: { readonly by: string; readonly at: Date }): Promise<void>;
}

/** Which accounts a scan looks at. */
export interface ActivityWindow {
  /** Interactions that took place, or became known, from then on are activity. */
  readonly since: Date;
  readonly now: Date;
}

/** What is stored of customers, as far as patterns need it. */
export interface SituationReader {
  /** Accounts with activity, and those that may have fallen silent: by id, behind `after`, in pages. */
  active(tx: Tx, window: ActivityWindow, after: Id | undefined, limit: number): Promise<readonly Id[]>;
  /** Accounts, each with its newest interactions; without those that are not there. In a fixed number of statements. */
  situations(tx: Tx, accountIds: readonly Id[]): Promise<ReadonlyMap<Id, AccountSituation>>;
}

/** What a language model has read. */
export interface ReadingStore {
  /** Accounts with interactions of the window that it has not read as they stand: by id, behind `after`, in pages. */
  unread(tx: Tx, window: ActivityWindow, after: Id | undefined, limit: number): Promise<readonly Id[]>;
  keep(tx: Tx, readings: readonly Reading[]): Promise<void>;
}

export interface Reading {
  readonly interactionId: Id;
  /** Not before the interaction last changed. */
  readonly readAt: Date;
  readonly findings: readonly ModelFinding[];
}

/** A language model that looks for patterns. */
export interface PatternModel {
  readonly isThere: boolean;
  /** For one run. */
  open(tenantId: Id, signal: AbortSignal): PatternReader;
}

export interface PatternReader {
  /** Whether asking makes sense. */
  readonly isOpen: boolean;
  readonly counts: { readonly asked: number; readonly failed: number };
  /**
   * What the model claims to find, by interaction; undefined: nothing came of it.
   *
   * @throws the signal's reason, nothing else
   */
  read(
    accountName: string,
    interactions: readonly ObservedInteraction[],
  ): Promise<ReadonlyMap<Id, readonly ModelClaim[]> | undefined>;
}
