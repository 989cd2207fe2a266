import type { Row } from './row.js';

/** The ids of one file: which row used each first, and how often a derived id came up. */
export class IdsSeen {
  private readonly lines = new Map<string, number>();
  private readonly counts = new Map<string, number>();

  /** @throws RowProblem when an earlier row has the id. */
  claim(row: Row<'deals'> | Row<'interactions'>, id: string): void {
    const line = this.lines.get(id);
    if (line !== undefined) throw row.problem('externalId', `expected an id of its own, got that of line ${line}`);
    this.lines.set(id, row.origin.line);
  }

  /** How many rows with the same identifying text came before this one. */
  occurrence(identity: string): number {
    const count = this.counts.get(identity) ?? 0;
    this.counts.set(identity, count + 1);
    return count;
  }
}
