import { describe, expect, test } from 'vitest';
import { addressesIn } from '../../../src/features/autonomy/domain/addresses.js';
import type { JsonObject } from '../../../src/kernel/json.js';

const found = (payload: JsonObject) => addressesIn({ actionType: 'send_chat_message', connector: 'agent', payload });
const inText = (text: string) => found({ text });

describe('the addresses in a payload', () => {
  test('are found wherever they stand, in lower case, each once', () => {
    expect(
      found({
        to: 'Kim@Acme.example',
        cc: ['lee@acme.example', { deep: [{ er: 'kim@acme.example' }] }],
        'mia@acme.example': true,
        none: [null, 1, false, 'nobody'],
      }),
    ).toEqual(['kim@acme.example', 'lee@acme.example', 'mia@acme.example']);
  });

  test('are none where the action stays in the house', () => {
    expect(
      addressesIn({ actionType: 'log_interaction', connector: 'agent', payload: { to: 'kim@acme.example' } }),
    ).toEqual([]);
  });

  test.each([
    ['a name before it', 'Kim <kim@acme.example>', ['kim@acme.example']],
    ['a list', 'a@x.example,b@x.example; c@x.example|d@x.example', ['a', 'b', 'c', 'd'].map((at) => `${at}@x.example`)],
    ['a link', 'mailto:kim@acme.example?subject=Hi', ['kim@acme.example']],
    ['brackets', '(a@x.example) [b@x.example] {c@x.example}', ['a', 'b', 'c'].map((at) => `${at}@x.example`)],
    ['quotes', `"a@x.example" 'b@x.example'`, ['a@x.example', 'b@x.example']],
    ['the end of a sentence', 'Write to a@x.example. Or b@x.example!..', ['a@x.example', 'b@x.example']],
    ['dots in front', '...a@x.example', ['a@x.example']],
    ['lines', 'a@x.example\n\n b@x.example\t', ['a@x.example', 'b@x.example']],
  ])('are found in %s', (_what, text, addresses) => {
    expect(inText(text).filter((address) => addresses.includes(address))).toEqual(addresses);
  });

  test.each([
    ['nothing before the sign', '@acme.example'],
    ['nothing behind it', 'kim@'],
    ['two signs', 'kim@acme@example'],
    ['no sign', 'kim.acme.example'],
  ])('are none with %s', (_what, text) => {
    expect(inText(text)).toEqual([]);
  });

  test('may hold what separates entries elsewhere, where they are the whole text', () => {
    expect(inText(' "k,m"@acme.example ')).toEqual(['"k,m"@acme.example']);
  });

  test('are at most 320 letters long', () => {
    const long = `${'k'.repeat(307)}@acme.example`;
    expect(long).toHaveLength(320);
    expect(inText(long)).toEqual([long]);
    expect(inText(`k${long}`)).toEqual([]);
  });
});
