import type { JsonObject } from '../../kernel/json.js';
import type { Tx } from '../../kernel/transaction.js';
import type { Purpose, TokenCount } from './domain/budget.js';

/** Asks a model one thing. Never throws but for the signal's reason. */
export interface ModelEndpoint {
  ask(request: {
    readonly system: string;
    readonly user: string;
    readonly form: { readonly name: string; readonly schema: JsonObject };
    readonly maxOutputTokens: number;
    readonly signal: AbortSignal;
  }): Promise<EndpointReply>;
}

/** What came of it; `used` is `none` where surely nothing was charged, `unknown` where nobody said. */
export type EndpointReply =
  | { readonly outcome: 'answered'; readonly answer: unknown; readonly used: TokenCount | 'unknown' }
  | {
      readonly outcome: 'nonsense' | 'refused' | 'unreachable' | 'timed_out';
      readonly reason: string;
      readonly used: TokenCount | 'unknown' | 'none';
    };

/** What was used on one day for one purpose. */
export interface DayUsage {
  /** As `2026-06-15`, of UTC. */
  readonly day: string;
  readonly purpose: Purpose;
  readonly calls: number;
  /** Calls of which nothing came. */
  readonly failures: number;
  /** Calls that were not made because the day's budget would not have allowed them. */
  readonly refusals: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly cost: number;
}

/** What a call came to. */
export interface Settlement {
  readonly day: string;
  readonly purpose: Purpose;
  /** What was held back for it. */
  readonly held: number;
  readonly used: TokenCount;
  readonly cost: number;
  readonly hasFailed: boolean;
}

export interface UsageStore {
  /** Takes tokens out of the day's budget if they are there; one statement, so that no two callers get the same. */
  hold(tx: Tx, want: { readonly day: string; readonly tokens: number; readonly limit: number }): Promise<boolean>;
  /** Puts what was used in the place of what was held. */
  settle(tx: Tx, settlement: Settlement): Promise<void>;
  /** Counts a call that the budget did not allow. */
  refuse(tx: Tx, day: string, purpose: Purpose): Promise<void>;
  /** From this day on, the newest first. */
  since(tx: Tx, day: string): Promise<readonly DayUsage[]>;
  /** Tokens taken out of a day's budget, those held for calls under way included. */
  taken(tx: Tx, day: string): Promise<number>;
}
