import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { invalid } from '../../../kernel/errors.js';
import type { Id } from '../../../kernel/ids.js';
import type { JsonObject, JsonValue } from '../../../kernel/json.js';

/** Largest payload in canonical form, in bytes of UTF-8: a long email with quotes, far from an attachment. */
export const MAX_PAYLOAD_BYTES = 64 * 1024;
/** Deepest nesting a person could still read and sign. */
export const MAX_PAYLOAD_DEPTH = 16;

/** What an approval binds: change any of it and the digest is another. */
export interface SignedContent {
  readonly tenantId: Id;
  readonly actionType: string;
  readonly accountId: Id | null;
  readonly dealId: Id | null;
  readonly cloneId: Id | null;
  readonly contactId: Id | null;
  readonly connector: string;
  readonly policyVersion: number;
  /** Counts edits and renewals, so that no signature outlives either, even where the text is the same again. */
  readonly revision: number;
  readonly payload: JsonObject;
}

/** Names the form, so that a later one can never be taken for this. */
const FORM = 'countersign.action.v3';

/** The canonical text (RFC 8785) of an action, and its digest: what people see, sign, and what runs. */
export function canonicalAction(content: SignedContent): { readonly canonical: string; readonly digest: string } {
  const canonical = canonicalText({ form: FORM, ...content });
  return { canonical, digest: sha256(canonical) };
}

/** The payload inside a canonical text. */
export const payloadOf = (canonical: string): JsonObject => (JSON.parse(canonical) as { payload: JsonObject }).payload;

/** SHA-256 over UTF-8, in lower-case hex. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export function canonicalText(value: JsonValue): string {
  const text = canonicalize(value);
  if (text === undefined) throw new Error('not JSON');
  return text;
}

/**
 * Refuses what could be shown as one thing and run as another, or not be stored at all.
 *
 * @throws VALIDATION_FAILED with the path of the offending key or value
 */
export function requireSignable(payload: JsonObject, path: readonly (string | number)[]): void {
  requireSignableValue(payload, path, 0);
  const bytes = Buffer.byteLength(canonicalText(payload));
  if (bytes > MAX_PAYLOAD_BYTES) {
    throw invalid(
      path,
      `expected at most ${MAX_PAYLOAD_BYTES} bytes as canonical JSON, got ${bytes}. Put large content elsewhere and refer to it.`,
    );
  }
}

function requireSignableValue(value: JsonValue, path: readonly (string | number)[], depth: number): void {
  if (depth > MAX_PAYLOAD_DEPTH) throw invalid(path, `expected at most ${MAX_PAYLOAD_DEPTH} levels of nesting.`);
  if (value === null || typeof value === 'boolean') return;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw invalid(path, 'expected a finite number.');
    // Whoever reads it next may round it otherwise, and what came in may have been rounded already.
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
      throw invalid(path, `expected a whole number of at most ${Number.MAX_SAFE_INTEGER}; send a larger one as text.`);
    }
    return;
  }
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw invalid(path, 'expected well-formed Unicode, got a lone surrogate.');
    if (value.includes('\u0000')) throw invalid(path, 'expected text that can be shown and stored, got a NUL.');
    return;
  }
  if (typeof value !== 'object') throw invalid(path, `expected JSON, got a ${typeof value}.`);
  if (Array.isArray(value)) {
    value.forEach((item: JsonValue, index) => {
      requireSignableValue(item, [...path, index], depth + 1);
    });
    return;
  }
  for (const [key, item] of Object.entries(value as JsonObject)) {
    if (key === '__proto__' || !key.isWellFormed() || key.includes('\u0000'))
      throw invalid(path, `expected ordinary keys, got ${JSON.stringify(key)}.`);
    requireSignableValue(item, [...path, key], depth + 1);
  }
}
