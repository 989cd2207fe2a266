import { daysBetween, tookPlace } from './contacts-in-time.js';
import { EVIDENCE_DAYS, OPPOSITES } from './detect.js';
import { CompetitorNames } from './names.js';
import type { AccountSituation, Evidence, ObservedInteraction } from './pattern.js';
import type { SpokenType } from './phrase.js';
import { type Finding, spokenIn } from './spoken.js';

/** Where one thing stands by what was said last about it. */
export interface Signal {
  readonly type: SpokenType;
  /** Whether it was said; false: denied, lifted, or overruled by its opposite. */
  readonly holds: boolean;
  readonly channel: ObservedInteraction['channel'];
  readonly evidence: Evidence;
  /** The newest that says otherwise and was overruled. */
  readonly overruled: { readonly channel: ObservedInteraction['channel']; readonly evidence: Evidence } | null;
}

/** What was said about each thing, newest first. Where channels disagree, what was said last holds. */
export function currentSignals(situation: AccountSituation, now: Date): Signal[] {
  const past = tookPlace(situation.interactions, now);
  const latest = past.at(-1);
  if (!latest) return [];
  const names = new CompetitorNames(situation);
  const said = past
    .filter(({ occurredAt }) => daysBetween(occurredAt, latest.occurredAt) <= EVIDENCE_DAYS)
    .flatMap((interaction) =>
      spokenIn(interaction, names).map((finding) => ({ ...finding, channel: interaction.channel })),
    )
    .reverse();
  const types = [...new Set(said.map(({ type }) => type))];
  return types.flatMap((type) => {
    const about = said.map((finding) => ({ ...finding, says: opinionOn(type, finding) }));
    const [last, ...earlier] = about.filter(({ says }) => says !== undefined);
    // Of two that exclude each other, one is shown: the one that was spoken of last.
    if (!last || last.type !== type) return [];
    const other = earlier.find(({ says }) => says !== last.says);
    return [
      {
        type,
        holds: last.says === true,
        channel: last.channel,
        evidence: last.evidence,
        overruled: other ? { channel: other.channel, evidence: other.evidence } : null,
      },
    ];
  });
}

/** What a finding says about a type: its own, or the opposite of one that was said. */
function opinionOn(type: SpokenType, finding: Finding): boolean | undefined {
  if (finding.type === type) return finding.says;
  const isOpposite = OPPOSITES.some((pair) => pair.includes(type) && pair.includes(finding.type));
  return isOpposite && finding.says ? false : undefined;
}
