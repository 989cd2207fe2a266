export {
  type ActionToGuard,
  type Agent,
  type Claim,
  createAgent,
  type GuardedAction,
  type GuardOptions,
  type GuardOutcome,
  OutcomeUnknown,
  type SignedAction,
} from './agent.js';
export {
  type CountersignClient,
  createCountersignClient,
  type LiveOptions,
  type LiveVariables,
} from './client.js';
export type { TypedDocument } from './document.js';
export { CountersignError, type CountersignErrorCode } from './error.js';
export type { LiveEvents } from './live-events.js';
export type { SignedContent } from './signed.js';
