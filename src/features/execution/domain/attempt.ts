import type { Id } from '../../../kernel/ids.js';
import type { JsonObject } from '../../../kernel/json.js';

/** How one attempt of a connector ended; `abandoned`: its server fell silent, and nobody knows. */
export const ATTEMPT_RESULTS = ['executed', 'refused', 'unknown', 'abandoned'] as const;
export type AttemptResult = (typeof ATTEMPT_RESULTS)[number];

/** One attempt of a connector to run an action. Begun before anything is done, ended with the report. */
export interface Attempt {
  readonly tenantId: Id;
  readonly id: Id;
  readonly actionId: Id;
  readonly leaseEpoch: number;
  readonly connector: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly result: AttemptResult | null;
  /** In words, without the payload. */
  readonly detail: string | null;
  /**
   * Whether it may be made once more should nobody report on it: whoever is reached recognises the same thing sent
   * twice, as it was set when the attempt began, and it was not the last one allowed.
   */
  readonly safeToRepeat: boolean;
  /** What recognises it when it comes twice, see `Prepared.target`; null: nobody. */
  readonly target: string | null;
  /** When a person said what became of the action, and with it of this attempt. */
  readonly settledAt: Date | null;
}

/** Whether nobody knows what came of the attempt, and no person has found out since. */
export const isUncertain = ({ result, settledAt }: Pick<Attempt, 'result' | 'settledAt'>): boolean =>
  settledAt === null && result !== 'executed' && result !== 'refused';

/**
 * Whether something may be sent, given the attempts before: what may have happened is sent again only to whoever
 * recognises it, at the very place and under the very id that it had before.
 */
export const maySend = (
  earlier: readonly Attempt[],
  { safeToRepeat, target = null }: { readonly safeToRepeat: boolean; readonly target?: string | null },
): boolean =>
  earlier.filter(isUncertain).every((before) => safeToRepeat && target !== null && before.target === target);

/** What a connector saw. */
export type Effect =
  | { readonly kind: 'done'; readonly result: JsonObject; readonly detail: string }
  /** Surely nothing has happened. `permanent`: trying again would not help. */
  | { readonly kind: 'refused'; readonly detail: string; readonly permanent: boolean }
  /** It may have happened. */
  | { readonly kind: 'unknown'; readonly detail: string };

/** What is about to be sent, as it was prepared before the claim. */
export interface Sending {
  /** Digest of the action it was prepared from. */
  readonly digest: string;
  readonly safeToRepeat: boolean;
  readonly target?: string | null;
}

/** The claim by which it is sent. */
export interface Claimed {
  readonly digest: string;
  readonly leaseUntil: Date | null;
  /** The attempts before this one. */
  readonly earlier: readonly Attempt[];
}

/** What keeps a claimed action from being sent after all, so that nothing happens; undefined: nothing does. */
export function heldBack(sending: Sending, claimed: Claimed, now: Date): Effect | undefined {
  const { digest, leaseUntil, earlier } = claimed;
  // An edit between preparing and claiming has another digest.
  if (digest !== sending.digest || leaseUntil === null || now >= leaseUntil) {
    return { kind: 'refused', detail: 'It changed, or its time ran out, before it was sent.', permanent: false };
  }
  if (maySend(earlier, sending)) return undefined;
  const detail = 'Not sent: an earlier attempt may have run, and this one would not be recognised as the same.';
  return { kind: 'refused', detail, permanent: true };
}

/**
 * Whether an attempt is made again when its server falls silent: not the last one allowed.
 *
 * @param attempt its number, from 1
 */
export const mayBeRepeated = (
  { safeToRepeat, maxAttempts }: { readonly safeToRepeat: boolean; readonly maxAttempts: number },
  attempt: number,
): boolean => safeToRepeat && attempt < maxAttempts;

/** What becomes of the action. */
export type NextStep =
  | { readonly ended: 'executed'; readonly result: JsonObject }
  | { readonly ended: 'put_back'; readonly delayMs: number; readonly reason: string }
  | { readonly ended: 'failed'; readonly error: string }
  | { readonly ended: 'outcome_unknown'; readonly reason: string };

export interface Trying {
  /** The number of this attempt, from 1. */
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly safeToRepeat: boolean;
  /** Whether an earlier attempt may have taken effect, see `isUncertain`. */
  readonly uncertainBefore: boolean;
  /** How long to wait after the first attempt, in milliseconds; doubled after each further one. */
  readonly firstDelayMs: number;
}

/** Longest wait between two attempts, in milliseconds. */
export const MAX_DELAY_MS = 15 * 60_000;

/**
 * What follows from an attempt. What may have happened is never tried again blindly: only where the other side
 * recognises it, and then under the same key. Nor is it ever called failed, by which it would be proposed anew, while
 * this attempt or an earlier one may have taken effect.
 */
export function nextStep(effect: Effect, trying: Trying): NextStep {
  const { attempt, maxAttempts, safeToRepeat, uncertainBefore, firstDelayMs } = trying;
  if (effect.kind === 'done') return { ended: 'executed', result: effect.result };
  const { kind, detail } = effect;
  const mayHaveRun = kind === 'unknown' || uncertainBefore;
  const end = (said: string): NextStep =>
    mayHaveRun
      ? { ended: 'outcome_unknown', reason: `${said} It may or may not have run. Find out, then reconcile it.` }
      : { ended: 'failed', error: said };
  const isFinal = effect.kind === 'unknown' ? !safeToRepeat : effect.permanent;
  if (isFinal) return end(detail);
  if (attempt >= maxAttempts) return end(`Given up after ${attempt} attempts: ${detail}`);
  const delayMs = Math.min(firstDelayMs * 2 ** (attempt - 1), MAX_DELAY_MS);
  return { ended: 'put_back', delayMs, reason: detail };
}

/** How the attempt is remembered. */
export const attemptResult = ({ kind }: Effect): AttemptResult => (kind === 'done' ? 'executed' : kind);
