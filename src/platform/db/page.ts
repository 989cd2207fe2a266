import { Cursor, type EntityName, type FilterQuery } from '@mikro-orm/core';
import { decodeCursor, encodeCursor, foreignCursor } from '../../kernel/cursor.js';
import { isId } from '../../kernel/ids.js';
import { DEFAULT_PAGE, type Page, type PageArgs } from '../../kernel/page.js';
import type { Tx } from '../../kernel/transaction.js';
import { emOf } from './database.js';

export interface PageRequest<T> {
  readonly entity: EntityName<T>;
  readonly where: FilterQuery<T>;
  /** Sort keys, each text or a date and never null; the last must be `id`, which makes the order total. */
  readonly keys: readonly (keyof T & string)[];
  readonly direction: 'asc' | 'desc';
  readonly args: PageArgs;
}

/** One keyset page. @throws CURSOR_INVALID for a cursor of another list. */
export async function findPage<T extends { id: string }>(tx: Tx, request: PageRequest<T>): Promise<Page<T>> {
  const { entity, where, keys, direction, args } = request;
  const tag = `${String((entity as { meta?: { tableName?: string } }).meta?.tableName)}:${keys.join(',')}`;
  const position = (cursor: string | undefined, argument: string): string | undefined => {
    if (cursor === undefined) return undefined;
    const parts = decodeCursor(tag, keys.length, cursor, argument);
    if (!parts.every((part, index) => isKey(entity, keys[index] ?? 'id', part))) {
      throw foreignCursor(argument);
    }
    return Cursor.encode(parts);
  };
  const found = await emOf(tx).findByCursor(entity, {
    where,
    orderBy: Object.fromEntries(keys.map((key) => [key, direction])) as never,
    first: args.first ?? (args.last === undefined ? DEFAULT_PAGE : undefined),
    last: args.last,
    after: position(args.after, 'after'),
    before: position(args.before, 'before'),
    includeCount: false,
  } as never);
  const items = found.items as unknown as readonly T[];
  return {
    edges: items.map((node) => ({
      cursor: encodeCursor(
        tag,
        keys.map((key) => textOf(node[key])),
      ),
      node,
    })),
    hasNextPage: found.hasNextPage,
    hasPreviousPage: found.hasPrevPage,
  };
}

const textOf = (key: unknown): string => (key instanceof Date ? key.toISOString() : String(key));

/** Whether the database could compare the key with this text; a forged cursor must not become a database error. */
function isKey<T>(entity: EntityName<T>, key: string, text: string): boolean {
  if (key === 'id') return isId(text);
  const { meta } = entity as { meta?: { properties?: Record<string, { type?: string }> } };
  if (meta?.properties?.[key]?.type === 'datetime') return isInstant(text);
  return text.isWellFormed() && !text.includes('\u0000');
}

/** Exactly as a cursor writes one, within what both databases can compare. */
function isInstant(text: string): boolean {
  const time = new Date(text);
  return !Number.isNaN(time.getTime()) && time.toISOString() === text && /^(?!0000)\d{4}-/.test(text);
}
