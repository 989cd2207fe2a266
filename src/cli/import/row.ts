import type { Columns } from './columns.js';
import type { CsvRecord } from './csv.js';
import { type Origin, type Refusal, type Remark, type RemarkKind, shown } from './drafts.js';
import type { Field, FileKind } from './vocabulary.js';

/** Longest text a cell may hold, in characters. */
export const MAX_TEXT = 20_000;

/** Thrown while one row is read, and turned into that row's refusal; never leaves this folder. */
export class RowProblem extends Error {
  constructor(
    readonly column: string | null,
    readonly value: string,
    readonly reason: string,
  ) {
    super(reason);
    this.name = 'RowProblem';
  }
}

/** One row, addressed by field instead of by column. */
export class Row<Kind extends FileKind> {
  readonly remarks: Remark[] = [];

  constructor(
    private readonly file: string,
    private readonly csv: CsvRecord,
    private readonly columns: Columns<Kind>,
  ) {}

  get origin(): Origin {
    return { file: this.file, line: this.csv.line };
  }

  /** Whether the file has a column for the field at all. */
  has(field: Field<Kind>): boolean {
    return this.columns[field] !== null;
  }

  /** The cell on one line, trimmed; null when it is empty or the file has no such column. */
  text(field: Field<Kind>): string | null {
    return emptyToNull(this.cell(field).replace(/\s+/g, ' '));
  }

  /** The cell with its line breaks, trimmed at both ends. */
  paragraphs(field: Field<Kind>): string | null {
    return emptyToNull(this.cell(field).replace(/\r\n?/g, '\n'));
  }

  /** @throws RowProblem when the cell is empty. */
  required(field: Field<Kind>, what: string): string {
    const text = this.text(field);
    if (text === null) throw this.problem(field, `expected ${what}, got nothing`);
    return text;
  }

  problem(field: Field<Kind>, reason: string): RowProblem {
    return new RowProblem(this.columns[field], this.cell(field), `${reason}.`);
  }

  /** Notes that the cell was not taken as it stands. Whoever reads the rows passes it on if the row is kept. */
  remark(kind: RemarkKind, field: Field<Kind>, reason: string): void {
    const [column, value] = [this.columns[field], shown(this.cell(field))];
    this.remarks.push({ kind, ...this.origin, column, value, reason: `${reason}.` });
  }

  private cell(field: Field<Kind>): string {
    const column = this.columns[field];
    const cell = column === null ? '' : (this.csv.record[column] ?? '');
    if (cell.length > MAX_TEXT) {
      throw new RowProblem(column, cell, `expected at most ${MAX_TEXT} characters, got ${cell.length}.`);
    }
    return cell;
  }
}

/** Runs `read`; a problem with the row becomes its refusal. */
export function draftOrRefusal<T>(origin: Origin, read: () => T): T | Refusal {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RowProblem)) throw error;
    const { column, value, reason } = error;
    return { kind: 'refusal', ...origin, column, value: shown(value), reason };
  }
}

const emptyToNull = (text: string): string | null => {
  const trimmed = text.trim();
  return trimmed === '' ? null : trimmed;
};
