import { isChanged, type Outcome, type RecordedProposal, type ReplayedDecision } from './replay.js';

/** A proposal that the draft would treat differently. */
export interface ChangedDecision {
  readonly proposal: RecordedProposal;
  readonly before: ReplayedDecision;
  readonly after: ReplayedDecision;
}

/** How many proposals had each outcome, under the policy in force and under the draft. */
export interface Tally {
  proposals: number;
  changed: number;
  before: Record<Outcome, number>;
  after: Record<Outcome, number>;
}

const newTally = (): Tally => ({ proposals: 0, changed: 0, before: none(), after: none() });
const none = (): Record<Outcome, number> => ({ runs_alone: 0, waits_for_person: 0, never_runs: 0 });

/** Most types that are told apart; the rest are counted together. */
export const MAX_TYPES = 100;
/** Agents may make up types; beyond so many they are not even kept apart while counting. */
const MAX_COUNTED = 5_000;

/** Adds up what a draft changes. Memory is bounded, whatever was proposed. */
export class Totals {
  readonly all = newTally();
  private readonly types = new Map<string, Tally>();
  private readonly days = new Map<string, Tally>();
  private readonly others = newTally();

  /** @returns whether the draft changes the decision */
  add({ actionType, proposedAt }: RecordedProposal, before: ReplayedDecision, after: ReplayedDecision): boolean {
    const changed = isChanged(before, after);
    const day = proposedAt.toISOString().slice(0, 10);
    const ofType =
      this.types.has(actionType) || this.types.size < MAX_COUNTED ? tallyOf(this.types, actionType) : this.others;
    for (const tally of [this.all, ofType, tallyOf(this.days, day)]) {
      tally.proposals += 1;
      tally.changed += changed ? 1 : 0;
      tally.before[before.outcome] += 1;
      tally.after[after.outcome] += 1;
    }
    return changed;
  }

  /** Types with the most changes first, then by name; null stands for all the others together. */
  byType(): readonly (readonly [string | null, Tally])[] {
    // Stryker disable next-line EqualityOperator: no type stands there twice
    const sorted = [...this.types].sort(([a, one], [b, other]) => other.changed - one.changed || (a < b ? -1 : 1));
    const rest = [this.others, ...sorted.slice(MAX_TYPES).map(([, tally]) => tally)].reduce(sum, newTally());
    return [...sorted.slice(0, MAX_TYPES), ...(rest.proposals > 0 ? [[null, rest] as const] : [])];
  }

  /** Days (UTC) on which anything was proposed, in order. */
  byDay(): readonly (readonly [string, Tally])[] {
    // Stryker disable next-line EqualityOperator: no day stands there twice
    return [...this.days].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

function tallyOf(tallies: Map<string, Tally>, key: string): Tally {
  let tally = tallies.get(key);
  if (!tally) {
    tally = newTally();
    tallies.set(key, tally);
  }
  return tally;
}

const sum = (one: Tally, other: Tally): Tally => ({
  proposals: one.proposals + other.proposals,
  changed: one.changed + other.changed,
  before: sumOutcomes(one.before, other.before),
  after: sumOutcomes(one.after, other.after),
});

const sumOutcomes = (one: Tally['before'], other: Tally['before']): Tally['before'] => ({
  runs_alone: one.runs_alone + other.runs_alone,
  waits_for_person: one.waits_for_person + other.waits_for_person,
  never_runs: one.never_runs + other.never_runs,
});
