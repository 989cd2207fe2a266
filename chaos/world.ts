import type { Tokens } from './fleet.js';
import type { Ledger } from './ledger.js';
import type { Chance } from './random.js';
import type { Receivers } from './receivers.js';

/** So many briefings an agent may run alone in an hour, by the policy that holds during a run. */
export const BRIEFINGS_AN_HOUR = 25;

/** The customer that everything is about. */
export const ACCOUNT_ID = '019f0000-0000-7000-8000-00000000acc0';

/** What everybody in a run shares. */
export interface World {
  readonly chance: Chance;
  readonly ledger: Ledger;
  readonly receivers: Receivers;
  readonly tokens: Tokens;
  /** What agents stand on at the moment; it moves under them. */
  readonly ground: { isStrict: boolean; dealId: string | undefined };
  /** Where the servers listen. */
  readonly urls: readonly string[];
  /** Aborted when nothing new is to be begun. */
  readonly stopping: AbortSignal;
  /** Aborted when what is still under way is to be given up. */
  readonly ended: AbortSignal;
}

interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes are looked at
  readonly data?: any;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

/** Sends a document; undefined: nobody answered. */
export async function ask(
  url: string,
  token: string,
  query: string,
  variables: object = {},
): Promise<Answer | undefined> {
  try {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(15_000),
    });
    return (await response.json()) as Answer;
  } catch {
    return undefined;
  }
}
