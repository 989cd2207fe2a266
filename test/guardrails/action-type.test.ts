import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseActionType } from '../../src/features/guardrails/domain/index.js';
import { DomainError } from '../../src/kernel/errors.js';
import { runs } from '../support/runs.js';
import { APPROVAL_REQUIRED, AUTONOMOUS, HARD_STOP, REFUSED, UNKNOWN } from './rules-as-agreed.js';

const PATH = ['input', 'actionType'];

/** The refusal of a spelling. */
function refusal(spelling: string): DomainError {
  try {
    parseActionType(spelling, PATH);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(spelling)} was not refused`);
}

describe('reading an action type', () => {
  it.each([...AUTONOMOUS, ...APPROVAL_REQUIRED, ...HARD_STOP, ...UNKNOWN])('takes %s as it is', (type) => {
    expect(parseActionType(type, PATH)).toBe(type);
  });

  it.each(REFUSED)('refuses %s', (_what, spelling) => {
    const error = refusal(spelling);
    expect(error.code).toBe('VALIDATION_FAILED');
    expect(error.details).toEqual({ issues: [{ path: PATH, message: expect.stringContaining('got "') }] });
  });

  it('takes exactly what the grammar, restated letter by letter, takes', () => {
    const first = 'abcdefghijklmnopqrstuvwxyz';
    const later = `${first}0123456789_`;
    const wellFormed = (text: string) =>
      text.length >= 1 &&
      text.length <= 64 &&
      first.includes(text.charAt(0)) &&
      text.split('').every((letter) => later.includes(letter));
    const alphabet = fc.constantFrom(...later.split(''), 'A', ' ', '\n', '-', '\u0430', '\u200b');
    const nearMiss = fc.string({ unit: alphabet, maxLength: 70 });
    fc.assert(
      fc.property(fc.oneof(nearMiss, fc.string({ unit: 'binary' })), (text) => {
        if (wellFormed(text)) expect(parseActionType(text, PATH)).toBe(text);
        else expect(refusal(text).code).toBe('VALIDATION_FAILED');
      }),
      runs(1_000),
    );
  });
});

describe('the refusal', () => {
  it('says what was expected, what came and what to do', () => {
    expect(refusal('Log').message).toBe(
      'input.actionType: expected an action type: a lower-case letter a-z, then at most 63 lower-case letters a-z, ' +
        'digits or underscores; got "Log". Send the exact name of the type; no spelling is corrected.',
    );
  });

  it.each([
    ['a newline', 'a\n', '"a\\n"'],
    ['a quote and a backslash', 'a"\\', '"a\\"\\\\"'],
    ['a look-alike', '\u0430', '"\\u0430"'],
    ['a zero-width space', '\u200b', '"\\u200b"'],
    ['a delete character', 'a\u007f', '"a\\u007f"'],
    ['a letter outside the basic plane', '\u{1d4c1}', '"\\ud835\\udcc1"'],
    ['nothing', '', '""'],
    ['the last of the printable letters', '~', '"~"'],
  ])('makes %s visible', (_what, spelling, shown) => {
    expect(refusal(spelling).message).toContain(`got ${shown}.`);
  });

  it('cuts a long text at 80 characters and says how long it was', () => {
    const message = refusal('A'.repeat(5_000_000)).message;
    expect(message).toContain(`got "${'A'.repeat(80)}..." (5000000 characters).`);
    expect(refusal('A'.repeat(80)).message).toContain(`got "${'A'.repeat(80)}".`);
    expect(refusal('A'.repeat(81)).message).toContain(`got "${'A'.repeat(80)}..." (81 characters).`);
  });

  it('never splits an escape and never carries more than printable ASCII', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (tail) => {
        const text = `A${tail}`;
        const message = refusal(text).message;
        expect(message).toMatch(/^[\x20-\x7e]+$/);
        const literal = /got ("(?:[^"\\]|\\.)*")/.exec(message)?.[1] ?? '';
        const shown: unknown = JSON.parse(literal);
        expect(literal.length).toBeLessThanOrEqual(2 + 80 + '...'.length);
        const whole = message.includes('characters). Send') ? String(shown).slice(0, -'...'.length) : text;
        expect(text.startsWith(whole)).toBe(true);
        if (whole === text && !message.includes('characters). Send')) expect(shown).toBe(text);
      }),
      { numRuns: 300 },
    );
  });
});
