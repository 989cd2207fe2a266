import { describe, expect, test } from 'vitest';
import {
  meant,
  Place,
  readFields,
  readList,
  readNumber,
  readText,
  readWord,
  refuseRepeated,
  show,
} from '../../../src/features/policy/domain/reading.js';
import type { ValidationIssue } from '../../../src/kernel/errors.js';

/** What is read, and what is said to be wrong with it. */
function reading<Result>(read: (place: Place) => Result): { read: Result; issues: ValidationIssue[] } {
  const place = new Place(['doc'], []);
  return { read: read(place), issues: place.issues };
}
const refused = (message: string, ...path: (string | number)[]) => ({ path: ['doc', ...path], message });

describe('a place', () => {
  test('has a path of its own and shares what is wrong', () => {
    const place = new Place(['doc'], []);
    expect(place.at('list').at(2).refuse('no')).toBeUndefined();
    expect(place.path).toEqual(['doc']);
    expect(place.issues).toEqual([refused('no', 'list', 2)]);
  });
});

describe('fields', () => {
  const fields = (raw: unknown) => reading((place) => readFields(place, raw, ['limit', 'scope']));

  test('are those of an object; null and undefined stand for none', () => {
    expect(fields({ limit: 0, scope: null })).toEqual({ read: { limit: 0 }, issues: [] });
    expect(fields({ limit: undefined, scope: '' })).toEqual({ read: { scope: '' }, issues: [] });
    expect(Object.keys(fields({ limit: undefined, scope: null }).read)).toEqual([]);
  });

  test.each([
    [null, 'null'],
    [undefined, 'undefined'],
    ['x', '"x"'],
    [7, '7'],
    [[1], 'a list'],
  ])('are not read off %j', (raw, shown) => {
    expect(fields(raw)).toEqual({ read: {}, issues: [refused(`expected an object; got ${shown}.`)] });
  });

  test('that nobody knows are refused where they stand, the others read', () => {
    expect(fields({ limits: 1, limit: 2, other: 3 })).toEqual({
      read: { limit: 2 },
      issues: [
        refused('there is no such field. Did you mean limit? Known are limit, scope.', 'limits'),
        refused('there is no such field. Known are limit, scope.', 'other'),
      ],
    });
  });
});

describe('a word', () => {
  const word = (raw: unknown) => reading((place) => readWord(place, raw, ['hour', 'day']));

  test('is one of the list, or left out', () => {
    expect(word('day')).toEqual({ read: 'day', issues: [] });
    expect(word(undefined)).toEqual({ read: undefined, issues: [] });
  });

  test.each([
    ['Day', 'got "Day". Did you mean day?'],
    ['hours', 'got "hours". Did you mean hour?'],
    ['century', 'got "century".'],
    [null, 'got null.'],
    [{}, 'got an object.'],
  ])('is not %j', (raw, got) => {
    expect(word(raw)).toEqual({ read: undefined, issues: [refused(`expected one of hour, day; ${got}`)] });
  });
});

describe('a number', () => {
  const number = (raw: unknown, isWhole?: boolean) =>
    reading((place) => readNumber(place, raw, { least: 1, most: 10, ...(isWhole !== undefined && { isWhole }) }));

  test('is in its range, or left out', () => {
    for (const raw of [1, 1.5, 10, undefined]) expect(number(raw)).toEqual({ read: raw, issues: [] });
    for (const raw of [1, 10, undefined]) expect(number(raw, true)).toEqual({ read: raw, issues: [] });
  });

  test.each([
    [0.99, '0.99'],
    [10.01, '10.01'],
    [Number.NaN, 'NaN'],
    ['5', '"5"'],
    [null, 'null'],
  ])('is not %j', (raw, shown) => {
    expect(number(raw)).toEqual({
      read: undefined,
      issues: [refused(`expected a number from 1 to 10; got ${shown}.`)],
    });
  });

  test('may have to be whole', () => {
    expect(number(1.5, true).issues).toEqual([refused('expected a whole number from 1 to 10; got 1.5.')]);
  });
});

describe('a text', () => {
  const text = (raw: unknown) => reading((place) => readText(place, raw, 5));

  test('is trimmed, or left out', () => {
    expect(text('  12345\n')).toEqual({ read: '12345', issues: [] });
    expect(text(undefined)).toEqual({ read: undefined, issues: [] });
  });

  test.each([
    ['', '""'],
    [' \n ', '" \\n "'],
    ['123456', '"123456"'],
    ['a\ud800', '"a\\ud800"'],
    ['a\u0000b', '"a\\u0000b"'],
    [7, '7'],
    [null, 'null'],
  ])('is not %j', (raw, shown) => {
    expect(text(raw)).toEqual({
      read: undefined,
      issues: [refused(`expected plain Unicode text of 1 to 5 characters; got ${shown}.`)],
    });
  });
});

describe('a list', () => {
  const list = (raw: unknown) =>
    reading((place) =>
      readList(place, raw, { least: 1, most: 3 }, (where, item) =>
        item === 'bad' ? where.refuse('bad') : { item, path: where.path },
      ),
    );

  test('is read one by one, without what is refused', () => {
    expect(list(['a', 'bad', undefined])).toEqual({
      read: [
        { item: 'a', path: ['doc', 0] },
        { item: null, path: ['doc', 2] },
      ],
      issues: [refused('bad', 1)],
    });
    expect(list(['a']).read).toHaveLength(1);
  });

  test.each([
    [{}, 'expected a list; got an object.'],
    ['a', 'expected a list; got "a".'],
    [[], 'expected 1 to 3 entries; got 0.'],
    [[1, 2, 3, 4], 'expected 1 to 3 entries; got 4.'],
  ])('is not %j', (raw, message) => {
    expect(list(raw)).toEqual({ read: [], issues: [refused(message)] });
  });

  test('has nothing twice where that is asked', () => {
    const repeated = (items: string[]) => reading((place) => refuseRepeated(place, items, (item) => item)).issues;
    expect(repeated(['a', 'b', 'c'])).toEqual([]);
    expect(repeated(['a', 'b', 'a', 'a'])).toEqual([
      refused('expected each only once; "a" stands there again.'),
      refused('expected each only once; "a" stands there again.'),
    ]);
  });
});

test('what came is shown so that it can be told what it was', () => {
  expect([undefined, null, true, 1.5, 'a"', [], {}].map(show)).toEqual([
    'undefined',
    'null',
    'true',
    '1.5',
    '"a\\""',
    'a list',
    'an object',
  ]);
});

test('the word that was meant is named where there is one', () => {
  expect(meant('dya', ['hour', 'day'])).toBe(' Did you mean day?');
  expect(meant('century', ['hour', 'day'])).toBe('');
});
