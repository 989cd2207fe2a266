import type { Id } from '../../../kernel/ids.js';
import type { Category, Evidence, Origin, PatternMatch, PatternType, Severity } from './pattern.js';
import { SEVERITIES } from './pattern.js';

/** Pending: nobody has dealt with it. Acted: an action came of it. Dismissed: no action is to come of it. */
export type InsightStatus = 'pending' | 'acted' | 'dismissed';

/** What a person thinks of an insight. */
export const VERDICTS = ['useful', 'false_alarm'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** A pattern that was found, and what became of it. */
export interface Insight {
  readonly tenantId: Id;
  readonly id: Id;
  /** Null for a theme. */
  readonly accountId: Id | null;
  readonly type: PatternType;
  readonly category: Category;
  readonly severity: Severity;
  readonly origin: Origin;
  /** From 0 to 1. */
  readonly confidence: number;
  /** What a theme is about; null for everything else. */
  readonly topic: string | null;
  readonly summary: string;
  readonly evidence: readonly Evidence[];
  /** See `PatternMatch.keys`. */
  readonly evidenceKeys: readonly string[];
  readonly status: InsightStatus;
  readonly raisedAt: Date;
  readonly updatedAt: Date;
  /** The action that came of it. */
  readonly actionId: Id | null;
  /** Who dealt with it: a principal, or a part of the server. */
  readonly resolvedBy: string | null;
  readonly resolvedAt: Date | null;
  /** Why it was dismissed. */
  readonly reason: string | null;
}

/** What a match adds to an insight that is pending already. */
export type InsightUpdate = Pick<
  Insight,
  'severity' | 'origin' | 'confidence' | 'summary' | 'evidence' | 'evidenceKeys' | 'updatedAt'
>;

/** What a look at one account, or at all for themes, changes. */
export interface InsightChanges {
  readonly raised: readonly PatternMatch[];
  readonly updated: readonly { readonly insight: Insight; readonly match: PatternMatch }[];
  /** Pending, but seen no longer. */
  readonly gone: readonly Insight[];
}

/**
 * Compares what shows now with what is pending. One pattern of one account is pending at most once: what shows again
 * goes into the pending one, so that the same evidence never alerts twice.
 */
export function compare(pending: readonly Insight[], matches: readonly PatternMatch[]): InsightChanges {
  const byWhat = new Map(pending.map((insight) => [whatOf(insight), insight]));
  const raised: PatternMatch[] = [];
  const updated: { insight: Insight; match: PatternMatch }[] = [];
  const shown = new Set<string>();
  for (const match of matches) {
    shown.add(whatOf(match));
    const insight = byWhat.get(whatOf(match));
    if (!insight) raised.push(match);
    else if (differs(insight, match)) updated.push({ insight, match });
  }
  return { raised, updated, gone: pending.filter((insight) => !shown.has(whatOf(insight))) };
}

const whatOf = ({ accountId, type, topic }: Pick<Insight, 'accountId' | 'type' | 'topic'>): string =>
  `${accountId} ${type} ${topic}`;

/** Only what matters to a reader counts: a silence that is a day longer is the same silence. */
const differs = (insight: Insight, match: PatternMatch): boolean =>
  insight.severity !== match.severity ||
  insight.origin !== match.origin ||
  insight.evidenceKeys.length !== match.keys.length ||
  match.keys.some((key) => !insight.evidenceKeys.includes(key));

/** Whether an insight has become more severe, so that those have to be told who asked for this severity. */
export const isMoreSevere = (now: Severity, before: Severity): boolean =>
  SEVERITIES.indexOf(now) > SEVERITIES.indexOf(before);
