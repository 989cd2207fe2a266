import { DomainError } from '../../kernel/errors.js';
import type { Mapping } from './mapping.js';
import { COLUMN_NAMES, type Field, type FileKind, key, REQUIRED_FIELDS, TELLING_FIELDS } from './vocabulary.js';

/** For each field the column that holds it, in the file's own spelling; null when the file has none. */
export type Columns<Kind extends FileKind> = Readonly<Record<Field<Kind>, string | null>>;

/**
 * Finds each field's column: the mapping's name for it, else the first default name the header has.
 *
 * @throws VALIDATION_FAILED when the mapping names a column the header lacks, or a required field has no column.
 */
export function resolveColumns<Kind extends FileKind>(
  kind: Kind,
  header: readonly string[],
  { file, mapping }: { readonly file: string; readonly mapping: Mapping },
): Columns<Kind> {
  const overrides: Readonly<Record<string, string | null | undefined>> = mapping.columns[kind];
  const columns = Object.fromEntries(
    fieldsOf(kind).map((field) => {
      const wanted = overrides[field];
      if (wanted === undefined) return [field, findDefault(kind, field, header)];
      if (wanted === null) return [field, null];
      const column = header.find((candidate) => key(candidate) === key(wanted));
      if (column === undefined) throw lacks(file, `the column "${wanted}" that columns.${kind}.${field} names`, header);
      return [field, column];
    }),
  ) as Record<Field<Kind>, string | null>;
  for (const field of REQUIRED_FIELDS[kind]) {
    if (columns[field] === null) {
      const names = defaultNames(kind, field).join(', ');
      throw lacks(
        file,
        `a column for ${field} (${names}; or name it as columns.${kind}.${field} in the mapping)`,
        header,
      );
    }
  }
  return columns;
}

/** Whether a header holds the columns that only this kind of file has. */
export const looksLike = (kind: FileKind, header: readonly string[]): boolean =>
  TELLING_FIELDS[kind].every((field: string) => findDefault(kind, field, header) !== null);

const fieldsOf = (kind: FileKind): readonly string[] => Object.keys(COLUMN_NAMES[kind]);

function defaultNames(kind: FileKind, field: string): readonly string[] {
  const names: Readonly<Record<string, readonly string[]>> = COLUMN_NAMES[kind];
  return names[field] ?? [];
}

function findDefault(kind: FileKind, field: string, header: readonly string[]): string | null {
  for (const name of defaultNames(kind, field)) {
    const column = header.find((candidate) => key(candidate) === name);
    if (column !== undefined) return column;
  }
  return null;
}

const lacks = (file: string, what: string, header: readonly string[]): DomainError =>
  new DomainError('VALIDATION_FAILED', `${file}: expected ${what}, got the columns ${header.join(', ')}.`, { file });
