import { describe, expect, it } from 'vitest';
import { planExport, readExport } from '../../src/cli/import/index.js';
import { folderOf, mappingOf } from './export-folder.js';

const ACCOUNTS = 'Account ID,Account Name,Industry,Number of Employees\n1,Acorn,retail,5\n';
const DEALS = 'Deal ID,Account ID,Deal Stage,Amount,Close Date\nD1,1,Won,5,1/31/26\n';
const ACTIVITIES = 'Account ID,Activity Type,Date,Notes\n1,Email,1/31/26,Hello\n';

const filesOf = async (files: Readonly<Record<string, string>>, mapping: unknown = {}) => {
  const plan = await planExport(await folderOf(files), mappingOf(mapping));
  const entries = Object.values(plan.files).flatMap((planned) => (planned === null ? [] : [planned]));
  return { ...Object.fromEntries(entries.map(({ kind, file }) => [kind, file])), ignored: plan.ignored };
};

describe('the files of an export', () => {
  it('are recognised by name, whatever its case', async () => {
    const files = { 'Companies.csv': ACCOUNTS, 'SALES-PIPELINE.CSV': DEALS, 'activities.csv': ACTIVITIES };
    expect(await filesOf(files)).toEqual({
      accounts: 'Companies.csv',
      deals: 'SALES-PIPELINE.CSV',
      interactions: 'activities.csv',
      ignored: [],
    });
  });

  it('are recognised by header when the name says nothing', async () => {
    const files = { 'report1.csv': ACCOUNTS, 'report2.tsv': DEALS.replaceAll(',', '\t'), 'report3.csv': ACTIVITIES };
    expect(await filesOf(files)).toMatchObject({
      accounts: 'report1.csv',
      deals: 'report2.tsv',
      interactions: 'report3.csv',
    });
  });

  it('leave the others in the folder alone, readable or not', async () => {
    const files = {
      'accounts.csv': ACCOUNTS,
      'dictionary.csv': 'Table,Field\na,b\n',
      'empty.csv': '',
      'notes.txt': 'x',
    };
    expect(await filesOf(files)).toEqual({ accounts: 'accounts.csv', ignored: ['dictionary.csv', 'empty.csv'] });
  });

  it('are those the mapping names', async () => {
    const files = { 'accounts.csv': ACCOUNTS, 'old.csv': DEALS, 'new.csv': DEALS };
    expect(await filesOf(files, { files: { deals: 'new.csv' } })).toMatchObject({ deals: 'new.csv' });
    const none = await filesOf(files, { files: { deals: null } });
    expect(none).toEqual({ accounts: 'accounts.csv', ignored: ['new.csv', 'old.csv'] });
  });

  it.each([
    [
      'two files for one place',
      { 'accounts.csv': ACCOUNTS, 'companies.csv': ACCOUNTS },
      {},
      'choose with files.accounts',
    ],
    ['a named file that is not there', { 'accounts.csv': ACCOUNTS }, { files: { deals: 'x.csv' } }, 'the file "x.csv"'],
    ['deals without accounts', { 'deals.csv': DEALS }, {}, 'because deals.csv refers to them'],
    ['an empty folder', {}, {}, 'expected a file of accounts, deals or interactions, got no CSV file'],
    ['a missing column', { 'accounts.csv': 'id,sector\n1,a\n' }, {}, 'accounts.csv: expected a column for name'],
    [
      'a mapped column that is not there',
      { 'accounts.csv': ACCOUNTS },
      { columns: { accounts: { name: 'Firma' } } },
      'the column "Firma" that columns.accounts.name names, got the columns Account ID,',
    ],
  ])('are refused for %s', async (_what, files, mapping, message) => {
    await expect(filesOf(files, mapping)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      message: expect.stringContaining(message),
    });
  });

  it('are refused where there is no folder', async () => {
    const folder = await folderOf({ 'accounts.csv': ACCOUNTS });
    await expect(planExport(`${folder}/none`, mappingOf())).rejects.toThrow('expected a folder of CSV files');
    await expect(planExport(`${folder}/accounts.csv`, mappingOf())).rejects.toThrow('it is a file');
  });

  it('are judged before the first draft', async () => {
    const folder = await folderOf({ 'accounts.csv': ACCOUNTS, 'deals.csv': 'a,b\n1,2\n' });
    await expect(readExport(folder, mappingOf()).next()).rejects.toThrow('deals.csv: expected a column for externalId');
  });
});

describe('progress', () => {
  it('adds up to the planned bytes', async () => {
    const folder = await folderOf({ 'accounts.csv': ACCOUNTS, 'deals.csv': DEALS, 'activities.csv': ACTIVITIES });
    const { totalBytes } = await planExport(folder, mappingOf());
    let bytes = 0;
    for await (const item of readExport(folder, mappingOf(), { onBytes: (more) => (bytes += more) })) {
      expect(item.kind).not.toBe('refusal');
    }
    expect(bytes).toBe(totalBytes);
    expect(totalBytes).toBe(ACCOUNTS.length + DEALS.length + 2 * ACTIVITIES.length);
  });
});
