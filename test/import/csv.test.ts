import { existsSync } from 'node:fs';
import { readdir, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { readCsv } from '../../src/cli/import/index.js';
import { MAX_ROW } from '../../src/cli/import/lines.js';
import { csvOf, folderOf } from './export-folder.js';

const record = (line: number, cells: Record<string, string>) => ({ kind: 'record', line, record: cells });

describe('reading CSV', () => {
  it.each([
    ['commas and LF', 'a,b\n1,2\n3,4\n'],
    ['semicolons', 'a;b\n1;2\n3;4\n'],
    ['tabs', 'a\tb\n1\t2\n3\t4\n'],
    ['CRLF', 'a,b\r\n1,2\r\n3,4\r\n'],
    ['no last line end', 'a,b\n1,2\n3,4'],
    ['a byte order mark', '\ufeffa,b\n1,2\n3,4\n'],
    ['spaces around column names', ' a , b\n1,2\n3,4\n'],
  ])('understands %s', async (_what, content) => {
    expect(await csvOf(content)).toEqual([record(2, { a: '1', b: '2' }), record(3, { a: '3', b: '4' })]);
  });

  it('counts delimiters in the header outside quotes only', async () => {
    expect(await csvOf('"a,b,c,d";e\n1;2\n')).toEqual([record(2, { 'a,b,c,d': '1', e: '2' })]);
  });

  it('numbers rows by the line they begin on, behind cells with line breaks', async () => {
    const rows = await csvOf('a,b\r\n1,"one\r\n\r\ntwo ""quoted"""\r\n\r\n2,x\r\n');
    expect(rows).toEqual([record(2, { a: '1', b: 'one\n\ntwo "quoted"' }), record(6, { a: '2', b: 'x' })]);
  });

  it('skips rows without any value', async () => {
    expect(await csvOf('a,b\n\n,\n  , \n1,2\n\n')).toEqual([record(5, { a: '1', b: '2' })]);
  });

  it('keeps a column with a name that objects use themselves', async () => {
    const [row] = await csvOf('__proto__,b\nx,y\n');
    expect(row?.kind === 'record' && Object.entries(row.record)).toEqual([
      ['__proto__', 'x'],
      ['b', 'y'],
    ]);
  });

  it('reads back whatever a CSV writer wrote', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', ';', '\n', ' ', '€', '😀') });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { maxLength: 8 }), async (rows) => {
        const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const written = rows.map(([a, b]) => `${quote(a)},${quote(`${b}.`)}`);
        const read = await csvOf(['a,b', ...written].join('\n'));
        expect(read.map((row) => (row.kind === 'record' ? [row.record.a, row.record.b] : row))).toEqual(
          rows.map(([a, b]) => [a, `${b}.`]),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe('a broken row', () => {
  const refusal = (line: number, value: string, reason: string) => ({
    kind: 'refusal',
    file: 'rows.csv',
    line,
    column: null,
    value,
    reason: expect.stringContaining(reason),
  });

  it('is refused for too few or too many cells, and reading goes on', async () => {
    expect(await csvOf('a,b\n1\n1,2,3\n1,2\n')).toEqual([
      refusal(2, '1', 'expected 2 cells as in the header, got 1'),
      refusal(3, '1,2,3', 'expected 2 cells as in the header, got 3'),
      record(4, { a: '1', b: '2' }),
    ]);
  });

  it('is refused for a quote inside a cell, and reading goes on', async () => {
    expect(await csvOf('a,b\n1,2" by 4"\n1,"x"y\n1,2\n')).toEqual([
      refusal(2, '1,2" by 4"', 'a quote stands inside a cell'),
      refusal(3, '1,"x"y', 'a quote stands inside a cell'),
      record(4, { a: '1', b: '2' }),
    ]);
  });

  it('costs itself only when its quote is never closed', async () => {
    expect(await csvOf('a,b\n1,"x\n2,y\n3,z\n')).toEqual([
      refusal(2, '1,"x 2,y 3,z', 'a quote opens in this row and is never closed'),
      record(3, { a: '2', b: 'y' }),
      record(4, { a: '3', b: 'z' }),
    ]);
  });

  it('costs itself only when its quote is closed by the next row that has one', async () => {
    expect(await csvOf('a,b\n1,"x\n2,y\n3,"two\nlines"\n')).toEqual([
      refusal(2, '1,"x 2,y 3,"two', 'a quote stands inside a cell'),
      record(3, { a: '2', b: 'y' }),
      record(4, { a: '3', b: 'two\nlines' }),
    ]);
  });

  it('is refused once when it spans several lines, and says how far it goes', async () => {
    expect(await csvOf('a,b\n1,"he said "yes" and\nleft"\n2,y\n')).toEqual([
      refusal(2, '1,"he said "yes" and left"', 'up to line 3'),
      record(4, { a: '2', b: 'y' }),
    ]);
  });

  it('shows at most 80 characters of itself', async () => {
    const [row] = await csvOf(`a,b\n${'x'.repeat(500)}\n`);
    expect(row).toMatchObject({ value: `${'x'.repeat(79)}…` });
  });

  it('is refused when it holds a NUL character', async () => {
    expect(await csvOf('a,b\n1,\0\n')).toEqual([refusal(2, '1,\0', 'NUL')]);
  });

  it('is refused when longer than what is held in memory, on one line or on many', async () => {
    const line = `1,"${'x'.repeat(MAX_ROW + 1)}"\n`;
    const many = `1,"${'some words\n'.repeat(MAX_ROW / 10)}"\n`;
    const rows = await csvOf(`a,b\n${line}2,y\n${many}3,z\n`);
    expect(rows[0]).toMatchObject({ kind: 'refusal', line: 2, reason: expect.stringContaining(String(MAX_ROW)) });
    expect(rows[1]).toEqual(record(3, { a: '2', b: 'y' }));
    expect(rows[2]).toMatchObject({ kind: 'refusal', line: 4, reason: expect.stringContaining(String(MAX_ROW)) });
    expect(rows.at(-1)).toMatchObject({ kind: 'record', record: { a: '3', b: 'z' } });
  });
});

describe('text that is not UTF-8', () => {
  // "1,Café" and "2,“x” €" as Windows writes them in Western Europe.
  const windows = Buffer.from('a,b\n1,Caf\xe9\n2,\x93x\x94 \x80\n3,plain\n', 'latin1');

  it('is refused row by row, with the way out', async () => {
    const rows = await csvOf(windows);
    expect(rows.map((row) => [row.kind, row.line])).toEqual([
      ['refusal', 2],
      ['refusal', 3],
      ['record', 4],
    ]);
    expect(rows[0]).toMatchObject({ reason: expect.stringContaining('"ifNotUtf8": "windows-1252"') });
  });

  it('is read as windows-1252 when asked to', async () => {
    expect(await csvOf(windows, { ifNotUtf8: 'windows-1252' })).toEqual([
      record(2, { a: '1', b: 'Café' }),
      record(3, { a: '2', b: '“x” €' }),
      record(4, { a: '3', b: 'plain' }),
    ]);
  });

  it('leaves lines that are UTF-8 as they are, even then', async () => {
    const mixed = Buffer.concat([Buffer.from('a,b\n1,Café\n', 'utf8'), Buffer.from('2,Caf\xe9\n', 'latin1')]);
    const rows = await csvOf(mixed, { ifNotUtf8: 'windows-1252' });
    expect(rows.map((row) => row.kind === 'record' && row.record.b)).toEqual(['Café', 'Café']);
  });

  it('decodes characters that fall on the edge of two reads', async () => {
    const long = 'é€😀'.repeat(8_000);
    expect(await csvOf(`a,b\n1,${long}\n`)).toEqual([record(2, { a: '1', b: long })]);
  });
});

describe('a header', () => {
  it.each([
    ['an empty file', '', 'expected a header row, got an empty file'],
    ['a blank column', 'a,,c\n1,2,3\n', 'got none for column 2'],
    ['a repeated column', 'a,b,A\n1,2,3\n', 'got "A" as column 1 and column 3'],
    ['a quote left open', 'a,"b\n1,2\n', 'the header on line 1 cannot be read'],
    ['lines that end in CR alone', 'a,b\r1,2\r', 'got CR alone'],
    ['UTF-16', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'), 'not UTF-8'],
  ])('is refused for %s', async (_what, content, message) => {
    await expect(csvOf(content)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      message: expect.stringMatching(new RegExp(`^rows\\.csv: .*${message}`)),
    });
  });
});

describe('a large file', () => {
  it('is read piece by piece', async () => {
    const content = `a,b\n${'1,some words to fill the line\n'.repeat(50_000)}`;
    const folder = await folderOf({ 'rows.csv': content });
    let bytes = 0;
    for await (const row of readCsv(join(folder, 'rows.csv'), { onBytes: (more) => (bytes += more) })) {
      expect(row.line).toBe(2);
      break;
    }
    expect(bytes).toBeLessThan(content.length / 10);
  });

  // Only Linux lists the files a process has open.
  it.runIf(existsSync('/proc/self/fd'))('is closed when the reader stops early', async () => {
    const folder = await folderOf({ 'rows.csv': `a,b\n${'1,2\n'.repeat(50_000)}` });
    const path = await realpath(join(folder, 'rows.csv'));
    const isOpen = async (): Promise<boolean> => {
      const files = (await readdir('/proc/self/fd')).map((name) => readlink(`/proc/self/fd/${name}`).catch(() => ''));
      return (await Promise.all(files)).includes(path);
    };
    const rows = readCsv(path);
    await rows.next();
    expect(await isOpen()).toBe(true);
    await rows.return(undefined);
    await vi.waitFor(async () => expect(await isOpen()).toBe(false));
  });

  it('reports every byte once', async () => {
    const content = `a,b\n${'1,é\n'.repeat(20_000)}`;
    let bytes = 0;
    await csvOf(content, { onBytes: (more) => (bytes += more) });
    expect(bytes).toBe(Buffer.byteLength(content));
  });
});
