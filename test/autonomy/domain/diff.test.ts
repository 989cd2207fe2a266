import { describe, expect, test } from 'vitest';
import { diff } from '../../../src/features/autonomy/domain/diff.js';
import type { JsonValue } from '../../../src/kernel/json.js';

describe('what changed between two values', () => {
  test.each<[string, JsonValue, JsonValue, unknown[]]>([
    ['nothing', { a: [1, { b: null }], c: 'x' }, { c: 'x', a: [1, { b: null }] }, []],
    ['a value', { a: 1 }, { a: 2 }, [{ op: 'replace', path: '/a', before: 1, after: 2 }]],
    ['the whole', 1, [1], [{ op: 'replace', path: '', before: 1, after: [1] }]],
    ['a key that came', {}, { a: null }, [{ op: 'add', path: '/a', before: null, after: null }]],
    ['a key that went', { a: 1 }, {}, [{ op: 'remove', path: '/a', before: 1, after: null }]],
    ['a place that came', { a: [1] }, { a: [1, 2] }, [{ op: 'add', path: '/a/1', before: null, after: 2 }]],
    ['a place that went', [1, 2], [1], [{ op: 'remove', path: '/1', before: 2, after: null }]],
    [
      'a list put into an object’s place',
      { a: { 0: 1 } },
      { a: [1] },
      [{ op: 'replace', path: '/a', before: { 0: 1 }, after: [1] }],
    ],
    [
      'an object put into a list’s place',
      { a: [1] },
      { a: { 0: 1 } },
      [{ op: 'replace', path: '/a', before: [1], after: { 0: 1 } }],
    ],
    ['an object that went empty', { a: {} }, { a: null }, [{ op: 'replace', path: '/a', before: {}, after: null }]],
    ['nothing that became something', { a: null }, { a: {} }, [{ op: 'replace', path: '/a', before: null, after: {} }]],
    [
      'keys with signs of a pointer',
      { 'a/b~c/~': 1 },
      { 'a/b~c/~': 2 },
      [{ op: 'replace', path: '/a~1b~0c~1~0', before: 1, after: 2 }],
    ],
    [
      'a key that every object inherits',
      {},
      { toString: 'x' },
      [{ op: 'add', path: '/toString', before: null, after: 'x' }],
    ],
    [
      'several, in the order of the keys',
      { c: 1, a: { z: 1, y: 1 } },
      { b: 1, c: 2, a: { y: 2, z: 2 } },
      [
        { op: 'replace', path: '/a/y', before: 1, after: 2 },
        { op: 'replace', path: '/a/z', before: 1, after: 2 },
        { op: 'add', path: '/b', before: null, after: 1 },
        { op: 'replace', path: '/c', before: 1, after: 2 },
      ],
    ],
  ])('%s', (_what, before, after, changes) => {
    expect(diff(before, after)).toEqual(changes);
  });

  test('is nothing where neither has anything', () => {
    const empty = { a: undefined } as unknown as JsonValue;
    expect(diff(empty, empty)).toEqual([]);
    expect(diff({}, empty)).toEqual([]);
  });

  test('is told from where one starts', () => {
    expect(diff({ a: 1 }, { a: 2 }, '/payload')).toMatchObject([{ path: '/payload/a' }]);
  });
});
