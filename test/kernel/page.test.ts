import { describe, expect, test } from 'vitest';
import { foreignCursor } from '../../src/kernel/cursor.js';
import { DEFAULT_PAGE, pageOf, pagingOf } from '../../src/kernel/page.js';

const cursorOf = (n: number): string => `c${n}`;

describe('a page', () => {
  test('is of the size asked for, from the side asked for; first goes before last', () => {
    expect(pagingOf({})).toEqual({ size: DEFAULT_PAGE, isLast: false });
    expect(pagingOf({ first: 3 })).toEqual({ size: 3, isLast: false });
    expect(pagingOf({ last: 4 })).toEqual({ size: 4, isLast: true });
    expect(pagingOf({ first: 3, last: 4 })).toEqual({ size: 3, isLast: false });
    expect(pagingOf({ first: 0, last: 4 })).toEqual({ size: 0, isLast: false });
  });

  test('read from the front knows by one more than asked for whether there are more', () => {
    expect(pageOf([1, 2, 3], { first: 2 }, cursorOf)).toEqual({
      edges: [
        { cursor: 'c1', node: 1 },
        { cursor: 'c2', node: 2 },
      ],
      hasNextPage: true,
      hasPreviousPage: false,
    });
    expect(pageOf([1, 2], { first: 2, after: 'c0' }, cursorOf)).toMatchObject({
      hasNextPage: false,
      hasPreviousPage: true,
    });
  });

  test('read from the end stands in the order of the list', () => {
    const page = pageOf([3, 2, 1], { last: 2, before: 'c4' }, cursorOf);
    expect(page.edges.map(({ node }) => node)).toEqual([2, 3]);
    expect(page).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    expect(pageOf([1], { last: 2 }, cursorOf)).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
  });
});

test('a cursor of another list is refused by the argument that brought it', () => {
  const { code, message, details } = foreignCursor('after');
  expect(code).toBe('CURSOR_INVALID');
  expect(message).toMatch(/^after: expected a cursor that this list gave out/);
  expect(details).toEqual({ issues: [{ path: ['after'], message }] });
});
