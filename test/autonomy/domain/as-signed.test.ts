import { describe, expect, test } from 'vitest';
import type { Action } from '../../../src/features/autonomy/domain/action.js';
import { requireAsSigned } from '../../../src/features/autonomy/domain/as-signed.js';
import { canonicalText, sha256 } from '../../../src/features/autonomy/domain/canonical.js';
import { DomainError } from '../../../src/kernel/errors.js';
import { actionOf } from './recorded.js';

const SIGNED = actionOf();

/** The refusal of what is stored now; undefined: it is what was signed. */
function refusal(stored: Partial<Action>, signed = SIGNED.digest) {
  try {
    requireAsSigned({ ...SIGNED, ...stored }, signed);
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return { code: error.code, message: error.message, details: error.details };
    throw error;
  }
}
const mismatch = (stored: string, signed = SIGNED.digest) => ({
  code: 'DIGEST_MISMATCH',
  message: 'What is stored is not what was signed; it will not run. Tell the operator.',
  details: { actionId: 'action-1', signed, stored },
});

describe('what is stored', () => {
  test('is what was signed', () => {
    expect(refusal({})).toBeUndefined();
  });

  test('is not, where another digest was signed or is stored', () => {
    const other = sha256('other');
    expect(refusal({}, other)).toEqual(mismatch(SIGNED.digest, other));
    expect(refusal({ digest: other })).toEqual(mismatch(SIGNED.digest));
  });

  test('is not, where the text is another, even one that parses alike', () => {
    const canonical = SIGNED.canonical.replace('"payload":', '"payload": ');
    expect(refusal({ canonical })).toEqual(mismatch(sha256(canonical)));
    const digest = sha256(canonical);
    expect(refusal({ canonical, digest }, digest)).toEqual(mismatch(digest, digest));
  });

  test('is not, where the text is that of another action in everything but the digest', () => {
    const { canonical } = actionOf({ payload: { text: 'Dear Eve' } });
    expect(refusal({ canonical })).toEqual(mismatch(sha256(canonical)));
  });

  test.each<[keyof Action, Partial<Action>]>([
    ['tenantId', { tenantId: 'tenant-2' }],
    ['actionType', { actionType: 'discuss_pricing' }],
    ['accountId', { accountId: 'account-2' }],
    ['dealId', { dealId: null }],
    ['cloneId', { cloneId: null }],
    ['contactId', { contactId: null }],
    ['connector', { connector: 'webhook' }],
    ['policyVersion', { policyVersion: 4 }],
    ['revision', { revision: 1 }],
  ])('is not, where %s is another than in the text', (_field, other) => {
    expect(refusal(other)).toEqual(mismatch(SIGNED.digest));
  });

  test.each([
    ['no JSON', '{'],
    ['JSON without a payload', '{}'],
    ['JSON that is no object', 'null'],
    ['a text of more than an action', canonicalText({ ...JSON.parse(SIGNED.canonical), more: 1 })],
  ])('is not, where the text is %s, whoever signed it', (_what, canonical) => {
    const digest = sha256(canonical);
    expect(refusal({ canonical, digest }, digest)).toEqual(mismatch(digest, digest));
  });
});
