import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import {
  type CsvRecord,
  type Draft,
  type Mapping,
  parseMapping,
  type Refusal,
  type Remark,
  readCsv,
  readExport,
} from '../../src/cli/import/index.js';

/** A folder with the given files, gone when the test is. */
export async function folderOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-import-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}

export const mappingOf = (input: unknown = {}): Mapping => parseMapping(JSON.stringify(input));

export interface Export {
  readonly drafts: readonly Draft[];
  readonly refusals: readonly Refusal[];
  readonly remarks: readonly Remark[];
}

export async function readAll(folder: string, mapping: Mapping = mappingOf()): Promise<Export> {
  const drafts: Draft[] = [];
  const refusals: Refusal[] = [];
  const remarks: Remark[] = [];
  for await (const item of readExport(folder, mapping, { onRemark: (remark) => remarks.push(remark) })) {
    if (item.kind === 'refusal') refusals.push(item);
    else drafts.push(item);
  }
  return { drafts, refusals, remarks };
}

export const draftsOf = <Kind extends Draft['kind']>(
  { drafts }: Export,
  kind: Kind,
): Extract<Draft, { kind: Kind }>[] =>
  drafts.filter((draft): draft is Extract<Draft, { kind: Kind }> => draft.kind === kind);

export async function csvOf(
  content: string | Uint8Array,
  options: Parameters<typeof readCsv>[1] = {},
): Promise<(CsvRecord | Refusal)[]> {
  const folder = await folderOf({ 'rows.csv': content });
  const rows: (CsvRecord | Refusal)[] = [];
  for await (const row of readCsv(join(folder, 'rows.csv'), options)) rows.push(row);
  return rows;
}

const PRODUCTS = 'product,price\nGTX Pro,4821\nBasic,\n';
const TEAMS = 'owner,manager,region\nAda Lake,Max Orr,East\n';
/** Four accounts; two have one name. */
export const ACCOUNTS = 'id,name\n1,Acorn\n2,Birch\n3,Cedar\n4,cedar\n';

export interface Files {
  readonly accounts?: string;
  readonly deals?: string;
  readonly interactions?: string;
  readonly mapping?: unknown;
}

/** An export of these files, with two products and one sales person. */
export async function readFiles({ accounts = ACCOUNTS, deals, interactions, mapping }: Files): Promise<Export> {
  const folder = await folderOf({
    'products.csv': PRODUCTS,
    'sales_teams.csv': TEAMS,
    'accounts.csv': accounts,
    ...(deals === undefined ? {} : { 'deals.csv': deals }),
    ...(interactions === undefined ? {} : { 'interactions.csv': interactions }),
  });
  return readAll(folder, mappingOf(mapping));
}

/** A file of one row: what its cells hold, under their columns. */
export function fileOfOne(row: Readonly<Record<string, string>>): string {
  const quoted = Object.values(row).map((cell) => `"${cell.replaceAll('"', '""')}"`);
  return `${Object.keys(row).join(',')}\n${quoted.join(',')}\n`;
}

/** The refusals of a file whose first row alone is bad. */
export const refusalsOf = (file: string, column: string, value: string | null, reason: string) => [
  { kind: 'refusal', file, line: 2, column, value, reason: expect.stringContaining(reason) },
];
