import { decodeCursor, encodeCursor } from '../../kernel/cursor.js';
import { DomainError } from '../../kernel/errors.js';
import { type Id, isId } from '../../kernel/ids.js';
import type { Page, PageArgs } from '../../kernel/page.js';
import { DEFAULT_PAGE } from './page.js';
import { literal } from './read-once.js';

/** A list in the order of its ids, read by hand-written SQL. */
export interface ListById {
  /** The list's table: cursors of one list are not taken on another. */
  readonly table: string;
  /** The id in the statement, e.g. `r.id`. */
  readonly column: string;
  readonly direction: 'asc' | 'desc';
  readonly args: PageArgs;
}

/**
 * One page, with the same cursors and the same reading of the arguments as `findPage`.
 *
 * @param read runs the statement, with the text given (further conditions, order and limit) behind its own conditions
 * @throws CURSOR_INVALID for a cursor of another list
 */
export async function pageById<T>(
  { table, column, direction, args }: ListById,
  idOf: (item: T) => Id,
  read: (tail: string) => Promise<readonly T[]>,
): Promise<Page<T>> {
  const tag = `${table}:id`;
  const isLast = args.first === undefined && args.last !== undefined;
  const size = args.first ?? args.last ?? DEFAULT_PAGE;
  const beyond = (argument: 'after' | 'before'): string => {
    const cursor = args[argument];
    if (cursor === undefined) return '';
    const comparison = (argument === 'after') === (direction === 'asc') ? '>' : '<';
    return ` and ${column} ${comparison} ${literal(positionOf(tag, cursor, argument))}`;
  };
  const conditions = beyond('after') + beyond('before');
  const order = isLast === (direction === 'asc') ? 'desc' : 'asc';
  // One more than asked for tells whether there are more.
  const found = await read(`${conditions} order by ${column} ${order} limit ${size + 1}`);
  const hasMore = found.length > size;
  const items = found.slice(0, size);
  if (isLast) items.reverse();
  return {
    edges: items.map((node) => ({ cursor: encodeCursor(tag, [idOf(node)]), node })),
    hasNextPage: isLast ? args.before !== undefined : hasMore,
    hasPreviousPage: isLast ? hasMore : args.after !== undefined,
  };
}

function positionOf(tag: string, cursor: string, argument: string): Id {
  const [id = ''] = decodeCursor(tag, 1, cursor, argument);
  if (isId(id)) return id;
  const message = `${argument}: expected a cursor that this list gave out, got one that was made elsewhere.`;
  throw new DomainError('CURSOR_INVALID', message, { issues: [{ path: [argument], message }] });
}
