import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_AMOUNT, readAmount, readCount } from '../../src/cli/import/read-amount.js';
import { readDomain } from '../../src/cli/import/read-domain.js';

const dollars = { decimalSeparator: '.', currency: 'USD', unit: 1 } as const;
const euros = { decimalSeparator: ',', currency: 'EUR', unit: 1 } as const;

describe('amounts', () => {
  it.each([
    ['1234.5', dollars, 1234.5],
    ['1,234.50', dollars, 1234.5],
    ['1,234,567', dollars, 1_234_567],
    ['$1,234', dollars, 1234],
    ['USD 1234', dollars, 1234],
    ['1234 USD', dollars, 1234],
    ['0', dollars, 0],
    ['1234,5', euros, 1234.5],
    ['1.234,50 €', euros, 1234.5],
    ['1\u202f234,50', euros, 1234.5],
    ['1100.04', { ...dollars, unit: 1_000_000 }, 1_100_040_000],
    ['0.1', { ...dollars, unit: 3 }, 0.3],
  ])('read %s', (text, format, number) => {
    expect(readAmount(text, format)).toEqual({ ok: true, number });
  });

  it.each([
    ['-5', 'got a negative one'],
    ['−5', 'got a negative one'],
    ['$-5', 'got a negative one'],
    ['-$5', 'got a negative one'],
    ['(500)', 'got a negative one'],
    ['500-', 'got a negative one'],
    ['€500', 'expected an amount in USD'],
    ['500 EUR', 'expected an amount in USD'],
    ['1,23', 'expected an amount in USD'],
    ['1.234.567', 'expected an amount in USD'],
    ['1.234', 'set "decimalSeparator"'],
    ['1e6', 'expected an amount in USD'],
    ['0x10', 'expected an amount in USD'],
    ['NaN', 'expected an amount in USD'],
    ['Infinity', 'expected an amount in USD'],
    ['n/a', 'expected an amount in USD'],
    ['9'.repeat(400), `expected an amount of at most ${MAX_AMOUNT}`],
  ])('refuse %s', (text, reason) => {
    expect(readAmount(text, dollars)).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });

  it('come back as written, to the cent, in either notation', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e13 }), (cents) => {
        const number = cents / 100;
        const write = (locale: string) => number.toLocaleString(locale, { minimumFractionDigits: 2 });
        expect(readAmount(write('en-US'), dollars)).toEqual({ ok: true, number });
        expect(readAmount(write('de-DE'), euros)).toEqual({ ok: true, number });
      }),
    );
  });
});

describe('head counts', () => {
  it('are whole numbers', () => {
    expect(readCount('2,822', '.')).toEqual({ ok: true, number: 2822 });
    expect(readCount('2.822', ',')).toEqual({ ok: true, number: 2822 });
  });

  it.each(['2.5', '-3', 'about 40', '3000000000', ''])('are refused otherwise: "%s"', (text) => {
    expect(readCount(text, '.').ok).toBe(false);
  });
});

describe('domains', () => {
  it.each([
    ['example.com', 'example.com'],
    ['https://www.Example.com/contact?x=1', 'example.com'],
    ['http://shop.example.co.uk:8080', 'shop.example.co.uk'],
    ['WWW.EXAMPLE.COM', 'example.com'],
    ['münchen.example', 'xn--mnchen-3ya.example'],
  ])('are taken from %s', (text, domain) => {
    expect(readDomain(text)).toBe(domain);
  });

  it.each(['none', 'n/a', 'jo@example.com', '192.168.0.1', 'ftp://example.com', 'two words.com', 'http://', '-.com'])(
    'are not made up from "%s"',
    (text) => {
      expect(readDomain(text)).toBeNull();
    },
  );
});
