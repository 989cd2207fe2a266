import type { EntitySchema } from '@mikro-orm/core';

export type PlainRow = Readonly<Record<string, unknown>>;

/** How to select a mapped table's columns in hand-written SQL, and to make its objects of the rows. */
export interface PlainRows<T> {
  /** The select list, each column under a name that no other alias uses. */
  readonly columns: string;
  /** The object in a row that was selected with `columns`. */
  read(row: PlainRow): T;
}

/**
 * Reads by the mapping, but past the unit of work: plain objects, of which the ORM keeps no copies to compare when
 * the transaction ends. For lists on hot paths, where that is most of the work.
 *
 * @param alias the table's alias in the statement
 */
export function plainRows<T extends object>(entity: EntitySchema<T>, alias: string): PlainRows<T> {
  const properties = Object.entries<{ readonly type?: unknown }>(entity.meta.properties);
  const fields = properties.map(([property, { type }]) => ({
    property,
    name: `${alias}.${property}`,
    isTime: type === 'datetime',
    column: `${alias}.${property.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`,
  }));
  return {
    columns: fields
      // As a number, a time costs a tenth of parsing its text.
      .map(
        ({ name, isTime, column }) =>
          `${isTime ? `(extract(epoch from ${column}) * 1000)::float8` : column} as "${name}"`,
      )
      .join(', '),
    read(row) {
      const object: Record<string, unknown> = {};
      for (const { property, name, isTime } of fields) {
        const value = row[name];
        object[property] = isTime && value !== null ? new Date(Number(value)) : value;
      }
      return object as T;
    },
  };
}
