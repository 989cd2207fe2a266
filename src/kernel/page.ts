/** Relay's paging arguments: `first`/`after` forwards, `last`/`before` backwards. */
export interface PageArgs {
  readonly first?: number;
  readonly after?: string;
  readonly last?: number;
  readonly before?: string;
}

export interface Page<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** Page size when a caller names none. */
export const DEFAULT_PAGE = 20;

/** How a page is read: how many, and whether from the end. */
export interface Paging {
  readonly size: number;
  readonly isLast: boolean;
}

/** The reading of Relay's arguments that all lists share: `first` goes before `last`. */
export const pagingOf = ({ first, last }: PageArgs): Paging => ({
  size: first ?? last ?? DEFAULT_PAGE,
  isLast: first === undefined && last !== undefined,
});

/**
 * The page of what was found.
 *
 * @param found in the order of reading, so from the end where the page is the last one; one more than its size, where
 *   there are more: that is how a page knows
 */
export function pageOf<T>(found: readonly T[], args: PageArgs, cursorOf: (item: T) => string): Page<T> {
  const { size, isLast } = pagingOf(args);
  const hasMore = found.length > size;
  const items = found.slice(0, size);
  if (isLast) items.reverse();
  return {
    edges: items.map((node) => ({ cursor: cursorOf(node), node })),
    hasNextPage: isLast ? args.before !== undefined : hasMore,
    hasPreviousPage: isLast ? hasMore : args.after !== undefined,
  };
}
