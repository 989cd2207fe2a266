import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp, findRunningServer } from '../../src/app.js';
import { runImport } from '../../src/cli/commands/import.js';
import { run } from '../../src/cli/commands/terminal.js';
import { folderOf } from '../import/export-folder.js';
import { DATABASES } from '../support/database.js';
import { startTestServer, type TestServer, testConfig } from '../support/server.js';
import { recordedTerminal } from './recorded-terminal.js';

const SAMPLE = 'samples/crm';
const SECRET = String(testConfig().jwtSecret);

const importing = async (argv: readonly string[], environment: Readonly<Record<string, string>> = {}) => {
  const terminal = recordedTerminal({ COUNTERSIGN_JWT_SECRET: SECRET, ...environment });
  const exitCode = await run(runImport, argv, terminal);
  return { exitCode, out: terminal.out(), err: terminal.err() };
};

/** The figures of one line of the table: read, created, updated, unchanged, no account, refused. */
const figuresOf = (out: string, label: string): number[] => {
  const line = out.split('\n').find((candidate) => candidate.startsWith(`${label} `));
  return [...(line ?? '').matchAll(/[\d,]+/g)].map(([figure]) => Number(figure.replaceAll(',', '')));
};

const TOTALS = `{ accounts(first: 1) { totalCount } deals(first: 1) { totalCount }
  interactions(first: 1) { totalCount } events(first: 1) { totalCount } }`;

describe.each(DATABASES)('importing on %s', (kind) => {
  let server: TestServer;
  let admin: string;
  let first: Awaited<ReturnType<typeof importing>>;
  beforeAll(async () => {
    server = await startTestServer({ kind });
    admin = await server.token('admin');
    first = await importing([SAMPLE, '--tenant', 'demo', '--url', server.url]);
  });
  afterAll(() => server.close());

  it('reports every row of the sample, and stores what it kept', async () => {
    const { exitCode, out } = first;
    expect(exitCode).toBe(0);
    expect(out).toContain(`tenant "demo" at ${server.url}`);
    expect(figuresOf(out, 'accounts')).toEqual([12, 12, 0, 0, 0, 0]);
    expect(figuresOf(out, 'deals')).toEqual([60, 56, 0, 0, 7, 4]);
    expect(figuresOf(out, 'contacts')).toEqual([12, 12, 0, 0, 0, 0]);
    expect(figuresOf(out, 'interactions')).toEqual([33, 31, 0, 0, 1, 2]);
    expect(await server.data(admin, TOTALS)).toEqual({
      accounts: { totalCount: 12 },
      deals: { totalCount: 56 },
      interactions: { totalCount: 31 },
      events: { totalCount: 12 + 12 + 56 + 31 },
    });
  });

  it('lists the remarks by kind, and each refused row with file, line, column, value and reason', () => {
    const lines = first.out.split('\n').map((line) => line.trim());
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^8 {2}deals and interactions kept without an account/),
        expect.stringMatching(/^20 {2}open deals without a value/),
        expect.stringMatching(/^6 {2}products written in the catalogue's spelling/),
      ]),
    );
    expect(lines.slice(lines.indexOf('Refused (6):'))).toEqual([
      'Refused (6):',
      expect.stringMatching(/^opportunities\.csv:14 close_date "11\/31\/26" — there is no day 31/),
      expect.stringMatching(/^opportunities\.csv:20 close_value "-1450" — expected an amount of 0 or more/),
      expect.stringMatching(/^opportunities\.csv:25 account_id "A-404" — expected an account/),
      expect.stringMatching(/^opportunities\.csv:29 engage_date "2\/30\/26" — there is no day 30/),
      expect.stringMatching(/^activities\.csv:51 activity_type "Fax" — expected a known channel/),
      expect.stringMatching(/^activities\.csv:53 "A-111,.*" — the row cannot be read/),
      '',
    ]);
  });

  it('tells stderr how far it is, in plain lines where nobody watches', () => {
    expect(first.err).toMatch(
      /^(reading and sending: \d+ %, \d+ records\n)*reading and sending: 100 %, 111 records\n$/,
    );
  });

  it('links interactions to the people they name', async () => {
    const { interactions } = await server.data(
      admin,
      '{ interactions(first: 100) { edges { node { accountId contactId contactName } } } }',
    );
    const nodes: { accountId: string | null; contactId: string | null; contactName: string | null }[] =
      interactions.edges.map(({ node }: { node: unknown }) => node);
    const linked = nodes.filter(({ contactId }) => contactId !== null);
    expect(linked).toHaveLength(nodes.filter((node) => node.accountId !== null && node.contactName !== null).length);
    expect(linked.length).toBeGreaterThan(20);
  });

  it('changes nothing when it runs again', async () => {
    const before = await server.data(admin, TOTALS);
    const { exitCode, out } = await importing([SAMPLE, '--tenant', 'demo', '--url', server.url]);
    expect(exitCode).toBe(0);
    expect(figuresOf(out, 'accounts')).toEqual([12, 0, 0, 12, 0, 0]);
    expect(figuresOf(out, 'deals')).toEqual([60, 0, 0, 56, 7, 4]);
    expect(figuresOf(out, 'contacts')).toEqual([12, 0, 0, 12, 0, 0]);
    expect(figuresOf(out, 'interactions')).toEqual([33, 0, 0, 31, 1, 2]);
    expect(await server.data(admin, TOTALS)).toEqual(before);
  });

  it('lists what the server refuses under the file, line and column it was read from', async () => {
    const folder = await folderOf({
      'accounts.csv': `id,name\nR-1,Long ${'o'.repeat(300)}\nR-2,Short\n`,
      'deals.csv': 'id,company_id,stage,amount\nR-D1,R-1,won,100\nR-D2,R-2,won,a lot\nR-D3,R-2,won,100\n',
      'interactions.csv':
        'company_id,contact,email,type,date\nR-2,Una,"no address",Email,1/2/26\nR-2,Una,,Email,1/3/26\n',
    });
    const { exitCode, out } = await importing([folder, '--tenant', 'demo', '--url', server.url]);
    expect(exitCode).toBe(0);
    expect(figuresOf(out, 'accounts')).toEqual([2, 1, 0, 0, 0, 1]);
    expect(figuresOf(out, 'deals')).toEqual([3, 1, 0, 0, 0, 2]);
    // Interactions that name a contact whom the server did not take are kept, without the link.
    expect(figuresOf(out, 'contacts')).toEqual([1, 0, 0, 0, 0, 1]);
    expect(figuresOf(out, 'interactions')).toEqual([2, 2, 0, 0, 0, 0]);
    expect(out).toMatch(/^accounts\.csv:2 name — expected 1 to 300 characters/m);
    expect(out).toMatch(/^deals\.csv:2 company_id — expected an account that is recorded here/m);
    expect(out).toMatch(/^deals\.csv:3 amount "a lot" — expected an amount/m);
    // In the order of the file, whoever refused.
    expect(out.indexOf('deals.csv:2')).toBeLessThan(out.indexOf('deals.csv:3'));
    expect(out).toMatch(/^interactions\.csv:2 email — expected an email address/m);
  });

  it.each([
    ['no folder', [], 'Expected one folder, got 0.'],
    ['a folder that is not there', ['no/such', '--tenant', 'demo'], 'no/such: expected a folder of CSV files'],
    ['no tenant', [SAMPLE], '--tenant: expected the short name of a tenant.'],
    ['an unknown option', [SAMPLE, '--tenat', 'demo'], "Unknown option '--tenat'"],
    [
      'a mapping file that is not there',
      [SAMPLE, '--tenant', 'demo', '--mapping', 'no.json'],
      'The mapping file no.json cannot be read',
    ],
    [
      'a server that is not there',
      [SAMPLE, '--tenant', 'demo', '--url', 'http://127.0.0.1:2'],
      'expected a Countersign server at http://127.0.0.1:2',
    ],
  ])('says in one line why it cannot run: %s', async (_what, argv, problem) => {
    const { exitCode, out, err } = await importing(argv);
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(err.split('\n')[0]).toContain(problem);
    expect(err).not.toContain('    at ');
  });

  it('refuses a tenant that the server does not know, before it sends anything', async () => {
    const { exitCode, err } = await importing([SAMPLE, '--tenant', 'nobody', '--url', server.url]);
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^--tenant: expected a tenant that the server at .* knows, got "nobody"\. .*\n$/);
  });

  it('blames the token that was given when the server does not take it', async () => {
    const { exitCode, err } = await importing([SAMPLE, '--tenant', 'demo', '--url', server.url, '--token', 'x.y.z']);
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^--token: expected a token that the server at http:.* takes\. .*\n$/);
  });

  it('says what to do when the server has another secret', async () => {
    const environment = { COUNTERSIGN_JWT_SECRET: 'quite another secret of enough length' };
    const { exitCode, err } = await importing([SAMPLE, '--tenant', 'demo', '--url', server.url], environment);
    expect(exitCode).toBe(1);
    expect(err).toMatch(
      /^--url: expected a server with the secret of these settings, got http:.*COUNTERSIGN_JWT_SECRET.*\n$/,
    );
  });

  it('refuses a tenant that is not the one of the token', async () => {
    const argv = [SAMPLE, '--tenant', 'other', '--url', server.url, '--token', admin];
    const { exitCode, err } = await importing(argv);
    expect(exitCode).toBe(1);
    expect(err).toBe('--tenant: expected the tenant of the token, "demo", got "other".\n');
  });

  it('stops with the reason of the server when that takes nothing', async () => {
    const agent = await server.token('agent');
    const { exitCode, err } = await importing([SAMPLE, '--tenant', 'demo', '--url', server.url, '--token', agent]);
    expect(exitCode).toBe(1);
    expect(err).toMatch(/The import stopped at accounts\.csv:2: importRecords needs one of the roles .*\n$/);
  });
});

describe('importing on a data folder', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-import-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('starts a server of its own when none runs, and uses the one that runs otherwise', async () => {
    const environment = { COUNTERSIGN_DATA_DIR: folder };
    const alone = await importing([SAMPLE, '--tenant', 'demo'], environment);
    expect(alone.exitCode).toBe(0);
    expect(alone.out).toContain('at a server of its own, since none runs');
    expect(figuresOf(alone.out, 'deals')).toEqual([60, 56, 0, 0, 7, 4]);
    expect(findRunningServer(folder)).toBeUndefined();

    const app = await createApp(testConfig({ dataDir: folder }));
    const beside = await importing([SAMPLE, '--tenant', 'demo'], environment);
    await app.close();
    expect(beside.exitCode).toBe(0);
    expect(beside.out).toContain(app.url);
    expect(figuresOf(beside.out, 'deals')).toEqual([60, 0, 0, 56, 7, 4]);
  });
});
