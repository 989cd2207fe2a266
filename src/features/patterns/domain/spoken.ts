import { BUYING_PHRASES } from './buying-phrases.js';
import type { CompetitorNames } from './names.js';
import { ownSentences, READ_LENGTH } from './own-words.js';
import type { Evidence, ObservedInteraction } from './pattern.js';
import type { PhraseRule, SpokenType } from './phrase.js';
import { RISK_PHRASES, ROUND } from './risk-phrases.js';
import { standingOf } from './standing.js';

/** One sentence that says something, or that denies it. */
export interface Finding {
  readonly type: SpokenType;
  readonly says: boolean;
  /** From 0 to 1, see `PhraseRule`. */
  readonly weight: number;
  readonly evidence: Evidence;
  /** A language model found it, no rule. */
  readonly isByModel?: true;
}

const PHRASES = [...BUYING_PHRASES, ...RISK_PHRASES];

/** Bad things can be lifted; the others cannot. */
const BAD: readonly SpokenType[] = ['budget_freeze', 'champion_leaving', 'competitor_preferred'];

/** In a note, whoever is named last before a phrase is who says or does it. */
const SPEAKERS =
  /\b(?:(we|i|our (?:\p{L}+ )?(?:team|side|colleagues?|specialists?)|let['’]s)|(they|their|them|he|his|him|she|her|customer|client|prospect))\b/giu;

/**
 * What one interaction says. A message of ours says nothing about the customer; a message of theirs speaks of itself
 * as "we"; a note of ours speaks of us as "we".
 */
export function spokenIn(interaction: ObservedInteraction, names: CompetitorNames): Finding[] {
  if (!tellsOfCustomer(interaction)) return [];
  const isTheirs = interaction.direction === 'inbound';
  const findings: Finding[] = [];
  for (const field of ['subject', 'content'] as const) {
    const text = interaction[field] ?? '';
    names.learnFrom(text.slice(0, READ_LENGTH));
    for (const { start, end } of ownSentences(text)) {
      const quote = text.slice(start, end);
      const evidence = { interactionId: interaction.id, field, quote, start, end, at: interaction.occurredAt };
      for (const [type, { says, weight }] of readSentence(quote, isTheirs, names)) {
        findings.push({ type, says, weight, evidence });
      }
    }
  }
  return findings;
}

/** Whether an interaction can say anything about the customer. */
export const tellsOfCustomer = (interaction: ObservedInteraction): boolean =>
  interaction.status !== 'cancelled' && (interaction.direction !== 'outbound' || isReport(interaction));

/** What is written after a meeting, or into the sales system, reports on both sides, whoever wrote it. */
const isReport = ({ channel }: ObservedInteraction): boolean => channel === 'meeting' || channel === 'crm';

type Saying = Pick<Finding, 'says' | 'weight'>;

function readSentence(sentence: string, isTheirs: boolean, names: CompetitorNames): Map<SpokenType, Saying> {
  const found = new Map<SpokenType, Saying>();
  for (const rule of PHRASES) {
    if (rule.unless?.test(sentence) || (!isTheirs && rule.unlessInNote?.test(sentence))) continue;
    const before = found.get(rule.type);
    if (before && before.weight >= rule.weight) continue;
    for (const match of sentence.matchAll(rule.says)) {
      if (!isMeant(rule, match, names)) continue;
      const span = { start: match.index, end: match.index + match[0].length };
      if (!isTheirs && !rule.mayBeOurs && isOurs(sentence.slice(0, span.start))) continue;
      const standing = standingOf({
        sentence,
        span,
        isDenial: rule.isDenial === true,
        isSaidByAsking: rule.mayAsk === true,
        isBad: BAD.includes(rule.type),
      });
      if (standing === 'open') continue;
      found.set(rule.type, { says: standing === 'said', weight: rule.weight });
      if (standing === 'said') break;
    }
  }
  return found;
}

/** Whether a phrase that needs a competitor names one, and a preference points away from us. */
function isMeant({ type }: PhraseRule, { 0: phrase, groups }: RegExpMatchArray, names: CompetitorNames): boolean {
  if (type === 'competitor_preferred' && ROUND.test(groups?.gap ?? '')) return false;
  const name = groups?.name;
  if (type === 'champion_leaving') return name === undefined || names.isAccount(name);
  return name === undefined || names.isKnown(name) || (isNamedOutright(type, phrase) && names.mayBe(name));
}

/** Whether the words beside a name leave little else for it to be. */
const isNamedOutright = (type: SpokenType, phrase: string): boolean =>
  type === 'competitor_preferred' || /\b(?:versus|vs|evaluat|compar)/i.test(phrase);

function isOurs(upToPhrase: string): boolean {
  const last = [...upToPhrase.matchAll(SPEAKERS)].at(-1);
  return last?.[1] !== undefined;
}
