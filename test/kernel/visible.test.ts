import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { visible, visibleJson } from '../../src/kernel/visible.js';

describe('what a reader would not see is written out', () => {
  test.each([
    ['the direction of writing is turned', 'pay \u202Egnp.exe', String.raw`pay \u202Egnp.exe`],
    ['a direction is isolated', '\u2066a\u2069', String.raw`\u2066a\u2069`],
    ['a mark of direction', 'a\u200Fb\u061C', String.raw`a\u200Fb\u061C`],
    ['nothing between two letters', 'dis\u200Bcount\u2060', String.raw`dis\u200Bcount\u2060`],
    ['joiners', 'a\u200Db\u200C', String.raw`a\u200Db\u200C`],
    ['a byte order mark', '\uFEFFa', String.raw`\uFEFFa`],
    ['a soft hyphen', 'dis\u00ADcount', String.raw`dis\u00ADcount`],
    ['spaces that are none', '1\u00A0000\u20033\u3000', String.raw`1\u00A0000\u20033\u3000`],
    ['fillers', '\u3164\u115F\u1160\uFFA0\u2800', String.raw`\u3164\u115F\u1160\uFFA0\u2800`],
    ['a variation selector', 'a\uFE0F', String.raw`a\uFE0F`],
    ['tags, behind the first 65,536', `a${String.fromCodePoint(0xe0041)}`, String.raw`a\uDB40\uDC41`],
    ['controls', 'a\u0007b\u001Bc\u007F\u0085', String.raw`a\u0007b\u001Bc\u007F\u0085`],
    ['ends of lines', 'a\u2028b\u2029c\nd', String.raw`a\u2028b\u2029c\u000Ad`],
    ['half a character', 'a\uD800', String.raw`a\uD800`],
    ['what has no sign', 'a\uE000\uFFFF', String.raw`a\uE000\uFFFF`],
  ])('%s', (_, text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  test.each(['Dear Kim, 10 % off?', 'Grüße aus Köln', 'Привет', 'שלום', 'こんにちは', '🙂', 'é'])(
    '%s stays',
    (text) => {
      expect(visible(text)).toBe(text);
    },
  );
});

describe('JSON that is shown', () => {
  const units = fc.string({ unit: fc.oneof(fc.integer({ min: 0, max: 0xffff }).map((n) => String.fromCharCode(n))) });
  const characters = fc.string({ unit: 'binary' });

  test('parses to what it was, and has nothing in it that is unseen or that HTML would read', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(units, characters), fc.oneof(units, characters)), (value) => {
        const shown = visibleJson(JSON.stringify(value));
        expect(JSON.parse(shown)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(shown).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{DI}\p{Bidi_C}<>&]/u);
        expect(shown.replaceAll(' ', '')).not.toMatch(/\p{Zs}/u);
      }),
      { numRuns: 2_000 },
    );
  });

  test('an escape that somebody wrote by hand is told from one that was made', () => {
    const byHand = visibleJson(JSON.stringify({ text: String.raw`\u202E` }));
    expect(byHand).toBe(String.raw`{"text":"\\u202E"}`);
    expect(byHand).not.toBe(visibleJson(JSON.stringify({ text: '\u202E' })));
  });

  test('every character of Unicode is either seen or written out', () => {
    const seen = [];
    for (let point = 0; point <= 0x10ffff; point += 1) {
      const character = String.fromCodePoint(point);
      if (visible(character) === character && /^[\p{C}\p{Z}\p{DI}]$/u.test(character)) seen.push(point);
    }
    expect(seen).toEqual([0x20]);
  });
});
