/** Bounds on every GraphQL document, the same over HTTP and WebSocket. */
export const DOCUMENT_LIMITS = { maxTokens: 2_000 } as const;

/** Largest HTTP body, in bytes: room for one import batch, far below what would hurt. */
export const MAX_BODY = 2 * 1024 * 1024;
