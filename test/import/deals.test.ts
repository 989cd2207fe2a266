import { describe, expect, it } from 'vitest';
import { MAX_TEXT } from '../../src/cli/import/row.js';
import { draftsOf, fileOfOne, readFiles, refusalsOf } from './export-folder.js';

/** One deal: an open one of Acorn, but for what `cells` says. */
async function readDeal(cells: Readonly<Record<string, string>>, mapping: unknown = {}) {
  const row = { deal_id: 'D1', account_id: '1', stage: 'Prospecting', ...cells };
  const result = await readFiles({ deals: fileOfOne(row), mapping });
  return { ...result, deal: draftsOf(result, 'deal')[0] };
}

describe('a deal', () => {
  it.each([
    [{ deal_id: '' }, 'deal_id', null, "expected the deal's id, got nothing"],
    [{ stage: '' }, 'stage', null, "expected the deal's stage, got nothing"],
    [{ stage: 'Parked' }, 'stage', 'Parked', 'add it under "stages" in the mapping as one of prospecting'],
    [{ account_id: '9' }, 'account_id', '9', 'expected an account that was read from accounts.csv'],
    [{ account_id: '', account: 'Elm' }, 'account', 'Elm', 'expected an account that was read from accounts.csv'],
    [{ account_id: '', account: 'Cedar' }, 'account', 'Cedar', 'got that of several in accounts.csv'],
    [{ account: 'Birch' }, 'account', 'Birch', 'expected "Acorn", the name of account 1'],
    [{ amount: '-1' }, 'amount', '-1', 'got a negative one'],
    [{ amount: 'a lot' }, 'amount', 'a lot', 'expected an amount in USD'],
    [{ amount: '5', currency: 'EUR' }, 'currency', 'EUR', 'expected USD'],
    [{ created_at: '2/30/26' }, 'created_at', '2/30/26', 'there is no day 30'],
    [{ close_date: 'soon' }, 'close_date', 'soon', 'expected a date such as'],
    [{ name: 'x'.repeat(MAX_TEXT + 1) }, 'name', `${'x'.repeat(79)}…`, 'expected at most 20000 characters, got 20001'],
  ])('is refused for %j', async (cells, column, value, reason) => {
    const { refusals, deal, remarks } = await readDeal(cells);
    expect(refusals).toEqual(refusalsOf('deals.csv', column, value, reason));
    expect(deal).toBeUndefined();
    expect(remarks).toEqual([]);
  });

  it('is refused when an earlier one has its id', async () => {
    const { refusals } = await readFiles({ deals: 'deal_id,stage\nD1,Won\nD2,Won\nD1,Lost\n' });
    expect(refusals).toMatchObject([
      { line: 4, column: 'deal_id', value: 'D1', reason: expect.stringContaining('line 2') },
    ]);
  });

  it('does not use up its id when it is refused', async () => {
    const result = await readFiles({ deals: 'deal_id,stage,amount\nD1,Won,-1\nD1,Won,5\n' });
    expect(draftsOf(result, 'deal')).toMatchObject([{ externalId: 'D1', value: 5, origin: { line: 3 } }]);
  });

  it('belongs to the account it names by id, by name, or by both', async () => {
    const namings: Record<string, string>[] = [
      {},
      { account: 'ACORN' },
      { account: 'Acorn, formerly Oak' },
      { account_id: '', account: ' acorn' },
    ];
    for (const cells of namings) {
      expect((await readDeal(cells)).deal?.accountExternalId).toBe('1');
    }
  });

  it('is kept without an account when it names none', async () => {
    const { deal, remarks } = await readDeal({ account_id: ' ', account: '' });
    expect(deal?.accountExternalId).toBeNull();
    expect(remarks).toMatchObject([{ kind: 'kept_without_account', file: 'deals.csv', line: 2, column: 'account_id' }]);
  });

  it('that is open takes the list price as an estimate when it has no value', async () => {
    expect((await readDeal({ product: 'gtxpro' })).deal).toMatchObject({ value: 4821, valueIsEstimate: true });
    expect((await readDeal({ product: 'gtxpro', amount: '0' })).deal).toMatchObject({
      value: 0,
      valueIsEstimate: false,
    });
    expect((await readDeal({ product: 'Basic' })).deal).toMatchObject({ value: null, valueIsEstimate: false });
    expect((await readDeal({})).deal).toMatchObject({ value: null, valueIsEstimate: false });
  });

  it('that is closed never has its value made up', async () => {
    for (const stage of ['Won', 'Lost']) {
      expect((await readDeal({ stage, product: 'GTX Pro' })).deal).toMatchObject({
        value: null,
        valueIsEstimate: false,
      });
    }
  });

  it("has its product in the catalogue's spelling, and only for case and spaces", async () => {
    const respelt = await readDeal({ product: 'gtx PRO' });
    expect(respelt.deal?.product).toBe('GTX Pro');
    expect(respelt.remarks).toMatchObject([{ kind: 'product_respelt', value: 'gtx PRO' }, { kind: 'value_estimated' }]);
    const unknown = await readDeal({ product: 'GTX-Pro' });
    expect(unknown.deal?.product).toBe('GTX-Pro');
    expect(unknown.remarks).toMatchObject([{ kind: 'product_unknown', column: 'product', value: 'GTX-Pro' }]);
  });

  it('is called by its name, else its product, else its id', async () => {
    expect((await readDeal({ name: 'Big one', product: 'Basic' })).deal?.name).toBe('Big one');
    expect((await readDeal({ product: 'basic' })).deal?.name).toBe('Basic');
    expect((await readDeal({})).deal?.name).toBe('D1');
  });

  it('knows its owner from the sales teams, and keeps an owner who is in none', async () => {
    const known = { owner: 'ADA LAKE', ownerManager: 'Max Orr', ownerRegion: 'East' };
    expect((await readDeal({ owner: 'ADA LAKE' })).deal).toMatchObject(known);
    const unknown = { owner: 'Bo', ownerManager: null, ownerRegion: null };
    expect((await readDeal({ owner: 'Bo' })).deal).toMatchObject(unknown);
  });

  it('that closed before it opened keeps the closing date, unless the mapping refuses it', async () => {
    const cells = { stage: 'Won', created_at: '2/1/26', close_date: '1/31/26' };
    const kept = await readDeal(cells);
    expect(kept.deal).toMatchObject({ openedAt: null, closedAt: '2026-01-31' });
    expect(kept.remarks).toMatchObject([{ kind: 'opening_date_dropped', column: 'created_at', value: '2/1/26' }]);
    const { refusals } = await readDeal(cells, { closeBeforeOpen: 'refuse' });
    expect(refusals).toEqual(refusalsOf('deals.csv', 'close_date', '1/31/26', 'expected a day on or after 2026-02-01'));
    const sameDay = await readDeal({ ...cells, close_date: '2/1/26' }, { closeBeforeOpen: 'refuse' });
    expect(sameDay.deal).toMatchObject({ openedAt: '2026-02-01', closedAt: '2026-02-01' });
  });

  it('that is open has no closing date, whatever date is expected', async () => {
    const { deal, remarks } = await readDeal({ created_at: '2026-02-01', close_date: '2026-01-31' });
    expect(deal).toMatchObject({ openedAt: '2026-02-01', closedAt: null });
    expect(remarks).toMatchObject([{ kind: 'cell_dropped', column: 'close_date' }]);
  });

  it.each([
    ['Prospecting', 'prospecting'],
    ['Engaging', 'discovery'],
    ['CLOSED WON', 'closed_won'],
    ['closed_lost', 'closed_lost'],
    ['Proposal/Price Quote', 'evaluation'],
    ['Negotiation/Review', 'negotiation'],
    ['Qualified To Buy', 'qualification'],
  ])('in stage "%s" is in %s', async (stage, expected) => {
    expect((await readDeal({ stage })).deal?.stage).toBe(expected);
  });

  it('follows the mapping for stages, dates, amounts and columns', async () => {
    const { deal } = await readDeal(
      { stage: 'Gewonnen!', created_at: '31.1.26', Summe: '1.234,50 €' },
      {
        stages: { gewonnen: 'closed_won' },
        dateOrder: 'DMY',
        decimalSeparator: ',',
        defaultCurrency: 'EUR',
        valueUnit: 1000,
        columns: { deals: { value: 'summe', accountId: null } },
      },
    );
    expect(deal).toMatchObject({
      stage: 'closed_won',
      openedAt: '2026-01-31',
      value: 1_234_500,
      accountExternalId: null,
    });
  });
});
