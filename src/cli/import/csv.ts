import { basename } from 'node:path';
import { parse } from 'csv-parse/sync';
import { DomainError } from '../../kernel/errors.js';
import { type Refusal, shown } from './drafts.js';
import { LineWindow } from './line-window.js';
import { type LineOptions, MAX_ROW } from './lines.js';

/** One row under the file's own column names, untrimmed; line ends inside a cell are `\n`. */
export interface CsvRecord {
  readonly kind: 'record';
  /** The physical line, from 1, on which the row begins. */
  readonly line: number;
  readonly record: Readonly<Record<string, string>>;
}

export type Delimiter = ',' | ';' | '\t';

export interface CsvHeader {
  readonly columns: readonly string[];
  readonly delimiter: Delimiter;
}

/**
 * Streams a CSV file with a header row: comma, semicolon or tab (whichever the header has most of), LF or CRLF,
 * with or without byte order mark and last line end, line ends inside quotes. Rows without any value are skipped.
 *
 * A row that cannot be read comes out as a refusal, and reading goes on at the next line that begins a sound row:
 * a quote that is never closed costs its own row, not the rest of the file. Rows longer than `MAX_ROW` characters
 * are refused too, which bounds the memory.
 *
 * @throws VALIDATION_FAILED when the header is missing, unreadable, or has a blank or repeated column.
 */
export async function* readCsv(path: string, options: LineOptions = {}): AsyncGenerator<CsvRecord | Refusal> {
  const file = basename(path);
  const lines = new LineWindow(path, options);
  try {
    const { columns, delimiter } = await takeHeader(lines, file);
    for (;;) {
      const start = lines.line;
      const row = await rowAt(lines, 0, delimiter);
      if (row === undefined) return;
      const problem = row.problem ?? countProblem(row.cells, columns);
      if (problem !== null) {
        const skipped = await soundRowWithin(lines, row.span, { columns, delimiter });
        lines.drop(skipped);
        yield refuse({ file, line: start, text: row.text, problem, lastLine: start + skipped - 1 });
        continue;
      }
      lines.drop(row.span);
      if (row.cells.every((cell) => cell.trim() === '')) continue;
      const record = Object.fromEntries(columns.map((column, index) => [column, row.cells[index] ?? '']));
      yield { kind: 'record', line: start, record };
    }
  } finally {
    await lines.close();
  }
}

/**
 * The header alone, so that a whole export can be judged before its first row is read.
 *
 * @throws VALIDATION_FAILED as `readCsv` does.
 */
export async function readHeader(path: string, options: LineOptions = {}): Promise<CsvHeader> {
  const lines = new LineWindow(path, options);
  try {
    return await takeHeader(lines, basename(path));
  } finally {
    await lines.close();
  }
}

interface Row {
  readonly text: string;
  readonly cells: readonly string[];
  /** How many physical lines the row takes. */
  readonly span: number;
  readonly problem: string | null;
}

/** The row that begins `offset` lines ahead; undefined at the end of the file. */
async function rowAt(lines: LineWindow, offset: number, delimiter: Delimiter): Promise<Row | undefined> {
  let text = '';
  let quotes = 0;
  let unreadable: string | null = null;
  for (let span = 1; ; span += 1) {
    const line = await lines.at(offset + span - 1);
    if (line === undefined) {
      if (span === 1) return undefined;
      return { text, cells: [], span: span - 1, problem: 'a quote opens in this row and is never closed' };
    }
    text = span === 1 ? line.text : `${text}\n${line.text}`;
    if (line.problem === 'too_long' || text.length > MAX_ROW) {
      const problem = `expected a row of at most ${MAX_ROW} characters; a quote that is never closed may be the cause`;
      return { text, cells: [], span, problem };
    }
    if (line.problem === 'not_utf8') {
      unreadable ??= `line ${lines.line + offset + span - 1} is not UTF-8; save the file as CSV UTF-8, or set "ifNotUtf8": "windows-1252" in the mapping`;
    }
    quotes += countQuotes(line.text);
    // A row ends at the first line end outside quotes, that is, behind an even number of quotes.
    if (quotes % 2 === 0) return { ...readCells(text, delimiter, unreadable), text, span };
  }
}

function readCells(text: string, delimiter: Delimiter, unreadable: string | null): Pick<Row, 'cells' | 'problem'> {
  if (unreadable !== null) return { cells: [], problem: unreadable };
  if (text.includes('\0')) return { cells: [], problem: 'the row holds a NUL character, which no text may hold' };
  if (text.trim() === '') return { cells: [], problem: null };
  try {
    const rows: string[][] = parse(text, {
      delimiter,
      record_delimiter: '\n',
      relax_column_count: true,
      max_record_size: MAX_ROW,
    });
    return { cells: rows[0] ?? [], problem: null };
  } catch {
    const problem = 'a quote stands inside a cell; quote the whole cell and write each quote in it twice';
    return { cells: [], problem };
  }
}

function countProblem(cells: readonly string[], columns: readonly string[]): string | null {
  if (cells.length === columns.length || cells.every((cell) => cell.trim() === '')) return null;
  return `expected ${columns.length} ${columns.length === 1 ? 'cell' : 'cells'} as in the header, got ${cells.length}`;
}

/**
 * How many lines to leave behind a broken row of `span` lines: up to the first line inside it that begins a sound
 * row, because a quote left open makes the rows below it look like part of the same row.
 */
async function soundRowWithin(lines: LineWindow, span: number, { columns, delimiter }: CsvHeader): Promise<number> {
  for (let offset = 1; offset < span; offset += 1) {
    const row = await rowAt(lines, offset, delimiter);
    if (row?.problem === null && row.cells.length === columns.length) return offset;
  }
  return span;
}

interface BrokenRow {
  readonly file: string;
  readonly line: number;
  readonly lastLine: number;
  readonly text: string;
  readonly problem: string;
}

function refuse({ file, line, lastLine, text, problem }: BrokenRow): Refusal {
  const reach = lastLine > line ? `the row, up to line ${lastLine}, cannot be read` : 'the row cannot be read';
  return { kind: 'refusal', file, line, column: null, value: shown(text), reason: `${reach}: ${problem}.` };
}

async function takeHeader(lines: LineWindow, file: string): Promise<CsvHeader> {
  let first = await lines.at(0);
  while (first !== undefined && first.text.trim() === '') {
    lines.drop(1);
    first = await lines.at(0);
  }
  if (first === undefined) throw unusable(file, 'expected a header row, got an empty file.');
  if (first.text.includes('\r')) {
    throw unusable(file, 'expected lines that end in LF or CRLF, got CR alone; save the file with one of the others.');
  }
  const delimiter = sniff(first.text);
  const header = await rowAt(lines, 0, delimiter);
  if (header === undefined || header.problem !== null) {
    throw unusable(file, `the header on line ${lines.line} cannot be read: ${header?.problem}.`);
  }
  const columns = header.cells.map((cell) => cell.trim());
  requireDistinct(file, columns);
  lines.drop(header.span);
  return { columns, delimiter };
}

/** Columns are matched without regard to case, so two that differ only in case would be one. */
function requireDistinct(file: string, columns: readonly string[]): void {
  const seen = new Map<string, number>();
  for (const [index, column] of columns.entries()) {
    if (column === '') {
      throw unusable(file, `expected every column of the header to have a name, got none for column ${index + 1}.`);
    }
    const earlier = seen.get(column.toLowerCase());
    if (earlier !== undefined) {
      throw unusable(file, `expected distinct columns, got "${column}" as column ${earlier} and column ${index + 1}.`);
    }
    seen.set(column.toLowerCase(), index + 1);
  }
}

/** The delimiter the header has most of outside quotes; a comma when it has none. */
function sniff(header: string): Delimiter {
  const bare = header.replace(/"[^"]*"/g, '');
  const count = (delimiter: Delimiter): number => bare.split(delimiter).length;
  const candidates: Delimiter[] = [',', ';', '\t'];
  return candidates.reduce((best, candidate) => (count(candidate) > count(best) ? candidate : best));
}

function countQuotes(text: string): number {
  let quotes = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) quotes += 1;
  return quotes;
}

const unusable = (file: string, message: string): DomainError =>
  new DomainError('VALIDATION_FAILED', `${file}: ${message}`, { file });
