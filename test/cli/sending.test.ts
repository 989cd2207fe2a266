import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AccountDraft, ContactDraft, Draft, Refusal } from '../../src/cli/import/index.js';
import { type Batch, batchesOf, MAX_BATCH } from '../../src/cli/send/batches.js';
import { RefusalList, SHOWN } from '../../src/cli/send/refusal-list.js';
import { folderOf } from '../import/export-folder.js';

const account = (number: number, name = `Account ${number}`): AccountDraft => ({
  kind: 'account',
  origin: { file: 'accounts.csv', line: number + 1 },
  externalId: String(number),
  name,
  domain: null,
  sector: null,
  employees: null,
  annualRevenue: null,
  location: null,
  parentName: null,
});
const contact = (number: number): ContactDraft => ({
  kind: 'contact',
  origin: { file: 'interactions.csv', line: number + 1 },
  externalId: String(number),
  accountExternalId: '1',
  name: `Contact ${number}`,
  email: null,
  title: null,
});
const refusal = (line: number): Refusal => ({
  kind: 'refusal',
  file: 'accounts.csv',
  line,
  column: 'name',
  value: null,
  reason: 'expected a name, got nothing.',
});

async function batch(items: readonly (Draft | Refusal)[]): Promise<Batch[]> {
  async function* read() {
    yield* items;
  }
  const batches: Batch[] = [];
  for await (const item of batchesOf(read())) batches.push(item);
  return batches;
}

const kindsOf = (batches: readonly Batch[]) => batches.map(({ items }) => items.map(({ kind }) => kind));

describe('batches', () => {
  it('hold records of one kind each, and no more than the server takes', async () => {
    const accounts = Array.from({ length: MAX_BATCH + 1 }, (_, index) => account(index));
    const batches = await batch([...accounts, contact(1)]);
    expect(batches.map(({ drafts }) => drafts.length)).toEqual([MAX_BATCH, 1, 1]);
    expect(kindsOf(batches.slice(1))).toEqual([['account'], ['contact']]);
  });

  it('stay below the size of a request, however long the texts are', async () => {
    const long = Array.from({ length: 100 }, (_, index) => account(index, 'ü'.repeat(15_000)));
    const batches = await batch(long);
    expect(batches.length).toBeGreaterThan(2);
    expect(batches.flatMap(({ drafts }) => drafts)).toEqual(long);
    for (const { drafts } of batches) {
      expect(Buffer.byteLength(JSON.stringify(drafts))).toBeLessThan(1.1 * 1024 * 1024);
    }
  });

  it('keep refused rows in their place, but not among the records', async () => {
    const batches = await batch([refusal(2), account(2), refusal(4), account(4), refusal(6), contact(1)]);
    expect(kindsOf(batches)).toEqual([['refusal', 'account', 'refusal', 'account', 'refusal'], ['contact']]);
    expect(batches[0]?.drafts).toEqual([account(2), account(4)]);
  });

  it('are none when nothing is read, and hold no record when every row is refused', async () => {
    expect(await batch([])).toEqual([]);
    expect(await batch([refusal(2)])).toEqual([{ items: [refusal(2)], drafts: [] }]);
  });
});

describe('the list of refusals', () => {
  const listOf = async (count: number) => {
    const folder = await folderOf({});
    const list = new RefusalList(join(folder, 'refused.log'));
    for (let line = 1; line <= count; line++) await list.add(refusal(line));
    await list.close();
    return { list, file: await readFile(list.path, 'utf8').catch(() => undefined) };
  };

  it('is shown whole while it is short', async () => {
    const { list, file } = await listOf(SHOWN);
    expect(list.shown).toHaveLength(SHOWN);
    expect(list.shown[0]).toBe('accounts.csv:1 name — expected a name, got nothing.');
    expect(file).toBeUndefined();
  });

  it('goes to a file, from the first on, once it is long', async () => {
    const { list, file } = await listOf(SHOWN + 2);
    expect(list.count).toBe(SHOWN + 2);
    expect(list.shown).toHaveLength(SHOWN);
    const lines = file?.split('\n') ?? [];
    expect(lines).toHaveLength(SHOWN + 3);
    expect(lines.slice(0, SHOWN)).toEqual(list.shown);
    expect(lines.at(-2)).toBe(`accounts.csv:${SHOWN + 2} name — expected a name, got nothing.`);
  });
});
