import { CompetitorNames } from './names.js';
import type { AccountSituation, Evidence } from './pattern.js';
import type { SpokenType } from './phrase.js';
import { spokenIn } from './spoken.js';

/** Something that mattered in a stretch of the past, in the words in which it was said. */
export interface Highlight {
  readonly type: SpokenType;
  readonly evidence: Evidence;
}

/** Most that are kept of one stretch. */
export const MOST_HIGHLIGHTS = 5;

/** What was said about each thing last within these interactions, newest first; not what was denied. */
export function highlightsOf(situation: AccountSituation): Highlight[] {
  const names = new CompetitorNames(situation);
  const last = new Map<SpokenType, Highlight>();
  const inTime = [...situation.interactions].sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime());
  for (const interaction of inTime) {
    for (const { type, says, evidence } of spokenIn(interaction, names)) {
      if (says) last.set(type, { type, evidence });
    }
  }
  return [...last.values()]
    .sort((a, b) => b.evidence.at.getTime() - a.evidence.at.getTime() || (a.type < b.type ? -1 : 1))
    .slice(0, MOST_HIGHLIGHTS);
}
