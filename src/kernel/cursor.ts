import { DomainError } from './errors.js';

/**
 * Cursors are opaque to clients: base64url over a tag and the position's parts. The tag keeps a cursor of one
 * list from being used on another.
 */
export const encodeCursor = (tag: string, parts: readonly string[]): string =>
  Buffer.from(JSON.stringify([tag, ...parts])).toString('base64url');

/** Tag of cursors of the log; their parts are the transaction and the number within it, in base 36. */
export const LOG_CURSOR = 'log';

/** The place before the first event that there can be. */
export const START_OF_LOG_CURSOR = encodeCursor(LOG_CURSOR, ['0', '0']);

/** @throws CURSOR_INVALID when the text was not made by `encodeCursor` with this tag and number of parts. */
export function decodeCursor(tag: string, length: number, cursor: string, argument: string): string[] {
  let decoded: unknown;
  try {
    decoded = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch (cause) {
    throw refusal(cursor, argument, { cause });
  }
  if (!isStrings(decoded) || decoded.length !== length + 1 || decoded[0] !== tag) throw refusal(cursor, argument);
  const parts = decoded.slice(1);
  // Base64 decoding forgives stray characters; a cursor that was altered must not pass for another.
  if (encodeCursor(tag, parts) !== cursor) throw refusal(cursor, argument);
  return parts;
}

/** Of a cursor that is well formed, but names a place that cannot be in this list: CURSOR_INVALID. */
export function foreignCursor(argument: string): DomainError {
  const message = `${argument}: expected a cursor that this list gave out, got one that was made elsewhere.`;
  return new DomainError('CURSOR_INVALID', message, { issues: [{ path: [argument], message }] });
}

const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((part) => typeof part === 'string');

function refusal(cursor: string, argument: string, options?: ErrorOptions): DomainError {
  const shown = JSON.stringify(cursor.slice(0, 40));
  const message = `${argument}: expected a cursor that this list gave out, got ${shown}. Leave it out to start anew.`;
  return new DomainError('CURSOR_INVALID', message, { issues: [{ path: [argument], message }] }, options);
}
