import { setTimeout as pause } from 'node:timers/promises';
import { print } from 'graphql';
import type { TypedDocument } from './document.js';
import { CountersignError, retryAfterMs, toCountersignError, type WireError } from './error.js';

/** How long a query or mutation may take, in milliseconds. Far more than any needs. */
const ANSWER_MS = 60_000;

export interface Endpoint {
  /** Where the server listens, such as `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly token: string;
}

/** How long a request waits in all, in milliseconds, where the server asks for fewer of them. */
const LONGEST_PATIENCE_MS = 600_000;

interface Answer<Result> {
  readonly data?: Result | null;
  readonly errors?: readonly WireError[];
}

/**
 * Sends a query or mutation. Where the server refuses because of too many requests, it has done nothing: the request
 * waits for as long as the server says and is sent again.
 *
 * @throws CountersignError
 */
export async function post<Result, Variables>(
  endpoint: Endpoint,
  document: TypedDocument<Result, Variables>,
  variables: Variables | undefined,
): Promise<Result> {
  for (let waited = 0; ; ) {
    try {
      return await postOnce(endpoint, document, variables);
    } catch (error) {
      const wait = retryAfterMs(error);
      if (wait === undefined || waited + wait > LONGEST_PATIENCE_MS) throw error;
      waited += wait;
      await pause(wait);
    }
  }
}

async function postOnce<Result, Variables>(
  { url, token }: Endpoint,
  document: TypedDocument<Result, Variables>,
  variables: Variables | undefined,
): Promise<Result> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: print(document), variables }),
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch((cause: unknown) => {
    throw unreachable(`expected a Countersign server at ${url}; ${reasonOf(cause)}`, cause);
  });
  const answer = (await response.json().catch((cause: unknown) => {
    throw unreachable(`expected a GraphQL answer from ${url}, got HTTP status ${response.status}`, cause);
  })) as Answer<Result>;
  if (answer.errors !== undefined && answer.errors.length > 0) throw toCountersignError(answer.errors);
  if (answer.data === undefined || answer.data === null) {
    throw unreachable(`expected a GraphQL answer from ${url}, got HTTP status ${response.status} without data`);
  }
  return answer.data;
}

const unreachable = (message: string, cause?: unknown): CountersignError =>
  new CountersignError('UNREACHABLE', `${message}.`, {}, { cause });

/** `fetch` itself says only "fetch failed"; what happened stands in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${ANSWER_MS / 1000} seconds`;
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  return code ?? (cause instanceof Error && cause.message !== '' ? cause.message : error.message);
}
