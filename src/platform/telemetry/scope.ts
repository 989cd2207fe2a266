import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { Outcome } from './metrics.js';

/** What is known of the request or socket at work; filled in as it becomes known. Never payloads, never secrets. */
export interface Scope {
  readonly requestId: string;
  /** The operation's name as its document says it, and what kind it is. */
  operation?: string;
  type?: string;
  /** `OK`, or the code of the first error. */
  outcome?: Outcome;
  tenant?: string;
  principal?: string;
}

const scopes = new AsyncLocalStorage<Scope>();

/** Does `work` within the scope: whatever is logged meanwhile carries its request id. */
export const inScope = <Result>(scope: Scope, work: () => Result): Result => scopes.run(scope, work);

/** The scope of the work at hand; undefined in background work. */
export const currentScope = (): Scope | undefined => scopes.getStore();

/** What may stand in the log as somebody else's word: enough for the ids that proxies and tracers make. */
const WELL_FORMED = /^[\w.:-]{1,128}$/;

/** The caller's own id of the request, where it is one; otherwise a new one. */
export const requestIdOf = (given: string | string[] | undefined): string =>
  typeof given === 'string' && WELL_FORMED.test(given) ? given : randomUUID();
