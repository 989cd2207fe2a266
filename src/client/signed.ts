import { createHash } from 'node:crypto';
import { CountersignError } from './error.js';

/** What was signed, as the signed text says it. */
export interface SignedContent {
  /** As signed: a person may have put another type in the place of the one that was proposed. */
  readonly actionType: string;
  /** As signed: a person may have edited what was proposed. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly accountId: string | null;
  readonly dealId: string | null;
  readonly contactId: string | null;
  readonly cloneId: string | null;
}

/**
 * Reads what was signed out of the signed text and out of nothing else that the server sends: only the text is covered
 * by the digest.
 *
 * @throws CountersignError `DIGEST_MISMATCH` where the text is not the one of the digest, or is no signed action
 */
export function readSigned(canonical: string, digest: string): SignedContent {
  if (createHash('sha256').update(canonical, 'utf8').digest('hex') !== digest) {
    throw new CountersignError('DIGEST_MISMATCH', 'The text the server sent is not the one that was signed.');
  }
  const content = contentOf(canonical);
  if (content) return content;
  throw new CountersignError(
    'DIGEST_MISMATCH',
    'Expected the text of an action (`actionType`, `payload`), got something else. Update the client, or look at the server.',
  );
}

function contentOf(canonical: string): SignedContent | undefined {
  const text = parsed(canonical);
  if (!isObject(text) || typeof text.actionType !== 'string' || !isObject(text.payload)) return undefined;
  const { actionType, payload } = text;
  const idAt = (key: string): string | null => (typeof text[key] === 'string' ? text[key] : null);
  return {
    actionType,
    payload,
    accountId: idAt('accountId'),
    dealId: idAt('dealId'),
    contactId: idAt('contactId'),
    cloneId: idAt('cloneId'),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
