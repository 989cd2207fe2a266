import { describe, expect, test } from 'vitest';
import { addressesIn } from '../../src/features/autonomy/domain/addresses.js';
import type { Connector } from '../../src/features/policy/domain/index.js';
import type { JsonObject } from '../../src/kernel/json.js';

const inMail = (payload: object) =>
  addressesIn({ actionType: 'send_follow_up_email', connector: 'agent', payload: payload as JsonObject });

describe('addresses in a payload', () => {
  test.each([
    ['a field', { to: 'Kim@Acme.example' }, ['kim@acme.example']],
    ['a list', { to: ['kim@acme.example', 'lee@acme.example'] }, ['kim@acme.example', 'lee@acme.example']],
    ['a name in front', { to: 'Kim <kim@acme.example>' }, ['kim@acme.example']],
    ['entries in one text', { to: 'kim@acme.example;lee@acme.example, mo@acme.example' }, 3],
    ['deep inside', { mail: { parts: [{ envelope: { rcpt: 'kim@acme.example' } }] } }, ['kim@acme.example']],
    ['a key', { recipients: { 'kim@acme.example': { role: 'to' } } }, ['kim@acme.example']],
    ['a sentence', { text: 'Write to kim@acme.example.' }, ['kim@acme.example']],
    ['a link', { html: '<a href="mailto:kim@acme.example?subject=Hi">' }, ['kim@acme.example']],
    ['signs of the list in the address', { to: 'a|b@acme.example' }, ['a|b@acme.example', 'b@acme.example']],
    ['an apostrophe', { to: "o'brien@acme.example" }, ["o'brien@acme.example"]],
    ['quotes', { to: "'kim@acme.example'" }, ['kim@acme.example']],
  ])('are found in %s', (_, payload, expected) => {
    const found = inMail(payload);
    if (typeof expected === 'number') expect(found).toHaveLength(expected);
    else expect(found).toEqual(expected);
  });

  test.each([[{}], [{ text: 'meet @ noon', at: '@', two: 'a@b@c', n: 3, none: null }]])('%j has none', (payload) => {
    expect(inMail(payload)).toEqual([]);
  });

  const inward = (connector: Connector) =>
    addressesIn({ actionType: 'log_interaction', connector, payload: { content: 'kim@acme.example called' } });

  test.each(['email', 'webhook'] as const)('by %s everything leaves the house, whatever it is called', (connector) => {
    expect(inward(connector)).toEqual(['kim@acme.example']);
  });

  test('what stays in the house writes to nobody', () => {
    expect(inward('agent')).toEqual([]);
    expect(inward('built_in')).toEqual([]);
  });

  test.each([
    'kim@ac\u00adme.example',
    'kim\uFF20acme.example',
    'kim@\uFF41cme.example',
    'kim@acme\u3002example',
    'mailto:kim%40acme.example',
    'kim@acme.example/x',
    'kim+news@acme.example',
    'Kim <kim+a+b@acme.example.>',
  ])('forms of one mailbox are found: %s', (to) => {
    expect(inMail({ to })).toContain('kim@acme.example');
  });

  test('a payload made to take long takes no longer', () => {
    expect(inMail({ a: `a@${'.'.repeat(60_000)}x`, b: `${'@'.repeat(60_000)}` })).toEqual([]);
  });
});
