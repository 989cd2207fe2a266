import type { Channel, DealStage, Direction, InteractionStatus } from './drafts.js';
import type { Mapping } from './mapping.js';
import { CHANNEL_NAMES, DIRECTION_NAMES, key, STAGE_NAMES, STATUS_NAMES } from './vocabulary.js';

/** From the export's words to ours: the mapping's entries before the defaults. */
export interface Terms {
  readonly stages: Dictionary<DealStage>;
  readonly channels: Dictionary<Channel>;
  readonly directions: Dictionary<Direction>;
  readonly statuses: Dictionary<InteractionStatus>;
  readonly sectors: Dictionary<string>;
}

export const termsOf = (mapping: Mapping): Terms => ({
  stages: new Dictionary(STAGE_NAMES, mapping.stages),
  channels: new Dictionary(CHANNEL_NAMES, mapping.channels),
  directions: new Dictionary(DIRECTION_NAMES, mapping.directions),
  statuses: new Dictionary(STATUS_NAMES, mapping.statuses),
  // No defaults: an export's sectors stay as they are until somebody says otherwise.
  sectors: new Dictionary({}, mapping.sectors),
});

/** Looks words up without regard to case, spaces and punctuation. */
export class Dictionary<Term extends string> {
  private readonly terms = new Map<string, Term>();

  constructor(
    private readonly defaults: Readonly<Partial<Record<Term, readonly string[]>>>,
    overrides: Readonly<Record<string, Term>>,
  ) {
    for (const [term, words] of Object.entries(defaults) as [Term, readonly string[]][]) {
      for (const word of words) this.terms.set(word, term);
    }
    for (const [word, term] of Object.entries(overrides)) this.terms.set(key(word), term);
  }

  find(word: string): Term | undefined {
    return this.terms.get(key(word));
  }

  /** What to tell somebody whose word is not in here. */
  unknown(what: string, section: string): string {
    const terms = Object.keys(this.defaults).join(', ');
    return `expected a known ${what}; add it under "${section}" in the mapping as one of ${terms}`;
  }
}
