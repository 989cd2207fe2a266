import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readSigned } from '../../src/client/signed.js';

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');
const read = (text: string) => readSigned(text, digestOf(text));
const mismatch = expect.objectContaining({ code: 'DIGEST_MISMATCH' });

describe('what was signed', () => {
  test('is read out of the signed text', () => {
    const text = JSON.stringify({ actionType: 'send_proposal', payload: { to: 'kim' }, accountId: 'a', dealId: null });
    const ids = { accountId: 'a', dealId: null, contactId: null, cloneId: null };
    expect(read(text)).toEqual({ actionType: 'send_proposal', payload: { to: 'kim' }, ...ids });
  });

  test('is not read where the digest is of another text', () => {
    expect(() => readSigned('{"actionType":"a","payload":{}}', digestOf('{}'))).toThrow(mismatch);
  });

  test.each([
    '',
    'null',
    '[]',
    '{}',
    '{"actionType":"a"}',
    '{"actionType":1,"payload":{}}',
    '{"actionType":"a","payload":[]}',
  ])('is nothing where the text is no action: %s', (text) => {
    expect(() => read(text)).toThrow(mismatch);
  });
});
