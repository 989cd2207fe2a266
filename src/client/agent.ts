import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  GuardActionDocument,
  type GuardActionQuery,
  GuardChangesDocument,
  GuardClaimDocument,
  GuardCompleteDocument,
  GuardFailDocument,
  GuardProposeDocument,
  GuardRenewDocument,
  GuardResumedDocument,
  type ProposeActionInput,
} from '../cli/generated/operations.js';
import { type CountersignClient, createCountersignClient } from './client.js';
import { CountersignError } from './error.js';
import type { Endpoint } from './http.js';
import { holdLease, patiently } from './lease.js';
import type { LiveEvents } from './live-events.js';
import { readSigned, type SignedContent } from './signed.js';

/** What the agent wants done; field for field the API's `ProposeActionInput`. */
export type ActionToGuard = ProposeActionInput;

/** An action as the server last told. */
export type GuardedAction = GuardActionQuery['action'];

/** What was signed, and nothing else, is what to run. */
export interface SignedAction extends SignedContent {
  readonly id: string;
  /** The exact text that was signed; its digest has been checked. */
  readonly canonical: string;
  readonly digest: string;
  /** Aborted when the claim is lost: stop, and report nothing. */
  readonly signal: AbortSignal;
}

/** How it ended. `status` says which fields mean something, as in the API. */
export type GuardOutcome =
  | { readonly status: 'EXECUTED'; readonly action: GuardedAction; readonly result: Readonly<Record<string, unknown>> }
  | { readonly status: 'FAILED'; readonly action: GuardedAction; readonly error: string }
  /** Nobody ran it, nobody will: rejected, expired, invalidated, cancelled or a hard stop. `reason` is for people. */
  | {
      readonly status: 'REJECTED' | 'EXPIRED' | 'INVALIDATED' | 'CANCELLED' | 'BLOCKED';
      readonly action: GuardedAction;
      readonly reason: string;
    }
  /** It may or may not have happened; a person will find out. */
  | { readonly status: 'OUTCOME_UNKNOWN'; readonly action: GuardedAction; readonly reason: string };

/** Throw it from `run` when the effect may have happened: nothing is reported, and a person will find out. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

export interface GuardOptions {
  /** Gives up waiting. What was proposed stays proposed: guarding it again, by the same key, goes on. */
  readonly signal?: AbortSignal;
  /** Length of a claim in seconds, 5 to 3,600; held for as long as `run` takes. 60 when left out. */
  readonly leaseSeconds?: number;
  /**
   * Further action types that `run` knows how to do, looking at `signed.actionType`. A person may put another type in
   * the place of yours before signing; one that is not named here is reported as failed, and `run` is not called.
   */
  readonly alsoRuns?: readonly string[];
}

/** Runs what it signs off; see `createAgent`. */
export interface Agent {
  /**
   * Proposes, waits for whoever has to decide, claims, runs what was signed, reports. Safe to call again with the same
   * idempotency key, after a crash too: an action that has run, or may have, is not run again. Of another type than
   * the one that was guarded, see `alsoRuns`, it is not run either.
   *
   * @throws CountersignError when the server refuses the proposal as such; what `signal` gives when it is aborted
   */
  guard(
    action: ActionToGuard,
    run: (signed: SignedAction) => Promise<Readonly<Record<string, unknown>> | undefined>,
    options?: GuardOptions,
  ): Promise<GuardOutcome>;
  propose(action: ActionToGuard): Promise<GuardedAction>;
  /** The action once it is no longer waiting for anybody: allowed, approved, or ended. */
  decided(actionId: string, signal?: AbortSignal): Promise<GuardedAction>;
  /**
   * Takes it to run it. Report with the claim's epoch.
   *
   * @param claimKey a new one for every claim; give it yourself to send a claim whose answer was lost once more
   */
  claim(actionId: string, leaseSeconds?: number, claimKey?: string): Promise<Claim>;
  complete(claim: Claim, result?: Readonly<Record<string, unknown>>): Promise<GuardedAction>;
  fail(claim: Claim, error: string): Promise<GuardedAction>;
  /** Holds the claim for longer. */
  renew(claim: Claim, leaseSeconds?: number): Promise<void>;
  /** Ends what waits and the connection. Safe to call twice. */
  close(): Promise<void>;
}

export interface Claim extends Omit<SignedAction, 'signal'> {
  readonly leaseEpoch: number;
}

const LEASE_SECONDS = 60;
/** How long to wait after a claim that was refused. */
const RETRY_MS = 200;

/** For programs that act: a token or API key with the role `agent`. */
export function createAgent(endpoint: Endpoint): Agent {
  const client = createCountersignClient(endpoint);
  const agent: Agent = {
    guard: (action, run, options = {}) => guard(client, agent, { action, run, ...options }),
    propose: async (action) => (await client.request(GuardProposeDocument, { input: action })).proposeAction.action,
    decided: (actionId, signal) => waitFor(client, actionId, (action) => !WAITING.has(action.status), signal),
    async claim(actionId, leaseSeconds = LEASE_SECONDS, claimKey = randomUUID()) {
      const { claimAction } = await client.request(GuardClaimDocument, { input: { actionId, leaseSeconds, claimKey } });
      const { canonical, digest, leaseEpoch } = claimAction;
      return { id: actionId, canonical, digest, leaseEpoch, ...readSigned(canonical, digest) };
    },
    complete: async ({ id, leaseEpoch }, result = {}) =>
      (await client.request(GuardCompleteDocument, { input: { actionId: id, leaseEpoch, result } })).completeAction,
    fail: async ({ id, leaseEpoch }, error) =>
      (await client.request(GuardFailDocument, { input: { actionId: id, leaseEpoch, error: error.slice(0, 2_000) } }))
        .failAction,
    async renew({ id, leaseEpoch }, leaseSeconds = LEASE_SECONDS) {
      await client.request(GuardRenewDocument, { input: { actionId: id, leaseEpoch, leaseSeconds } });
    },
    close: () => client.close(),
  };
  return agent;
}

/** Somebody else has to do something first. */
const WAITING: ReadonlySet<string> = new Set(['PENDING_APPROVAL']);
const MAY_START: ReadonlySet<string> = new Set(['ALLOWED', 'APPROVED']);

interface Guarding extends GuardOptions {
  readonly action: ActionToGuard;
  readonly run: Parameters<Agent['guard']>[1];
}

async function guard(client: CountersignClient, agent: Agent, guarding: Guarding): Promise<GuardOutcome> {
  const { signal } = guarding;
  const proposed = await patiently(() => agent.propose(guarding.action), signal);
  for (;;) {
    // A connector of the server runs its actions itself: there is nothing to do but to wait.
    const isOver = ({ status, connector }: GuardedAction) =>
      connector === 'AGENT' ? !WAITING.has(status) && status !== 'EXECUTING' : ended(status);
    const action = await waitFor(client, proposed.id, isOver, signal);
    const outcome = outcomeOf(action);
    if (outcome) return outcome;
    const claim = await claimOrWait(client, agent, action, guarding);
    if (claim) return runClaimed(agent, claim, guarding);
    // It has moved, or another holds it for a moment: looking at once again would only get in the way.
    await pause(RETRY_MS, undefined, { signal });
  }
}

const ended = (status: string): boolean => !WAITING.has(status) && !MAY_START.has(status) && status !== 'EXECUTING';

/** Undefined: look at the action again, it has moved. */
async function claimOrWait(
  client: CountersignClient,
  agent: Agent,
  { id }: GuardedAction,
  { signal, leaseSeconds }: Guarding,
): Promise<Claim | undefined> {
  // One for as long as this program waits for an answer, and never kept: who starts anew may have run it before.
  const claimKey = randomUUID();
  const attempt = () =>
    patiently(() => agent.claim(id, leaseSeconds, claimKey), signal).catch((error: unknown) => {
      if (error instanceof CountersignError && STANDS_IN_THE_WAY.has(error.code)) return error.code;
      throw error;
    });
  const first = await attempt();
  if (typeof first !== 'string') return first;
  if (first !== 'PAUSED') return undefined;
  const subscribe = () =>
    client.subscribe(GuardResumedDocument, {}, { cursorOf: ({ autonomyChanged }) => autonomyChanged.cursor });
  const changes = await started(subscribe, signal);
  try {
    // It may have been resumed before the subscription had its place in the log.
    for (;;) {
      const claim = await attempt();
      if (typeof claim !== 'string') return claim;
      if (claim !== 'PAUSED') return undefined;
      await untilAborted(changes.next(), signal);
    }
  } finally {
    await changes.return();
  }
}

/** Codes of a claim that is refused for what the action or the tenant is in just now. */
const STANDS_IN_THE_WAY: ReadonlySet<string> = new Set(['PAUSED', 'CONFLICT', 'EXPIRED']);

async function runClaimed(
  agent: Agent,
  claim: Claim,
  { action: { actionType }, run, alsoRuns = [], leaseSeconds = LEASE_SECONDS }: Guarding,
): Promise<GuardOutcome> {
  if (claim.actionType !== actionType && !alsoRuns.includes(claim.actionType)) {
    const why = `A person made ${claim.actionType} of it before signing, and this program runs ${actionType}. Nothing was done.`;
    return reported(agent, claim, () => agent.fail(claim, why));
  }
  const lease = holdLease(() => agent.renew(claim, leaseSeconds), leaseSeconds);
  const { leaseEpoch: _, ...signed } = claim;
  let report: () => Promise<GuardedAction>;
  try {
    const result = (await run({ ...signed, signal: lease.signal })) ?? {};
    report = () => agent.complete(claim, result);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof OutcomeUnknown) return { ...(await unknown(agent, claim)), reason };
    report = () => agent.fail(claim, reason || 'failed without saying why');
  } finally {
    lease.release();
  }
  return reported(agent, claim, report);
}

async function reported(agent: Agent, claim: Claim, report: () => Promise<GuardedAction>): Promise<GuardOutcome> {
  const action = await patiently(report).catch(async (error: unknown) => {
    // The claim was lost, or the report arrived and its answer did not: the server knows which.
    if (error instanceof CountersignError && error.code === 'CONFLICT') return agent.decided(claim.id);
    throw error;
  });
  return outcomeOf(action) ?? { status: 'OUTCOME_UNKNOWN', action, reason: 'The claim was lost while it ran.' };
}

async function unknown(agent: Agent, { id }: Claim) {
  return { status: 'OUTCOME_UNKNOWN' as const, action: await agent.decided(id) };
}

function outcomeOf(action: GuardedAction): GuardOutcome | undefined {
  const { status, endedReason, approval } = action;
  switch (status) {
    case 'EXECUTED':
      return { status, action, result: action.outcome ?? {} };
    case 'FAILED':
      return { status, action, error: action.failure ?? endedReason ?? 'It failed.' };
    case 'REJECTED':
      return { status, action, reason: approval?.comment ?? 'A person said no.' };
    case 'EXPIRED':
      return { status, action, reason: endedReason ?? 'Nobody decided in time. It did not run; propose again.' };
    case 'INVALIDATED':
      return { status, action, reason: endedReason ?? 'What it stood on has changed. It did not run; propose again.' };
    case 'CANCELLED':
      return { status, action, reason: endedReason ?? 'It was taken back before it ran.' };
    case 'BLOCKED':
      return { status, action, reason: `${action.actionType} is a hard stop: a person does it, elsewhere.` };
    case 'OUTCOME_UNKNOWN':
      return { status, action, reason: endedReason ?? 'Whoever ran it went silent.' };
    default:
      return undefined;
  }
}

/** The action as soon as `isSo` holds of it; survives lost connections and restarts of the server. */
async function waitFor(
  client: CountersignClient,
  actionId: string,
  isSo: (action: GuardedAction) => boolean,
  signal?: AbortSignal,
): Promise<GuardedAction> {
  const look = async () => (await client.request(GuardActionDocument, { id: actionId })).action;
  const first = await patiently(look, signal);
  if (isSo(first)) return first;
  const subscribe = () =>
    client.subscribe(GuardChangesDocument, { actionId }, { cursorOf: ({ actionChanged }) => actionChanged.cursor });
  const changes = await started(subscribe, signal);
  try {
    // It may have moved before the subscription had its place in the log.
    const second = await patiently(look, signal);
    if (isSo(second)) return second;
    for (;;) {
      const { value } = await untilAborted(changes.next(), signal);
      if (!value) throw new CountersignError('UNREACHABLE', 'The client was closed while an action was waited for.');
      if (isSo(value.actionChanged.action)) return value.actionChanged.action;
    }
  } finally {
    await changes.return();
  }
}

/** A subscription that has its place in the log: one whose start was lost to a bad connection is made anew. */
function started<T>(subscribe: () => LiveEvents<T>, signal: AbortSignal | undefined): Promise<LiveEvents<T>> {
  return patiently(async () => {
    const events = subscribe();
    try {
      await untilAborted(events.started, signal);
      return events;
    } catch (error) {
      await events.return();
      throw error;
    }
  }, signal);
}

async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  signal.throwIfAborted();
  let stop: () => void = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  // Whichever loses must not become an unhandled rejection.
  aborted.catch(() => {});
  promise.catch(() => {});
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', stop));
}
