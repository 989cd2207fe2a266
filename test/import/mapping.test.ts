import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadMapping, mappingKeys, parseMapping } from '../../src/cli/import/index.js';
import { DEAL_STAGES } from '../../src/features/guardrails/index.js';
import { folderOf, mappingOf } from './export-folder.js';

describe('a mapping', () => {
  it('may be left out, or empty', async () => {
    expect(await loadMapping(await folderOf({}))).toEqual(mappingOf());
    expect(mappingOf()).toMatchObject({
      dateOrder: 'MDY',
      decimalSeparator: '.',
      defaultCurrency: 'USD',
      revenueUnit: 1_000_000,
      valueUnit: 1,
      closeBeforeOpen: 'drop_opening',
      ifNotUtf8: 'refuse',
    });
  });

  it("comes from the export's folder, unless another file is given", async () => {
    const folder = await folderOf({
      'mapping.json': '\ufeff{ "dateOrder": "DMY" }',
      'other.json': '{ "defaultCurrency": "EUR" }',
    });
    expect(await loadMapping(folder)).toEqual(mappingOf({ dateOrder: 'DMY' }));
    expect(await loadMapping(folder, join(folder, 'other.json'))).toEqual(mappingOf({ defaultCurrency: 'EUR' }));
  });

  it('knows every stage a deal can be in', () => {
    for (const stage of DEAL_STAGES) expect(mappingOf({ stages: { Ours: stage } }).stages).toEqual({ Ours: stage });
  });

  it('is refused when the given file does not exist or is not JSON', async () => {
    const folder = await folderOf({ 'mapping.json': '{ dateOrder: DMY }' });
    await expect(loadMapping(folder)).rejects.toThrow(/^mapping\.json: expected JSON/);
    await expect(loadMapping(folder, join(folder, 'none.json'))).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      message: expect.stringMatching(/none\.json cannot be read \(ENOENT\)/),
    });
  });

  it.each([
    [{ dateorder: 'DMY' }, 'mapping.json.dateorder: unknown key; expected one of files, columns, stages'],
    [
      { files: { contacts: 'c.csv' } },
      'mapping.json.files.contacts: unknown key; expected one of products, salesTeams',
    ],
    [{ columns: { contacts: {} } }, 'mapping.json.columns.contacts: unknown key; expected one of products, salesTeams'],
    [
      { columns: { deals: { amount: 'x' } } },
      'mapping.json.columns.deals.amount: unknown key; expected one of externalId',
    ],
    [{ stages: { Won: 'won' } }, 'mapping.json.stages.Won: Invalid option: expected one of "prospecting"'],
    [{ stages: { Won: 'won' } }, 'got "won".'],
    [{ dateOrder: 'YMD' }, 'expected one of "MDY"|"DMY"; got "YMD".'],
    [{ defaultCurrency: 'usd' }, 'expected a currency code of three capital letters, such as "USD"; got "usd".'],
    [{ revenueUnit: 0 }, 'mapping.json.revenueUnit: Too small: expected number to be >0; got 0.'],
    [{ files: { deals: '' } }, 'mapping.json.files.deals: '],
    [[], 'mapping.json: Invalid input: expected object, received array; got [].'],
    ['MDY', 'mapping.json: Invalid input: expected object, received string; got "MDY".'],
  ])('is refused for %j', (input, message) => {
    expect(() => mappingOf(input)).toThrow(message);
  });

  it('lists everything that is wrong with it at once', () => {
    const parse = () => parseMapping('{ "dateOrder": "YMD", "valueUnit": -1, "unit": 1 }', 'ours.json');
    expect(parse).toThrow(/ours\.json\.dateOrder: .*\nours\.json\.valueUnit: .*\nours\.json\.unit: unknown key/);
  });
});

describe('the documentation', () => {
  it('gives an example that is a valid mapping, and explains every key', async () => {
    const text = await readFile('docs/IMPORT.md', 'utf8');
    const example = /```json\n([\s\S]*?)```/.exec(text)?.[1] ?? 'no example';
    expect(mappingOf(JSON.parse(example))).toMatchObject({ sectors: { technolgy: 'technology' } });
    for (const key of mappingKeys()) expect(text).toContain(`\`${key}\``);
  });
});
