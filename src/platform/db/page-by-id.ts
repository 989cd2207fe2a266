import { decodeCursor, encodeCursor, foreignCursor } from '../../kernel/cursor.js';
import { type Id, isId } from '../../kernel/ids.js';
import { type Page, type PageArgs, pageOf, pagingOf } from '../../kernel/page.js';
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
  const { size, isLast } = pagingOf(args);
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
  return pageOf(found, args, (item) => encodeCursor(tag, [idOf(item)]));
}

function positionOf(tag: string, cursor: string, argument: string): Id {
  const [id = ''] = decodeCursor(tag, 1, cursor, argument);
  if (isId(id)) return id;
  throw foreignCursor(argument);
}
