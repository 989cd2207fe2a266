import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIRST_YEAR, LAST_YEAR, readDate } from '../../src/cli/import/read-date.js';

/** Days of the month by the calendar's own rule, not by asking a Date. */
const daysIn = (year: number, month: number): number => {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
};
const two = (number: number): string => String(number).padStart(2, '0');

const years = fc.integer({ min: FIRST_YEAR, max: LAST_YEAR });
const realDay = fc
  .tuple(years, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 31 }))
  .filter(([year, month, day]) => day <= daysIn(year, month));
const separators = fc.constantFrom('/', '-', '.');

describe('dates', () => {
  it('mean the same day in every spelling', () => {
    fc.assert(
      fc.property(realDay, separators, ([year, month, day], by) => {
        const date = `${year}-${two(month)}-${two(day)}`;
        const spellings = [
          readDate([month, day, year].join(by), 'MDY'),
          readDate([two(month), two(day), year].join(by), 'MDY'),
          readDate([day, month, year].join(by), 'DMY'),
          readDate([year, two(month), two(day)].join(by), 'MDY'),
          readDate([year, month, day].join(by), 'DMY'),
        ];
        for (const read of spellings) expect(read).toEqual({ ok: true, date, instant: `${date}T00:00:00.000Z` });
      }),
    );
  });

  it('are accepted exactly when the calendar has the day', () => {
    const anything = fc.tuple(years, fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 99 }));
    fc.assert(
      fc.property(anything, ([year, month, day]) => {
        const exists = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
        expect(readDate(`${month}/${day}/${year}`, 'MDY').ok).toBe(exists);
      }),
    );
  });

  it('with two-digit years lie between 1970 and 2069', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99 }), (year) => {
        const expected = year >= 70 ? 1900 + year : 2000 + year;
        expect(readDate(`1/31/${two(year)}`, 'MDY')).toMatchObject({ date: `${expected}-01-31` });
      }),
    );
  });

  it('never throw, and give a real instant or a reason, whatever the text', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0123456789/-.: TZAPMapm+') }));
    fc.assert(
      fc.property(text, fc.constantFrom('MDY' as const, 'DMY' as const), (written, order) => {
        const read = readDate(written, order);
        if (read.ok) expect(new Date(read.instant).toISOString()).toBe(read.instant);
        else expect(read.reason).not.toBe('');
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['1/31/26 9:42 AM', '2026-01-31T09:42:00.000Z'],
    ['1/31/26 12:05 am', '2026-01-31T00:05:00.000Z'],
    ['1/31/26, 12:05 PM', '2026-01-31T12:05:00.000Z'],
    ['1/31/26 16:05', '2026-01-31T16:05:00.000Z'],
    ['2026-01-31T16:05:30Z', '2026-01-31T16:05:30.000Z'],
    ['2026-01-31 16:05:30.1239', '2026-01-31T16:05:30.123Z'],
    ['2026-01-31T23:30:00-02:00', '2026-02-01T01:30:00.000Z'],
    ['2026-01-31T00:15+0545', '2026-01-30T18:30:00.000Z'],
  ])('may carry a time: %s', (text, instant) => {
    expect(readDate(text, 'MDY')).toEqual({ ok: true, date: instant.slice(0, 10), instant });
  });

  it.each([
    ['2/30/26', 'there is no day 30 in month 2 of 2026'],
    ['2/29/25', 'there is no day 29 in month 2 of 2025'],
    ['31/1/26', 'there is no month 31 (read as MDY; set "dateOrder": "DMY"'],
    ['2026-13-01', 'there is no month 13 (read as year, month, day)'],
    ['1/0/26', 'there is no day 0'],
    ['1/31/1926', 'expected a year from 1970 to 2100'],
    ['1/31-26', 'expected a date such as 1/31/26 or 2026-01-31'],
    ['tomorrow', 'expected a date such as'],
    ['45322', 'expected a date such as'],
    ['1/31/26 25:00', 'expected the time as 14:05'],
    ['1/31/26 13:00 PM', 'expected the time as 14:05'],
    ['1/31/26 10:00+19:00', 'expected the time as 14:05'],
  ])('are refused: %s', (text, reason) => {
    expect(readDate(text, 'MDY')).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });
});
