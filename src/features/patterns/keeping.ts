import type { NewEvent } from '../../kernel/events.js';
import { type Id, newId } from '../../kernel/ids.js';
import type { EventWriter, Tx } from '../../kernel/transaction.js';
import { compare, type Insight, isMoreSevere } from './domain/insight.js';
import type { PatternMatch, PatternType } from './domain/pattern.js';
import type { InsightStore, KnownInsights } from './ports.js';

/** By type, the keys of evidence that people have dealt with already. */
export type Settled = ReadonlyMap<PatternType, ReadonlySet<string>>;

/** What patterns are looked for in: an account, or with null what several share. */
export interface Subject<Account extends Id | null = Id | null> {
  readonly accountId: Account;
  readonly matchesFor: (settled: Settled) => readonly PatternMatch[];
}

/** What a look at one account did. */
export interface ScanCounts {
  readonly raised: number;
  readonly updated: number;
  readonly dismissed: number;
}

export const NOTHING_DONE: ScanCounts = { raised: 0, updated: 0, dismissed: 0 };
export const NOTHING_KNOWN: KnownInsights = { pending: [], settled: new Map() };

/** Who a scan's events are by. */
const SCANNER = 'system:patterns';

/** Brings what is stored of insights into line with what shows now. */
export class Keeping {
  constructor(private readonly parts: { readonly insights: InsightStore; readonly events: EventWriter }) {}

  /** Of one account, or of themes. */
  async keep(tx: Tx, subject: Subject, now: Date): Promise<ScanCounts> {
    const known = await this.parts.insights.known(tx, subject.accountId);
    return (await this.write(tx, [{ subject, known }], now))[0] ?? NOTHING_DONE;
  }

  /** Of several accounts, all or none of them. */
  async keepTogether(tx: Tx, subjects: readonly Subject<Id>[], now: Date): Promise<ReadonlyMap<Id, ScanCounts>> {
    const known = await this.parts.insights.hold(
      tx,
      subjects.map(({ accountId }) => accountId),
    );
    const held = subjects.map((subject) => ({ subject, known: known.get(subject.accountId) ?? NOTHING_KNOWN }));
    const counts = await this.write(tx, held, now);
    return new Map(subjects.map(({ accountId }, index) => [accountId, counts[index] ?? NOTHING_DONE]));
  }

  /** What is raised, of all of them, goes in with one statement, and so do the events. */
  private async write(tx: Tx, held: readonly Held[], now: Date): Promise<readonly ScanCounts[]> {
    const { insights, events } = this.parts;
    const log: NewEvent[] = [];
    const note = (type: NewEvent['type'], insight: Insight) =>
      log.push({ type, subjectId: insight.id, data: factsOf(insight), actor: SCANNER, at: now });
    const changes = held.map((one) => changeOf(one));
    const made = changes.map(({ raised }) => raised.map((match) => toInsight(match, tx.tenantId, now)));
    await insights.insert(tx, made.flat());
    for (const insight of made.flat()) note('insight.raised', insight);
    for (const { updated, over } of changes) {
      for (const { insight, match } of updated) {
        const { severity, origin, confidence, summary, evidence, keys } = match;
        const update = { severity, origin, confidence, summary, evidence, evidenceKeys: keys, updatedAt: now };
        await insights.update(tx, insight.id, update);
        if (isMoreSevere(severity, insight.severity)) note('insight.escalated', { ...insight, ...update });
      }
      for (const insight of over) {
        const reason = 'It does not show any more.';
        const resolution = { status: 'dismissed', by: SCANNER, at: now, actionId: null, reason } as const;
        if (await insights.resolve(tx, insight.id, resolution)) note('insight.dismissed', insight);
      }
    }
    await events.append(tx, log);
    return changes.map(({ raised, updated, over }) => ({
      raised: raised.length,
      updated: updated.length,
      dismissed: over.length,
    }));
  }
}

interface Held {
  readonly subject: Subject;
  readonly known: KnownInsights;
}

function changeOf({ subject: { accountId, matchesFor }, known: { pending, settled } }: Held) {
  const matches = matchesFor(settled).filter(
    ({ type, keys }) => accountId !== null || !keys.some((key) => settled.get(type)?.has(key)),
  );
  const { raised, updated, gone } = compare(pending, matches);
  // A scan sees only the accounts of its days: that a theme is not among them does not mean that it is over.
  return { raised, updated, over: accountId === null ? [] : gone };
}

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
