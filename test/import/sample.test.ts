import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { planExport } from '../../src/cli/import/index.js';
import { draftsOf, mappingOf, readAll } from './export-folder.js';

const SAMPLE = 'samples/crm';

describe('the sample export', () => {
  it('is as untidy as it means to be', async () => {
    const [accounts, activities, products, teams] = await Promise.all(
      ['accounts', 'activities', 'products', 'sales_teams'].map((name) => readFile(`${SAMPLE}/${name}.csv`, 'utf8')),
    );
    expect(accounts?.startsWith('\ufeff')).toBe(true);
    expect(activities?.replaceAll('\r\n', '')).not.toContain('\n');
    expect(activities?.endsWith('\n')).toBe(false);
    expect(products?.endsWith('\n')).toBe(false);
    expect(teams?.split('\n')[0]).toBe('sales_agent;manager;regional_office');
  });

  it('gives accounts, then deals, then contacts, then interactions', async () => {
    const read = await readAll(SAMPLE);
    const kinds = [...read.drafts].map((draft) => draft.kind);
    expect(kinds.filter((kind, index) => kind !== kinds[index - 1])).toEqual([
      'account',
      'deal',
      'contact',
      'interaction',
    ]);
    expect(draftsOf(read, 'account')).toHaveLength(12);
    expect(draftsOf(read, 'deal')).toHaveLength(56);
    expect(draftsOf(read, 'contact')).toHaveLength(12);
    expect(draftsOf(read, 'interaction')).toHaveLength(31);
    expect((await planExport(SAMPLE, mappingOf())).ignored).toEqual([]);
  });

  it('has six rows that are refused, each with file, line, column and reason', async () => {
    const { refusals } = await readAll(SAMPLE);
    const refusal = (file: string, line: number, column: string | null, value: string, reason: string) => ({
      kind: 'refusal',
      file,
      line,
      column,
      value: expect.stringContaining(value),
      reason: expect.stringContaining(reason),
    });
    expect(refusals).toEqual([
      refusal('opportunities.csv', 14, 'close_date', '11/31/26', 'there is no day 31 in month 11 of 2026'),
      refusal('opportunities.csv', 20, 'close_value', '-1450', 'expected an amount of 0 or more'),
      refusal('opportunities.csv', 25, 'account_id', 'A-404', 'expected an account that was read from accounts.csv'),
      refusal('opportunities.csv', 29, 'engage_date', '2/30/26', 'there is no day 30 in month 2 of 2026'),
      refusal('activities.csv', 51, 'activity_type', 'Fax', 'expected a known channel'),
      refusal('activities.csv', 53, null, 'A-111,Halcyon Clinics', 'never closed'),
    ]);
  });

  it('has rows that are kept, though not as written', async () => {
    const read = await readAll(SAMPLE);
    const count = (kind: string): number => read.remarks.filter((remark) => remark.kind === kind).length;
    expect(draftsOf(read, 'deal').filter((deal) => deal.accountExternalId === null)).toHaveLength(7);
    expect(draftsOf(read, 'interaction').filter((each) => each.accountExternalId === null)).toHaveLength(1);
    expect(count('kept_without_account')).toBe(8);
    expect(draftsOf(read, 'deal').filter((deal) => deal.valueIsEstimate)).toHaveLength(20);
    expect(count('value_estimated')).toBe(20);
    expect(count('product_respelt')).toBe(6);
    expect(new Set(draftsOf(read, 'deal').map((deal) => deal.product))).toEqual(
      new Set(['Lumen Starter', 'Lumen Team', 'Lumen Enterprise', 'Harbor Sync', 'Harbor Vault', 'Pilot Desk']),
    );
    expect(read.remarks.filter(({ kind }) => kind === 'opening_date_dropped' || kind === 'cell_dropped')).toEqual([
      {
        kind: 'cell_dropped',
        file: 'accounts.csv',
        line: 4,
        column: 'employees',
        value: 'approx. 600',
        reason: 'expected a whole number from 0 to 10000000.',
      },
      {
        kind: 'opening_date_dropped',
        file: 'opportunities.csv',
        line: 32,
        column: 'engage_date',
        value: '7/23/26',
        reason: 'the deal closed before, on 2026-04-26.',
      },
    ]);
    expect(read.remarks).toHaveLength(36);
  });

  it('keeps every word, line breaks included', async () => {
    const [first] = draftsOf(await readAll(SAMPLE), 'interaction');
    expect(first).toEqual({
      kind: 'interaction',
      origin: { file: 'activities.csv', line: 2 },
      externalId: expect.stringMatching(/^[0-9a-f]{64}$/),
      accountExternalId: 'A-101',
      contactName: 'Orla Fitzsimons',
      channel: 'meeting',
      direction: null,
      status: 'completed',
      occurredAt: '2026-02-11T00:00:00.000Z',
      subject: 'Plant tour and first look',
      content: expect.stringMatching(/^Walked the Cork plant .* typing it up\.\n\nShe liked .* decide afterwards\.$/),
    });
  });

  it('gives accounts and deals in our terms', async () => {
    const read = await readAll(SAMPLE);
    expect(draftsOf(read, 'account')[1]).toEqual({
      kind: 'account',
      origin: { file: 'accounts.csv', line: 3 },
      externalId: 'A-102',
      name: 'Quillfeather, Marsh & Co',
      domain: 'quillfeather.example',
      sector: 'publishing',
      employees: 260,
      annualRevenue: 48_750_000,
      location: 'United Kingdom',
      parentName: null,
    });
    expect(draftsOf(read, 'account').filter((account) => account.sector === 'logistcs')).toHaveLength(2);
    expect(draftsOf(read, 'deal').find((deal) => deal.externalId === 'D-2003')).toEqual({
      kind: 'deal',
      origin: { file: 'opportunities.csv', line: 4 },
      externalId: 'D-2003',
      accountExternalId: 'A-103',
      name: 'Harbor Vault',
      product: 'Harbor Vault',
      owner: 'Sam Whitlock',
      ownerManager: 'Ana Petrov',
      ownerRegion: 'Overseas',
      stage: 'closed_won',
      value: 5780,
      valueIsEstimate: false,
      openedAt: '2026-05-16',
      closedAt: '2026-07-30',
    });
  });

  it('gives the same drafts with the same, distinct ids each time', async () => {
    const [first, second] = [await readAll(SAMPLE), await readAll(SAMPLE)];
    expect(second).toEqual(first);
    const ids = first.drafts.map((draft) => `${draft.kind} ${draft.externalId}`);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
