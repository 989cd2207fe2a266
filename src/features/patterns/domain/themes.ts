import { daysBetween, tookPlace } from './contacts-in-time.js';
import { EVIDENCE_DAYS } from './detect.js';
import { ownSentences } from './own-words.js';
import { CATEGORY_OF, type Evidence, keyOf, type ObservedInteraction, type PatternMatch } from './pattern.js';

/** What customers ask for or worry about, as far as themes are looked for. */
const TOPICS: Readonly<Record<string, RegExp>> = {
  integration: /\bintegrat\w+|\bAPIs?\b|\binteroperab\w+/i,
  pricing: /\b(?:pric(?:e|es|ing)|costs?|licen[sc]e fees?|total cost of ownership)\b/i,
  security: /\b(?:security|encryption|penetration test|single sign-on|SSO|data breach|access control)\b/i,
  compliance: /\b(?:GDPR|compliance|HIPAA|ISO 27001|SOC 2|audit trail|data residency|regulat\w+)\b/i,
  migration: /\b(?:migrat\w+|data transfer|legacy systems?)\b/i,
  onboarding: /\b(?:onboarding|training|user adoption|learning curve)\b/i,
  scalability: /\b(?:scalab\w+|scale up|growing (?:data|volume|demand)|performance)\b/i,
  reporting: /\b(?:report(?:s|ing)|dashboards?|analytics)\b/i,
  support: /\b(?:technical support|support (?:team|availability|level)|service levels?|SLA|response times?)\b/i,
  customization: /\b(?:customi[sz]\w+|tailored features|configurab\w+)\b/i,
};

/** A topic counts where somebody wants or fears something, not wherever it is mentioned. */
const WANTED =
  /\b(?:concern\w*|worr(?:y|ied|ies)|issue\w*|problem\w*|challeng\w*|need\w*|request\w*|ask(?:s|ed|ing)?|requir\w+|question\w*|hesita\w+|pain points?|critical|emphasi[sz]\w+|priorit\w+|blocker\w*)\b/i;

/** Topics that an account's interactions raise, each with where it shows first. */
export function topicsIn(interactions: readonly ObservedInteraction[]): Map<string, Evidence> {
  const topics = new Map<string, Evidence>();
  for (const { id, content, occurredAt, direction, channel } of interactions) {
    if (direction === 'outbound' && channel !== 'meeting' && channel !== 'crm') continue;
    for (const { start, end } of ownSentences(content)) {
      const quote = content.slice(start, end);
      if (!WANTED.test(quote)) continue;
      for (const [topic, names] of Object.entries(TOPICS)) {
        if (topics.has(topic) || !names.test(quote)) continue;
        topics.set(topic, { interactionId: id, field: 'content', quote, start, end, at: occurredAt });
      }
    }
  }
  return topics;
}

/** Accounts that must raise a topic, and their share of those looked at, before it is a theme. */
export const THEME_ACCOUNTS = 3;
const THEME_SHARE = 0.1;
const KEPT = 5;

/** Counts topics over any number of accounts, one after another, in a few rows of memory. */
export class ThemeCount {
  private accounts = 0;
  private readonly byTopic = new Map<string, { accounts: number; evidence: Evidence[] }>();

  add(topics: ReadonlyMap<string, Evidence>): void {
    this.accounts += 1;
    for (const [topic, evidence] of topics) {
      const { accounts, evidence: kept } = this.byTopic.get(topic) ?? { accounts: 0, evidence: [] };
      const newest = [...kept, evidence].sort((a, b) => b.at.getTime() - a.at.getTime()).slice(0, KEPT);
      this.byTopic.set(topic, { accounts: accounts + 1, evidence: newest });
    }
  }

  /** Topics that several accounts share, the most widespread first. */
  themes(threshold: number): PatternMatch[] {
    return [...this.byTopic]
      .filter(([, { accounts }]) => accounts >= THEME_ACCOUNTS && accounts >= this.accounts * THEME_SHARE)
      .sort(([, a], [, b]) => b.accounts - a.accounts)
      .map(
        ([topic, { accounts, evidence }]): PatternMatch => ({
          type: 'shared_topic',
          category: CATEGORY_OF.shared_topic,
          accountId: null,
          topic,
          confidence: Math.min(0.99, 1 - 0.65 ** accounts),
          severity: 'low',
          origin: 'rules',
          summary: `${accounts} of ${this.accounts} accounts raise ${topic}.`,
          evidence,
          keys: evidence.map(keyOf),
          at: evidence[0]?.at ?? new Date(0),
        }),
      )
      .filter(({ confidence }) => confidence >= threshold);
  }
}

/** Topics of the time that still describes how the account stands. */
export function recentTopics(interactions: readonly ObservedInteraction[], now: Date): Map<string, Evidence> {
  const past = tookPlace(interactions, now);
  const latest = past.at(-1);
  if (!latest) return new Map();
  return topicsIn(past.filter(({ occurredAt }) => daysBetween(occurredAt, latest.occurredAt) <= EVIDENCE_DAYS));
}
