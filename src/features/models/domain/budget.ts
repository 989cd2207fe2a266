/** What a model is asked for. */
export type Purpose = 'pattern_detection' | 'summaries' | 'planning';

/** Tokens that went to a model and came back. */
export interface TokenCount {
  readonly in: number;
  readonly out: number;
}

/** What a million tokens cost each way, in whatever money the operator counts in. */
export interface Prices {
  readonly in: number;
  readonly out: number;
}

/** The day of UTC, as `2026-06-15`. Budgets begin anew with each. */
export const dayOf = (now: Date): string => now.toISOString().slice(0, 10);

/** What an endpoint puts around messages, in tokens; generous. */
const FRAME = 200;

/**
 * The most that a question can cost. A token stands for at least one byte of what is sent, so that what is held back
 * from the budget is never less than what is then used; the rest is given back once the answer says how much it was.
 *
 * @param bytes of all that is sent, the form of the answer included
 */
export const mostTokens = (bytes: number, maxOutputTokens: number): TokenCount => ({
  in: bytes + FRAME,
  out: maxOutputTokens,
});

export const totalOf = (tokens: TokenCount): number => tokens.in + tokens.out;

export const costOf = (tokens: TokenCount, prices: Prices): number =>
  (tokens.in * prices.in + tokens.out * prices.out) / 1_000_000;
