import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  canonicalAction,
  canonicalText,
  MAX_PAYLOAD_BYTES,
  MAX_PAYLOAD_DEPTH,
  payloadOf,
  requireSignable,
  type SignedContent,
} from '../../../src/features/autonomy/domain/canonical.js';
import { DomainError } from '../../../src/kernel/errors.js';
import type { JsonObject, JsonValue } from '../../../src/kernel/json.js';

const CONTENT: SignedContent = {
  tenantId: 't',
  actionType: 'send_proposal',
  accountId: 'a',
  dealId: null,
  cloneId: null,
  contactId: 'c',
  connector: 'agent',
  policyVersion: 2,
  revision: 1,
  payload: { b: 1, a: ['ä', null] },
};
const TEXT =
  '{"accountId":"a","actionType":"send_proposal","cloneId":null,"connector":"agent","contactId":"c","dealId":null,' +
  '"form":"countersign.action.v3","payload":{"a":["ä",null],"b":1},"policyVersion":2,"revision":1,"tenantId":"t"}';

describe('the text that is signed', () => {
  test('names its form and holds everything, in one order', () => {
    expect(canonicalAction(CONTENT).canonical).toBe(TEXT);
  });

  test('has the SHA-256 of its UTF-8 in lower-case hex as digest', () => {
    expect(canonicalAction(CONTENT).digest).toBe(createHash('sha256').update(Buffer.from(TEXT)).digest('hex'));
  });

  test('gives its payload back', () => {
    expect(payloadOf(TEXT)).toEqual(CONTENT.payload);
  });

  test('is made of JSON only', () => {
    expect(() => canonicalText(undefined as unknown as JsonValue)).toThrow('not JSON');
  });
});

/** The refusal of a payload; undefined: it may be signed. */
function refusal(payload: unknown): { message: string; path: unknown } | undefined {
  try {
    requireSignable(payload as JsonObject, ['input', 'payload']);
    return undefined;
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'VALIDATION_FAILED') throw error;
    const [{ path, message }] = error.details.issues as [{ path: (string | number)[]; message: string }];
    return { path, message };
  }
}
const nested = (levels: number): JsonValue => (levels === 0 ? 1 : { a: nested(levels - 1) });
const listed = (levels: number): JsonValue => (levels === 0 ? 1 : [listed(levels - 1)]);

describe('a payload that may be signed', () => {
  test('has any JSON in it', () => {
    expect(refusal({ a: [2 ** 53 - 1, 1 - 2 ** 53] })).toBeUndefined();
    expect(refusal({ a: [null, true, false, 0, -1.5, '', 'ä😀', [], {}, { b: [1] }], ключ: 'x' })).toBeUndefined();
  });

  test('is at most so deep, by objects as by lists', () => {
    expect([MAX_PAYLOAD_DEPTH, MAX_PAYLOAD_BYTES]).toEqual([16, 65_536]);
    expect(refusal(nested(16))).toBeUndefined();
    expect(refusal(nested(17))).toEqual({
      path: ['input', 'payload', ...Array<string>(17).fill('a')],
      message: 'expected at most 16 levels of nesting.',
    });
    expect(refusal({ list: listed(15) })).toBeUndefined();
    expect(refusal({ list: listed(16) })).toMatchObject({ message: 'expected at most 16 levels of nesting.' });
  });

  test('is at most so large, in bytes of its canonical form', () => {
    const around = '{"a":""}'.length;
    expect(refusal({ a: 'x'.repeat(65_536 - around) })).toBeUndefined();
    const message =
      'expected at most 65536 bytes as canonical JSON, got 65537. Put large content elsewhere and refer to it.';
    expect(refusal({ a: 'x'.repeat(65_537 - around) })).toEqual({ path: ['input', 'payload'], message });
    expect(refusal({ a: `${'x'.repeat(65_535 - around)}ä` })).toEqual({ path: ['input', 'payload'], message });
  });

  test.each([
    ['an endless number', Number.POSITIVE_INFINITY, 'expected a finite number.'],
    ['no number', Number.NaN, 'expected a finite number.'],
    [
      'a whole number that may have been rounded',
      2 ** 53,
      'expected a whole number of at most 9007199254740991; send a larger one as text.',
    ],
    ['one below all', -(2 ** 53), 'expected a whole number of at most 9007199254740991; send a larger one as text.'],
    ['half a letter', 'a\ud800', 'expected well-formed Unicode, got a lone surrogate.'],
    ['a NUL', 'a\u0000b', 'expected text that can be shown and stored, got a NUL.'],
    ['undefined', undefined, 'expected JSON, got a undefined.'],
    ['a function', () => 1, 'expected JSON, got a function.'],
  ])('has not %s in it', (_what, value, message) => {
    expect(refusal({ list: [1, value] })).toEqual({ path: ['input', 'payload', 'list', 1], message });
  });

  test.each([
    ['of a prototype', JSON.parse('{"__proto__":1}'), '"__proto__"'],
    ['with half a letter', { 'a\ud800': 1 }, '"a\\ud800"'],
    ['with a NUL', { 'a\u0000': 1 }, '"a\\u0000"'],
  ])('has not a key %s', (_what, inner, shown) => {
    expect(refusal({ inner })).toEqual({
      path: ['input', 'payload', 'inner'],
      message: `expected ordinary keys, got ${shown}.`,
    });
  });
});
