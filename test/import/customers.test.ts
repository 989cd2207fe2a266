import { describe, expect, it } from 'vitest';
import { MAX_TEXT } from '../../src/cli/import/row.js';
import { ACCOUNTS, draftsOf, fileOfOne, folderOf, readAll, readFiles, refusalsOf } from './export-folder.js';

async function readInteraction(cells: Readonly<Record<string, string>>, mapping: unknown = {}) {
  const row = { account_id: '1', type: 'Email', date: '1/31/26', ...cells };
  const result = await readFiles({ interactions: fileOfOne(row), mapping });
  return { ...result, interaction: draftsOf(result, 'interaction')[0] };
}

describe('an account', () => {
  it('is refused without a name or id, or when listed before', async () => {
    const { refusals, drafts } = await readFiles({ accounts: 'id,name\n1,\n,Acorn\n2,Birch\n2,Birch\n' });
    expect(refusals).toMatchObject([
      {
        file: 'accounts.csv',
        line: 2,
        column: 'name',
        value: null,
        reason: "expected the account's name, got nothing.",
      },
      { file: 'accounts.csv', line: 3, column: 'id', value: null, reason: "expected the account's id, got nothing." },
      { file: 'accounts.csv', line: 5, column: 'id', value: '2', reason: 'this account was listed before, on line 4.' },
    ]);
    expect(drafts).toHaveLength(1);
  });

  it('goes by its name where the file has no ids', async () => {
    const result = await readFiles({ accounts: 'account\nAcorn\n', deals: 'deal_id,account,stage\nD1,acorn,Won\n' });
    expect(draftsOf(result, 'account')).toMatchObject([{ externalId: 'Acorn' }]);
    expect(draftsOf(result, 'deal')).toMatchObject([{ accountExternalId: 'Acorn' }]);
  });

  it('stays when a cell that describes it cannot be read', async () => {
    const result = await readFiles({ accounts: 'id,name,website,employees,revenue\n1,Acorn,none,some,-4\n' });
    expect(draftsOf(result, 'account')).toMatchObject([{ domain: null, employees: null, annualRevenue: null }]);
    expect(result.remarks.map(({ kind, column, value }) => [kind, column, value])).toEqual([
      ['cell_dropped', 'website', 'none'],
      ['cell_dropped', 'employees', 'some'],
      ['cell_dropped', 'revenue', '-4'],
    ]);
  });

  it("keeps the source's sector unless the mapping corrects it", async () => {
    const accounts = 'id,name,sector,revenue\n1,Acorn,Technolgy,1100.04\n';
    const sectorOf = async (mapping: unknown) => draftsOf(await readFiles({ accounts, mapping }), 'account')[0];
    expect(await sectorOf({})).toMatchObject({ sector: 'Technolgy', annualRevenue: 1_100_040_000 });
    const corrected = { sectors: { technolgy: 'technology' }, revenueUnit: 1 };
    expect(await sectorOf(corrected)).toMatchObject({ sector: 'technology', annualRevenue: 1100.04 });
  });
});

describe('an interaction', () => {
  it.each([
    [{ type: '' }, 'type', null, 'expected the kind of interaction, got nothing'],
    [{ type: 'Fax' }, 'type', 'Fax', 'add it under "channels" in the mapping as one of email, chat, meeting, crm'],
    [{ date: '' }, 'date', null, 'expected the day of the interaction, got nothing'],
    [{ date: '13/13/26' }, 'date', '13/13/26', 'there is no month 13'],
    [{ direction: 'up' }, 'direction', 'up', 'add it under "directions" in the mapping as one of inbound, outbound'],
    [{ status: 'lost' }, 'status', 'lost', 'add it under "statuses" in the mapping as one of completed, scheduled'],
    [{ account_id: '9' }, 'account_id', '9', 'expected an account that was read from accounts.csv'],
    [{ notes: 'x'.repeat(MAX_TEXT + 1) }, 'notes', `${'x'.repeat(79)}…`, 'expected at most 20000 characters'],
  ])('is refused for %j, and names nobody', async (cells, column, value, reason) => {
    const { refusals, drafts } = await readInteraction({ ...cells, contact: 'Jo Reed' });
    expect(refusals).toEqual(refusalsOf('interactions.csv', column, value, reason));
    expect(drafts.filter(({ kind }) => kind === 'interaction' || kind === 'contact')).toEqual([]);
  });

  it.each([
    ['Meeting', 'meeting'],
    ['E-Mail', 'email'],
    ['Live Chat', 'chat'],
    ['Phone Call', 'meeting'],
    ['Note', 'crm'],
  ])('of kind "%s" is on the channel %s', async (type, channel) => {
    expect((await readInteraction({ type })).interaction?.channel).toBe(channel);
  });

  it('says only what the export says', async () => {
    const { interaction } = await readInteraction({});
    expect(interaction).toMatchObject({
      direction: null,
      status: 'completed',
      contactName: null,
      subject: null,
      content: '',
    });
    const full = {
      direction: 'Incoming',
      status: 'Canceled',
      subject: ' Re: x ',
      notes: ' a\r\n b ',
      date: '1/31/26 14:05',
    };
    expect((await readInteraction(full)).interaction).toMatchObject({
      direction: 'inbound',
      status: 'cancelled',
      subject: 'Re: x',
      content: 'a\n b',
      occurredAt: '2026-01-31T14:05:00.000Z',
    });
  });

  it('without an account is kept, and its person is no contact of anybody', async () => {
    const result = await readInteraction({ account_id: '', contact: 'Jo Reed' });
    expect(result.interaction).toMatchObject({ accountExternalId: null, contactName: 'Jo Reed' });
    expect(draftsOf(result, 'contact')).toEqual([]);
    expect(result.remarks).toMatchObject([{ kind: 'kept_without_account', file: 'interactions.csv', line: 2 }]);
  });

  it('keeps its id when other rows come or go, or when its status changes', async () => {
    const header = 'account_id,type,date,status,notes\n';
    const idsOf = async (rows: string) => {
      const drafts = draftsOf(await readFiles({ interactions: header + rows }), 'interaction');
      return drafts.map((draft) => draft.externalId);
    };
    const [a, b, again] = await idsOf('1,Email,1/31/26,Done,x\n1,Email,1/31/26,Done,y\n1,Email,1/31/26,Done,x\n');
    expect(new Set([a, b, again]).size).toBe(3);
    expect(await idsOf('2,Chat,1/30/26,Done,new\n1,Email,2026-01-31,Planned,x\n1,E-mail,1/31/26,Done,x\n')).toEqual([
      expect.any(String),
      a,
      again,
    ]);
  });

  it("has the export's own id where there is one, once", async () => {
    const rows = 'activity_id,account_id,type,date\nX1,1,Email,1/31/26\nX1,1,Email,2/1/26\n';
    const result = await readFiles({ interactions: rows });
    expect(draftsOf(result, 'interaction')).toMatchObject([{ externalId: 'X1' }]);
    expect(result.refusals).toMatchObject([{ line: 3, column: 'activity_id', value: 'X1' }]);
  });
});

describe('a contact', () => {
  const header = 'account_id,contact,email,job_title,type,date\n';
  const row = (account: string, name: string, email = '', title = '') =>
    `${account},${name},${email},${title},Email,1/31/26\n`;

  it('is one per account and name, gathered from all rows', async () => {
    const rows = [row('1', 'Jo Reed'), row('1', ' jo  REED', 'Jo@Acorn.example'), row('1', 'Jo Reed', '', 'CTO')];
    const result = await readFiles({ interactions: header + rows.join('') + row('2', 'Jo Reed') });
    const contacts = draftsOf(result, 'contact');
    expect(contacts).toMatchObject([
      { accountExternalId: '1', name: 'Jo Reed', email: 'jo@acorn.example', title: 'CTO', origin: { line: 2 } },
      { accountExternalId: '2', name: 'Jo Reed', email: null, title: null, origin: { line: 5 } },
    ]);
    expect(new Set(contacts.map((contact) => contact.externalId)).size).toBe(2);
  });

  it('goes by the email address when the row gives no name', async () => {
    const result = await readFiles({ interactions: header + row('1', '', 'jo@acorn.example') });
    expect(draftsOf(result, 'contact')).toMatchObject([{ name: 'jo@acorn.example', email: 'jo@acorn.example' }]);
    expect(draftsOf(result, 'interaction')).toMatchObject([{ contactName: 'jo@acorn.example' }]);
  });
});

describe('products and sales teams', () => {
  it('refuse a bad row like any other file', async () => {
    const folder = await folderOf({
      'products.csv': 'product,price\nBasic,10\nBA SIC,12\nPro,free\n,5\n',
      'sales_teams.csv': 'owner\nAda\nada\n',
      'accounts.csv': ACCOUNTS,
    });
    const { refusals } = await readAll(folder);
    expect(refusals.map(({ file, line, column, value }) => [file, line, column, value])).toEqual([
      ['products.csv', 3, 'product', 'BA SIC'],
      ['products.csv', 4, 'price', 'free'],
      ['products.csv', 5, 'product', null],
      ['sales_teams.csv', 3, 'owner', 'ada'],
    ]);
    expect(refusals.every(({ reason }) => reason.length > 0)).toBe(true);
  });
});
