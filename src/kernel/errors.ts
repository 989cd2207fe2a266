/**
 * Every expected failure, by a stable code that clients may switch on. The same code reaches the client over
 * HTTP and over WebSocket, in `extensions.code`.
 */
export const ERROR_CODES = {
  UNAUTHENTICATED:
    'No token or API key, or one that is malformed, expired, revoked, badly signed, or for an unknown tenant.',
  FORBIDDEN:
    'The caller is known, but may not: the roles do not allow it, the caller is suspended, or it is their own proposal.',
  NOT_FOUND: 'No such object in this tenant. An object of another tenant gives exactly the same answer.',
  VALIDATION_FAILED:
    'The input breaks a rule. `extensions.issues` lists each argument path, what was expected and what came.',
  CURSOR_INVALID: 'The cursor was not made by this server for this list or log.',
  CURSOR_EXPIRED:
    'The cursor is older than the part of the log that is kept. `extensions.oldestCursor` is the oldest to continue from.',
  CONFLICT:
    'Somebody else was first, or the object is in another state. `extensions` says who, when and which state, in the spelling of the schema.',
  IDEMPOTENCY_CONFLICT: 'The idempotency key was used before with another body.',
  HARD_STOP: 'The action type is a hard stop: no approval, role or setting lets the server run it.',
  DIGEST_MISMATCH: 'What is stored or sent is not, byte for byte, what was shown or signed.',
  PAUSED:
    'The tenant or the clone is paused: nothing new starts until somebody resumes. `extensions` says who paused and why.',
  EXPIRED: 'The approval request ran out of time before anybody decided. Nothing ran; propose again.',
  RATE_LIMITED:
    'Too many requests within a minute; nothing was done. `extensions.retryAfterSeconds` says when to send this one again.',
  NOT_AVAILABLE: 'This server lacks the part that was asked for, or it is switched off.',
  BAD_REQUEST: 'The HTTP request is not a GraphQL request: no document, wrong content type, or not JSON.',
  GRAPHQL_PARSE_FAILED: 'The GraphQL document does not parse, or is longer than the limits allow.',
  GRAPHQL_VALIDATION_FAILED: 'The GraphQL document does not fit the schema.',
  UNAVAILABLE:
    'This instance is shutting down and has not looked at the operation. Send it again: another one answers.',
  INTERNAL: 'An unexpected failure. The message carries an id under which the operator finds it in the log.',
} as const;
export type ErrorCode = keyof typeof ERROR_CODES;

/** One broken rule of an input. `path` starts with the argument's name, e.g. `["input", "target"]`. */
export interface ValidationIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** An expected failure. The GraphQL layer maps it, unchanged, to `extensions`. Anything else is masked. */
export class DomainError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    /** Fields a client needs to react, copied into `extensions`. Never secrets, never another tenant's data. */
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'DomainError';
  }
}

/** Told of each failure nobody expected, with the id that the client was given. */
export type ReportUnexpected = (error: unknown, id: string) => void;

/** What a client is told of a failure nobody expected: an id, under which the operator finds the failure itself. */
export const masked = (id: string): DomainError =>
  new DomainError('INTERNAL', `Something failed that should not have. Tell the operator this id: ${id}`, { id });

export const notFound = (what: string, id: string): DomainError =>
  new DomainError('NOT_FOUND', `There is no ${what} with id "${id}".`, { what, id });

/** @param path starts with the name of the GraphQL argument. */
export const invalid = (path: readonly (string | number)[], message: string): DomainError =>
  new DomainError('VALIDATION_FAILED', `${path.join('.')}: ${message}`, { issues: [{ path, message }] });
