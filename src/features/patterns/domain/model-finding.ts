import { ownSentences } from './own-words.js';
import type { ModelFinding, ObservedInteraction } from './pattern.js';
import { SPOKEN_TYPES, type SpokenType, STRONG, WEAK } from './phrase.js';
import type { Finding } from './spoken.js';

/** What a model says that it found in an interaction, as it came. */
export interface ModelClaim {
  readonly type: string;
  readonly quote: string;
  readonly confidence: number;
}

/** From here on a claim counts as a strong piece of evidence, never more; below the other it does not count. */
const SURE = 0.8;
const LIKELY = 0.5;
/** A letter or a word stands everywhere. */
const SHORTEST_QUOTE = 8;

const isSpokenType = (type: string): type is SpokenType => SPOKEN_TYPES.some((known) => known === type);

/**
 * Of what a model claims, what can be taken: types that are spoken of, and quotes that stand exactly in what the
 * writer says. The evidence is the whole sentence, so that it is the same piece whoever found it.
 */
export function substantiated(claims: readonly ModelClaim[], interaction: ObservedInteraction): ModelFinding[] {
  const found = new Map<string, ModelFinding>();
  for (const { type, quote, confidence } of claims) {
    if (!isSpokenType(type) || !(confidence >= LIKELY) || quote.trim().length < SHORTEST_QUOTE) continue;
    const place = placeOf(quote, interaction);
    if (!place) continue;
    const weight = confidence >= SURE ? STRONG : WEAK;
    const key = `${type} ${place.field} ${place.start}`;
    if ((found.get(key)?.weight ?? 0) < weight) found.set(key, { type, ...place, weight });
  }
  return [...found.values()];
}

/** The sentence that holds the quote, or the longest that the quote holds. */
function placeOf(quote: string, interaction: ObservedInteraction): Omit<ModelFinding, 'type' | 'weight'> | undefined {
  for (const field of ['content', 'subject'] as const) {
    const text = interaction[field] ?? '';
    if (!text.includes(quote)) continue;
    const sentences = ownSentences(text).map(({ start, end }) => ({
      field,
      start,
      end,
      quote: text.slice(start, end),
    }));
    const [longest] = sentences
      .filter((sentence) => quote.includes(sentence.quote))
      .sort((a, b) => b.quote.length - a.quote.length);
    const place = sentences.find((sentence) => sentence.quote.includes(quote)) ?? longest;
    if (place) return place;
  }
  return undefined;
}

/**
 * What the model found in an interaction beside what the rules did. Where rules have something to say about the same
 * sentence, be it that it is denied, theirs stands. What no longer stands in the text does not count.
 */
export function foundByModel(interaction: ObservedInteraction, byRules: readonly Finding[]): Finding[] {
  return (interaction.modelFindings ?? []).flatMap(({ type, field, quote, start, end, weight }) => {
    if (!isSpokenType(type) || (interaction[field] ?? '').slice(start, end) !== quote) return [];
    const isKnown = byRules.some(
      ({ type: known, evidence }) => known === type && evidence.field === field && evidence.start === start,
    );
    if (isKnown) return [];
    const evidence = { interactionId: interaction.id, field, quote, start, end, at: interaction.occurredAt };
    return [{ type, says: true, weight, evidence, isByModel: true }];
  });
}
