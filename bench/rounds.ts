/** One way of doing the job, measured beside the others. */
export interface Contestant {
  readonly name: string;
  /** How it is called in the report. */
  readonly title: string;
  /** How many times ours should be as fast, as a goal; undefined where none is set. */
  readonly goal?: number;
  /** How often a second it does the job, in fresh processes. Throws when an answer was wrong. */
  readonly measure: () => Promise<number>;
}

/** Rates by contestant's name, one for each round. */
export type Rates = Readonly<Record<string, readonly number[]>>;

/**
 * Measures everyone once a round, every second round in the opposite order, so that what drifts (heat, neighbours, a
 * growing log) falls on all alike.
 */
export async function measureInTurn(
  contestants: readonly Contestant[],
  rounds: number,
  told: (text: string) => void,
): Promise<Rates> {
  const rates: Record<string, number[]> = Object.fromEntries(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, title, measure } of round % 2 === 0 ? contestants : contestants.toReversed()) {
      const rate = await measure();
      rates[name]?.push(rate);
      told(`round ${round + 1} of ${rounds}: ${title}: ${Math.round(rate).toLocaleString('en')}/s`);
    }
  }
  return rates;
}

/** The middle, and how far it spreads. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const middle = sorted.length / 2;
  const median = sorted.length % 2 === 1 ? at(Math.floor(middle)) : (at(middle - 1) + at(middle)) / 2;
  return { median, min: at(0), max: at(sorted.length - 1) };
}

/** How many times as fast `ours` is as `theirs`, round by round: neighbours in time are compared, not averages. */
export const ratioOf = (ours: readonly number[], theirs: readonly number[]): Spread =>
  spreadOf(ours.flatMap((rate, round) => (theirs[round] === undefined ? [] : [rate / theirs[round]])));
