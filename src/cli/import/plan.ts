import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '../../kernel/errors.js';
import { type Columns, looksLike, resolveColumns } from './columns.js';
import { readHeader } from './csv.js';
import type { Mapping } from './mapping.js';
import { FILE_KINDS, FILE_NAMES, type FileKind, key } from './vocabulary.js';

export interface PlannedFile<Kind extends FileKind = FileKind> {
  readonly kind: Kind;
  /** The name inside the folder. */
  readonly file: string;
  readonly path: string;
  /** Size on disk. */
  readonly bytes: number;
  readonly columns: Columns<Kind>;
}

/** What will be read, known before the first row is. */
export interface ExportPlan {
  readonly folder: string;
  readonly files: { readonly [Kind in FileKind]: PlannedFile<Kind> | null };
  /** CSV files in the folder that are none of the five, such as a data dictionary. */
  readonly ignored: readonly string[];
  /** What `onBytes` adds up to. Interactions count twice: once for the people in them, once for themselves. */
  readonly totalBytes: number;
}

const CSV_NAME = /\.(csv|tsv)$/i;
/** How often each file is read from beginning to end. */
const PASSES: Readonly<Record<FileKind, number>> = {
  products: 1,
  salesTeams: 1,
  accounts: 1,
  deals: 1,
  interactions: 2,
};

/**
 * Finds the export's files, by the mapping, else by name, else by header, and their columns.
 *
 * @throws VALIDATION_FAILED when the folder cannot be read, a file named in the mapping is not there, two files
 *   claim one place, nothing in the folder is an export, deals or interactions come without accounts, or a header
 *   cannot be used.
 */
export async function planExport(folder: string, mapping: Mapping): Promise<ExportPlan> {
  const names = await listCsvFiles(folder);
  const found = await recogniseFiles(folder, names, mapping);
  const plan = async <Kind extends FileKind>(kind: Kind): Promise<PlannedFile<Kind> | null> => {
    const file = found.get(kind);
    if (file === undefined) return null;
    const path = join(folder, file);
    const { columns: header } = await readHeader(path, { ifNotUtf8: mapping.ifNotUtf8 });
    const { size } = await stat(path);
    return { kind, file, path, bytes: size, columns: resolveColumns(kind, header, { file, mapping }) };
  };
  const files = {
    products: await plan('products'),
    salesTeams: await plan('salesTeams'),
    accounts: await plan('accounts'),
    deals: await plan('deals'),
    interactions: await plan('interactions'),
  };
  requireSubject(folder, names, files);
  const taken = new Set(found.values());
  const totalBytes = FILE_KINDS.reduce((total, kind) => total + PASSES[kind] * (files[kind]?.bytes ?? 0), 0);
  return { folder, files, ignored: names.filter((name) => !taken.has(name)), totalBytes };
}

async function listCsvFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? 'there is none' : cause.code === 'ENOTDIR' ? 'it is a file' : cause.message;
    throw unusable(folder, `expected a folder of CSV files; ${why}.`, cause);
  });
  // A link may lead to a folder; reading it then fails with a clear enough error of its own.
  const names = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink()).map((entry) => entry.name);
  return names.filter((name) => CSV_NAME.test(name)).sort();
}

async function recogniseFiles(
  folder: string,
  names: readonly string[],
  mapping: Mapping,
): Promise<ReadonlyMap<FileKind, string>> {
  const found = new Map<FileKind, string>();
  for (const kind of FILE_KINDS) {
    const wanted = mapping.files[kind];
    if (typeof wanted !== 'string') continue;
    if (!names.includes(wanted)) {
      throw unusable(folder, `expected the file "${wanted}" that files.${kind} names, got ${list(names)}.`);
    }
    found.set(kind, wanted);
  }
  const open = FILE_KINDS.filter((kind) => mapping.files[kind] === undefined);
  const claim = (kind: FileKind, candidates: readonly string[]): void => {
    if (candidates.length > 1) {
      throw unusable(folder, `expected one file of ${kind}, got ${list(candidates)}; choose with files.${kind}.`);
    }
    if (candidates[0] !== undefined) found.set(kind, candidates[0]);
  };
  const free = (): string[] => names.filter((name) => ![...found.values()].includes(name));
  for (const kind of open) {
    claim(
      kind,
      free().filter((name) => FILE_NAMES[kind].includes(key(name.replace(CSV_NAME, '')))),
    );
  }
  const headers = await readableHeaders(folder, free(), mapping);
  for (const kind of open.filter((candidate) => !found.has(candidate))) {
    claim(
      kind,
      free().filter((name) => looksLike(kind, headers.get(name) ?? [])),
    );
  }
  return found;
}

/** A stray file whose header cannot be used is no part of the export, hence no error. */
async function readableHeaders(
  folder: string,
  names: readonly string[],
  { ifNotUtf8 }: Mapping,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const headers = new Map<string, readonly string[]>();
  for (const name of names) {
    try {
      headers.set(name, (await readHeader(join(folder, name), { ifNotUtf8 })).columns);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  }
  return headers;
}

function requireSubject(folder: string, names: readonly string[], files: ExportPlan['files']): void {
  if (files.accounts === null && files.deals === null && files.interactions === null) {
    const expected = 'expected a file of accounts, deals or interactions';
    throw unusable(folder, `${expected}, got ${list(names)}; name them under "files" in the mapping.`);
  }
  const referring = files.deals ?? files.interactions;
  if (files.accounts === null && referring !== null) {
    const expected = `expected a file of accounts, because ${referring.file} refers to them`;
    throw unusable(folder, `${expected}, got ${list(names)}; name it as files.accounts in the mapping.`);
  }
}

const list = (names: readonly string[]): string => (names.length > 0 ? names.join(', ') : 'no CSV file');

const unusable = (folder: string, message: string, cause?: unknown): DomainError =>
  new DomainError('VALIDATION_FAILED', `${folder}: ${message}`, { folder }, { cause });
