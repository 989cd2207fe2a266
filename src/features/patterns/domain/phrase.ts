import type { PatternType } from './pattern.js';

/** Patterns that show in words; the others show in times. */
export type SpokenType = Extract<
  PatternType,
  | 'budget'
  | 'urgency'
  | 'competitive_evaluation'
  | 'stakeholder_expansion'
  | 'budget_freeze'
  | 'champion_leaving'
  | 'competitor_preferred'
>;

export const SPOKEN_TYPES = [
  'budget',
  'urgency',
  'competitive_evaluation',
  'stakeholder_expansion',
  'budget_freeze',
  'champion_leaving',
  'competitor_preferred',
] as const satisfies readonly SpokenType[];

/** How to recognise one way of saying something. */
export interface PhraseRule {
  readonly type: SpokenType;
  /** How likely the pattern is where this alone is said: strong stands alone, weak needs a second piece. */
  readonly weight: number;
  readonly says: RegExp;
  /** Found in the same sentence, it means something else. */
  readonly unless?: RegExp;
  /** The same, where a note of ours speaks of us as "we". */
  readonly unlessInNote?: RegExp;
  /** The denial is part of the phrase ("no money left"), so none is looked for in front. */
  readonly isDenial?: true;
  /** Whether it still says something as a question. */
  readonly mayAsk?: true;
  /** Counts also where a note tells what we ourselves do or say. */
  readonly mayBeOurs?: true;
}

/** Alone above the threshold to begin with. */
export const STRONG = 0.8;
/** Two together are just above it; one alone never is, at any threshold that feedback can reach. */
export const WEAK = 0.48;

/** A way of saying it that stands alone. */
export const strong = (type: SpokenType, says: RegExp, more: Partial<PhraseRule> = {}): PhraseRule => ({
  type,
  weight: STRONG,
  says,
  ...more,
});
/** A way of saying it that needs a second piece. */
export const weak = (type: SpokenType, says: RegExp, more: Partial<PhraseRule> = {}): PhraseRule => ({
  ...strong(type, says, more),
  weight: WEAK,
});

/** Fills a gap within one statement, short enough that both ends belong together. */
export const GAP = '[^.!?;\\n]';
/** Any case and any script. */
export const re = (source: string): RegExp => new RegExp(source, 'giu');

const RIVALS =
  '(?:competitors?|competing (?:products?|offers?|solutions?|vendors?|quotes?|bids?)|alternatives?|rivals?|other (?:vendors?|providers?|suppliers?|solutions|tools|platforms|products|bidders?)|another (?:vendor|provider|supplier|solution|tool|platform|product)|(?:two|three|four|five|several|multiple|various) (?:other )?(?:vendors|providers|suppliers|solutions|platforms|bidders))';
/** A name; whether it is a competitor's is asked afterwards. */
export const NAME = "(?<name>(?-i:\\p{Lu})[\\p{L}\\d&]{2,30})(?:['’]s)?";
/** A competitor, by a word for one or by name. */
export const RIVAL = `(?:${RIVALS}|${NAME})\\b`;
