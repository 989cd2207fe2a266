import type { Id } from '../../../kernel/ids.js';

/** What a pattern is about. */
export type Category = 'buying_signal' | 'risk' | 'engagement_change' | 'theme';

/** Closed list of what is looked for, each with its category. */
export const CATEGORY_OF = {
  budget: 'buying_signal',
  urgency: 'buying_signal',
  competitive_evaluation: 'buying_signal',
  stakeholder_expansion: 'buying_signal',
  silence: 'risk',
  dormancy: 'risk',
  slowing_replies: 'risk',
  budget_freeze: 'risk',
  champion_leaving: 'risk',
  competitor_preferred: 'risk',
  engagement_rise: 'engagement_change',
  engagement_drop: 'engagement_change',
  shared_topic: 'theme',
} as const satisfies Record<string, Category>;
export type PatternType = keyof typeof CATEGORY_OF;
export const PATTERN_TYPES = Object.keys(CATEGORY_OF) as readonly PatternType[];

/** From the least to the most severe. */
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Where in the source a pattern shows. */
export interface Evidence {
  readonly interactionId: Id;
  readonly field: 'subject' | 'content';
  /** Exactly what stands in that field from `start` to `end`, counted in UTF-16 code units. */
  readonly quote: string;
  readonly start: number;
  readonly end: number;
  /** When the interaction took place. */
  readonly at: Date;
}

/**
 * Who found a pattern. `both`: rules alone show it, and a language model adds evidence. `model`: it would not show by
 * the rules alone.
 */
export type Origin = 'rules' | 'model' | 'both';

/** Something that the records of one account, or of several for a theme, show. */
export interface PatternMatch {
  readonly type: PatternType;
  readonly category: Category;
  /** Null for a theme, which runs over accounts. */
  readonly accountId: Id | null;
  /** What a theme is about; null for everything else. */
  readonly topic: string | null;
  /** From 0 to 1. */
  readonly confidence: number;
  readonly severity: Severity;
  readonly origin: Origin;
  /** One sentence that says what was seen, with its figures. */
  readonly summary: string;
  /** Newest first; never empty; not all, where there is much. */
  readonly evidence: readonly Evidence[];
  /** What it stands on, piece by piece, in the form in which the same piece is recognised again. */
  readonly keys: readonly string[];
  /** When the newest evidence took place. */
  readonly at: Date;
}

/** The same sentence of the same interaction is the same piece, also where it was moved within the text. */
export const keyOf = ({ interactionId, quote }: Evidence): string =>
  `${interactionId} ${quote.toLowerCase().replace(/\s+/g, ' ')}`;

/** What a language model found in an interaction, and where that really stands; as it is stored. */
export interface ModelFinding extends Pick<Evidence, 'field' | 'quote' | 'start' | 'end'> {
  readonly type: string;
  /** From 0 to 1, see `PhraseRule`. */
  readonly weight: number;
}

/** The part of an interaction that patterns show in. */
export interface ObservedInteraction {
  readonly id: Id;
  readonly occurredAt: Date;
  readonly channel: 'email' | 'chat' | 'meeting' | 'crm';
  readonly direction: 'inbound' | 'outbound' | null;
  readonly status: 'completed' | 'scheduled' | 'cancelled';
  readonly contactId: Id | null;
  readonly contactName: string | null;
  readonly subject: string | null;
  readonly content: string;
  /** What a language model found in it when it read it. Left out: nothing, or it has not read it. */
  readonly modelFindings?: readonly ModelFinding[];
  /** Whether a language model has read it as it stands now. */
  readonly isReadByModel?: boolean;
  /** When it last changed. */
  readonly updatedAt?: Date;
}

/** What is known of one account. */
export interface AccountSituation {
  readonly accountId: Id;
  readonly accountName: string;
  /** In any order. */
  readonly interactions: readonly ObservedInteraction[];
  readonly contacts: readonly { readonly id: Id; readonly name: string }[];
  readonly deals: readonly { readonly stage: string; readonly product: string | null }[];
  /** Names of competitors that are known from elsewhere. */
  readonly competitors: readonly string[];
  /** By type, the keys of evidence that people have dealt with already: it does not count again. */
  readonly settled?: ReadonlyMap<PatternType, ReadonlySet<string>>;
}

/** Where a pattern begins to count, by type, from 0 to 1. */
export type Thresholds = Readonly<Record<PatternType, number>>;

/** Where every pattern begins to count before anybody has said anything about it. */
export const INITIAL_THRESHOLD = 0.7;

export const INITIAL_THRESHOLDS: Thresholds = Object.freeze(
  Object.fromEntries(PATTERN_TYPES.map((type) => [type, INITIAL_THRESHOLD])) as Record<PatternType, number>,
);

export const DAY_MS = 86_400_000;
