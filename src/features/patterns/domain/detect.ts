import { daysBetween, opening, tookPlace } from './contacts-in-time.js';
import { findInTimes } from './engagement.js';
import { foundByModel } from './model-finding.js';
import { CompetitorNames } from './names.js';
import {
  type AccountSituation,
  CATEGORY_OF,
  type Evidence,
  keyOf,
  type ObservedInteraction,
  type Origin,
  type PatternMatch,
  type PatternType,
  type Thresholds,
} from './pattern.js';
import { type SpokenType, STRONG, WEAK } from './phrase.js';
import { severityOf } from './severity.js';
import { type Finding, spokenIn } from './spoken.js';

/** What was said this many days before the latest exchange still describes how the account stands. */
export const EVIDENCE_DAYS = 45;
/** Most pieces of evidence that a match carries, the newest. */
export const MAX_EVIDENCE = 5;
/** Of two that contradict each other, the one said last holds. */
export const OPPOSITES: readonly (readonly [SpokenType, SpokenType])[] = [['budget', 'budget_freeze']];

/** Stages in which nothing is left to win. */
const CLOSED = ['closed_won', 'closed_lost'];

/**
 * Every pattern that one account's records show. A pattern shows with one strong piece of evidence or at least two
 * pieces, and from its threshold on. What was said later overrules what was said before, whatever the channel.
 */
export function detectPatterns(situation: AccountSituation, now: Date, thresholds: Thresholds): PatternMatch[] {
  const past = tookPlace(situation.interactions, now);
  const spoken = [...gather(situation, past)].map(([type, findings]) => {
    const weighed = weigh(type, findings);
    const byRules = weigh(
      type,
      findings.filter(({ isByModel }) => !isByModel),
    );
    return weighed && { ...weighed, origin: originOf(weighed, byRules, thresholds[type]) };
  });
  const timed = findInTimes(
    situation.interactions,
    now,
    situation.deals.some(({ stage }) => !CLOSED.includes(stage)),
  )
    .map((finding) => ({ ...finding, keys: finding.evidence.map(keyOf), origin: 'rules' as const }))
    // A trend goes on in what it began with: it is a new one only when nothing of the old is in it.
    .filter(({ type, keys }) => !keys.some((key) => situation.settled?.get(type)?.has(key)));
  return [...spoken.filter((seen) => seen !== undefined), ...timed]
    .filter(({ type, confidence }) => confidence >= thresholds[type])
    .map(({ type, confidence, summary, evidence, keys, origin }): PatternMatch => {
      const at = evidence[0]?.at ?? now;
      const severity = severityOf({ type, at, now, deals: situation.deals });
      return {
        type,
        category: CATEGORY_OF[type],
        accountId: situation.accountId,
        topic: null,
        confidence: Math.min(1, Math.max(0, confidence)),
        // Somebody is woken for what is critical: a model, which customers' words may mislead, does not do that alone.
        severity: origin === 'model' && severity === 'critical' ? 'high' : severity,
        origin,
        summary,
        evidence: evidence.slice(0, MAX_EVIDENCE),
        keys,
        at,
      };
    })
    .sort((a, b) => b.confidence - a.confidence || (a.type < b.type ? -1 : 1));
}

/** Findings by type, oldest first, within the time that counts, without those that were overruled. */
function gather(situation: AccountSituation, past: readonly ObservedInteraction[]): Map<SpokenType, Finding[]> {
  const latest = past.at(-1);
  const byType = new Map<SpokenType, Finding[]>();
  if (!latest) return byType;
  const names = new CompetitorNames(situation);
  const recent = past.filter(({ occurredAt }) => daysBetween(occurredAt, latest.occurredAt) <= EVIDENCE_DAYS);
  for (const finding of [
    ...recent.flatMap((interaction) => {
      const byRules = spokenIn(interaction, names);
      return [...byRules, ...foundByModel(interaction, byRules)];
    }),
    ...newcomers(past, recent),
  ]) {
    if (situation.settled?.get(finding.type)?.has(keyOf(finding.evidence))) continue;
    const before = finding.says ? (byType.get(finding.type) ?? []) : [];
    byType.set(finding.type, finding.says ? [...before, finding] : []);
  }
  for (const [one, other] of OPPOSITES) {
    const overruled = lastSaid(byType.get(one)) > lastSaid(byType.get(other)) ? other : one;
    const until = lastSaid(byType.get(overruled === one ? other : one));
    byType.set(
      overruled,
      (byType.get(overruled) ?? []).filter(({ evidence }) => evidence.at.getTime() > until),
    );
  }
  return byType;
}

const lastSaid = (findings: readonly Finding[] = []): number => findings.at(-1)?.evidence.at.getTime() ?? 0;

/** People who had not been seen while others were already: each is a weak sign that more of them take part. */
function newcomers(past: readonly ObservedInteraction[], recent: readonly ObservedInteraction[]): Finding[] {
  const isRecent = new Set(recent);
  const who = ({ contactId, contactName }: ObservedInteraction) => contactId ?? contactName;
  const earlier = new Set(past.filter((interaction) => !isRecent.has(interaction)).map(who));
  earlier.delete(null);
  if (earlier.size === 0) return [];
  const found: Finding[] = [];
  for (const interaction of recent) {
    const person = who(interaction);
    if (person === null || earlier.has(person)) continue;
    earlier.add(person);
    found.push({ type: 'stakeholder_expansion', says: true, weight: WEAK, evidence: opening(interaction) });
  }
  return found;
}

interface Weighed {
  readonly type: PatternType;
  readonly confidence: number;
  readonly summary: string;
  readonly evidence: readonly Evidence[];
  readonly keys: readonly string[];
}

function originOf(all: Weighed, byRules: Weighed | undefined, threshold: number): Origin {
  if (!byRules || byRules.confidence < threshold) return 'model';
  return byRules.keys.length === all.keys.length ? 'rules' : 'both';
}

/** Pieces of evidence are taken as independent: each leaves less room for the pattern not to be there. */
function weigh(type: SpokenType, findings: readonly Finding[]): Weighed | undefined {
  const pieces = distinct(findings);
  if (pieces.length < 2 && !pieces.some(({ weight }) => weight >= STRONG)) return undefined;
  const room = pieces.reduce((left, { weight }) => left * (1 - weight), 1);
  const evidence = pieces
    .toSorted((a, b) => b.evidence.at.getTime() - a.evidence.at.getTime())
    .map((finding) => finding.evidence);
  const times = pieces.length === 1 ? 'once' : `${pieces.length} times`;
  const keys = findings.map((finding) => keyOf(finding.evidence));
  return { type, confidence: Math.min(0.99, 1 - room), summary: `${SAID[type]}, said ${times}.`, evidence, keys };
}

/** The same sentence twice, as in a note that was copied, is one piece of evidence. */
function distinct(findings: readonly Finding[]): Finding[] {
  const byQuote = new Map<string, Finding>();
  for (const finding of findings) {
    const quote = finding.evidence.quote.toLowerCase().replace(/\s+/g, ' ');
    if (!byQuote.has(quote)) byQuote.set(quote, finding);
  }
  return [...byQuote.values()];
}

const SAID: Readonly<Record<SpokenType, string>> = {
  budget: 'There is money for it',
  urgency: 'They are in a hurry',
  competitive_evaluation: 'They compare us with others',
  stakeholder_expansion: 'More people of theirs take part',
  budget_freeze: 'Their money is held back',
  champion_leaving: 'Somebody who matters is leaving',
  competitor_preferred: 'They lean towards a competitor',
};
