import type { ErrorCode } from '../kernel/errors.js';

/** The server's code, see `extensions.code`; or `UNREACHABLE`: no server answered, or something else did. */
export type CountersignErrorCode = ErrorCode | 'UNREACHABLE';

/** A call failed. `code` says why, and is stable; the message is for people. */
export class CountersignError extends Error {
  override readonly name = 'CountersignError';

  constructor(
    readonly code: CountersignErrorCode,
    message: string,
    /** What the server sent beside the code, such as who was first (`decidedBy`, `decidedAt`) or `issues`. */
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** One error of a GraphQL answer, as it comes over the wire. */
export interface WireError {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** How long to wait before the same again, in milliseconds; undefined when that would not help. */
export function retryAfterMs(error: unknown): number | undefined {
  if (!(error instanceof CountersignError) || error.code !== 'RATE_LIMITED') return undefined;
  const { retryAfterSeconds } = error.details;
  return typeof retryAfterSeconds === 'number' ? retryAfterSeconds * 1_000 : undefined;
}

/** The first of an answer's errors; the others are its `cause`. */
export function toCountersignError(errors: readonly WireError[]): CountersignError {
  const [first, ...others] = errors;
  const { code = 'INTERNAL', ...details } = first?.extensions ?? {};
  const message = first?.message ?? 'The server reported a failure without saying which.';
  return new CountersignError(code as ErrorCode, message, details, others.length > 0 ? { cause: others } : undefined);
}
