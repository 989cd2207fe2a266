import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { DomainError, type ValidationIssue } from '../../kernel/errors.js';
import { CHANNELS, DIRECTIONS, INTERACTION_STATUSES } from './drafts.js';
import { DECIMAL_SEPARATORS } from './read-amount.js';
import { DATE_ORDERS } from './read-date.js';
import { COLUMN_NAMES, FILE_KINDS, type Field, type FileKind, STAGE_NAMES } from './vocabulary.js';

const name = z.string().trim().min(1);
/** A name instead of the defaults, or null: act as if there were none. */
const override = name.nullable();
const stages = Object.keys(STAGE_NAMES) as (keyof typeof STAGE_NAMES)[];

const fieldsOf = <Kind extends FileKind>(kind: Kind) =>
  z.partialRecord(z.enum(Object.keys(COLUMN_NAMES[kind]) as [Field<Kind>, ...Field<Kind>[]]), override);

/** The mapping file. Every key may be left out; docs/IMPORT.md describes each. */
export const mappingSchema = z.strictObject({
  files: z.partialRecord(z.enum(FILE_KINDS), override).default({}),
  columns: z
    .strictObject({
      products: fieldsOf('products').default({}),
      salesTeams: fieldsOf('salesTeams').default({}),
      accounts: fieldsOf('accounts').default({}),
      deals: fieldsOf('deals').default({}),
      interactions: fieldsOf('interactions').default({}),
    })
    .prefault({}),
  stages: z.record(name, z.enum(stages)).default({}),
  channels: z.record(name, z.enum(CHANNELS)).default({}),
  directions: z.record(name, z.enum(DIRECTIONS)).default({}),
  statuses: z.record(name, z.enum(INTERACTION_STATUSES)).default({}),
  sectors: z.record(name, name).default({}),
  dateOrder: z.enum(DATE_ORDERS).default('MDY'),
  decimalSeparator: z.enum(DECIMAL_SEPARATORS).default('.'),
  defaultCurrency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'expected a currency code of three capital letters, such as "USD"')
    .default('USD'),
  revenueUnit: z.number().positive().max(1e9).default(1_000_000),
  valueUnit: z.number().positive().max(1e9).default(1),
  closeBeforeOpen: z.enum(['drop_opening', 'refuse']).default('drop_opening'),
  ifNotUtf8: z.enum(['refuse', 'windows-1252']).default('refuse'),
});

export type Mapping = z.output<typeof mappingSchema>;

/** The file an export folder may carry its own mapping in. */
export const MAPPING_FILE = 'mapping.json';

/**
 * The mapping to read a folder with: the file given, else the folder's `mapping.json`, else the defaults.
 *
 * @param file path of a mapping file; it must exist.
 * @throws VALIDATION_FAILED with one issue per wrong key, or when the file cannot be read or is not JSON.
 */
export async function loadMapping(folder: string, file?: string): Promise<Mapping> {
  const path = file ?? join(folder, MAPPING_FILE);
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (file === undefined && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) return '{}';
    const message = `The mapping file ${path} cannot be read (${cause.code ?? cause.message}).`;
    throw new DomainError('VALIDATION_FAILED', message, { file: path }, { cause });
  });
  return parseMapping(text, basename(path));
}

/**
 * @param text JSON.
 * @param file what messages call it.
 * @throws VALIDATION_FAILED with one issue per wrong key.
 */
export function parseMapping(text: string, file: string = MAPPING_FILE): Mapping {
  const input = parseJson(text, file);
  const result = mappingSchema.safeParse(input);
  if (result.success) return result.data;
  const issues = result.error.issues.flatMap((issue) => toIssues(issue, input));
  const list = issues.map((issue) => `${[file, ...issue.path].join('.')}: ${issue.message}`);
  throw new DomainError('VALIDATION_FAILED', list.join('\n'), { file, issues });
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DomainError('VALIDATION_FAILED', `${file}: expected JSON (${why}).`, { file }, { cause });
  }
}

/** The library's messages say what was expected; these also say which key, and what came. */
function toIssues(issue: z.core.$ZodIssue, input: unknown): ValidationIssue[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((unknown) => unknownKey([...path, unknown]));
  }
  if (issue.code === 'invalid_key') return [unknownKey(path)];
  return [{ path, message: `${issue.message}; got ${JSON.stringify(valueAt(input, path)) ?? 'nothing'}.` }];
}

function unknownKey(path: readonly (string | number)[]): ValidationIssue {
  const known = knownKeys(path.slice(0, -1));
  return { path, message: `unknown key; expected ${known.length > 0 ? `one of ${known.join(', ')}` : 'another'}.` };
}

function knownKeys(path: readonly (string | number)[]): readonly string[] {
  const [section, kind] = path;
  if (section === undefined) return Object.keys(mappingSchema.shape);
  if (section === 'files' || (section === 'columns' && kind === undefined)) return FILE_KINDS;
  const found = FILE_KINDS.find((candidate) => section === 'columns' && candidate === kind);
  return found === undefined ? [] : Object.keys(COLUMN_NAMES[found]);
}

function valueAt(input: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined),
    input,
  );
}

/** Every key a mapping may have, fields of columns included; what the documentation must explain. */
export const mappingKeys = (): readonly string[] => [
  ...new Set([
    ...Object.keys(mappingSchema.shape),
    ...FILE_KINDS,
    ...FILE_KINDS.flatMap((kind) => Object.keys(COLUMN_NAMES[kind])),
  ]),
];
