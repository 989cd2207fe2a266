import { type FileHandle, open } from 'node:fs/promises';
import type { Refusal } from '../import/index.js';

/** How many refusals are shown; when there are more, all of them are in a file. */
export const SHOWN = 20;

/** Keeps the first refusals to show them, and writes all of them to a file once there are more. */
export class RefusalList {
  readonly shown: string[] = [];
  count = 0;
  private file: FileHandle | undefined;

  /** @param path of the file, which is only made when it is needed. */
  constructor(readonly path: string) {}

  async add(refusal: Refusal): Promise<void> {
    const line = lineOf(refusal);
    this.count++;
    if (this.count <= SHOWN) {
      this.shown.push(line);
      return;
    }
    if (this.file === undefined) {
      this.file = await open(this.path, 'w');
      await this.file.appendFile(`${this.shown.join('\n')}\n`);
    }
    await this.file.appendFile(`${line}\n`);
  }

  async close(): Promise<void> {
    await this.file?.close();
    this.file = undefined;
  }
}

/** `file:line column "value" — reason`; without a column where the row as a whole is refused. */
const lineOf = ({ file, line, column, value, reason }: Refusal): string => {
  const place = [`${file}:${line}`, column, value === null ? null : `"${value}"`].filter((part) => part !== null);
  return `${place.join(' ')} — ${reason}`;
};
