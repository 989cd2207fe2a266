import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.js';
import { manageTenants } from '../../src/cli/commands/tenant.js';
import { run } from '../../src/cli/commands/terminal.js';
import { ViewerDocument } from '../../src/cli/generated/operations.js';
import { createCountersignClient } from '../../src/client/index.js';
import { createPostgresDatabase } from '../support/database.js';
import { testConfig } from '../support/server.js';
import { recordedTerminal } from './recorded-terminal.js';

const SECRET = String(testConfig().jwtSecret);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-tenant-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function tenant(argv: readonly string[], settings: Readonly<Record<string, string>> = {}) {
  const terminal = recordedTerminal({ COUNTERSIGN_DATA_DIR: folder, COUNTERSIGN_JWT_SECRET: SECRET, ...settings });
  const exitCode = await run(manageTenants, argv, terminal);
  return { exitCode, out: terminal.out(), err: terminal.err() };
}

/** Who an admin of the tenant is to the server; the code where it does not know them. */
async function viewerOf(app: { url: string; tokens: { issue: (claims: never) => Promise<string> } }, slug: string) {
  const expiresAt = new Date(Date.now() + 60_000);
  const claims = { tenant: slug, user: 'ana', roles: ['admin'], expiresAt };
  const client = createCountersignClient({ url: app.url, token: await app.tokens.issue(claims as never) });
  return client.request(ViewerDocument).then(
    ({ viewer }) => viewer.tenant,
    (error: { code: string }) => error.code,
  );
}

describe('a new tenant', () => {
  it('is made in the data folder while no server runs; in production there is no other', async () => {
    const made = await tenant(['create', 'acme', '--name', 'Acme Ltd']);
    expect({ ...made, out: made.out.split('\n').slice(0, 3) }).toEqual({
      exitCode: 0,
      err: '',
      out: [
        'Made the tenant "acme" (Acme Ltd). A token for its first admin:',
        '',
        '  npm run -s token -- --tenant acme --user <name> --role admin',
      ],
    });
    const again = await tenant(['create', 'acme']);
    expect([again.exitCode, again.err]).toEqual([1, 'There is a tenant "acme" already; choose another short name.\n']);
    const app = await createApp(testConfig({ dataDir: folder, development: false }));
    const held = await tenant(['create', 'other']);
    const known = [await viewerOf(app, 'acme'), await viewerOf(app, 'demo')];
    await app.close();
    expect(known).toEqual(['acme', 'UNAUTHENTICATED']);
    expect(held.exitCode).toBe(1);
    expect(held.err).toMatch(/^COUNTERSIGN_DATA_DIR: expected a folder that no other process uses, .* running server/);
  });

  it('is made in PostgreSQL beside a running server, which knows it at once', async () => {
    const url = await createPostgresDatabase();
    const app = await createApp(testConfig({ databaseUrl: url, development: false }));
    const before = await viewerOf(app, 'acme');
    const { exitCode } = await tenant(['create', 'acme'], { DATABASE_URL: url });
    const after = [await viewerOf(app, 'acme'), await viewerOf(app, 'demo')];
    await app.close();
    expect([before, exitCode, ...after]).toEqual(['UNAUTHENTICATED', 0, 'acme', 'UNAUTHENTICATED']);
  });

  it.each([
    [[], 'Expected "create" and one short name, got "".'],
    [['delete', 'acme'], 'Expected "create" and one short name, got "delete acme".'],
    [['create', 'Acme'], 'slug: expected a lower-case letter'],
    [['create', 'a', '--name', ' '], 'name: expected 1 to 200 characters, got 0'],
    [['create', 'a', '--nam', 'x'], "Unknown option '--nam'"],
  ])('is refused in one line: %j', async (argv, problem) => {
    const { exitCode, out, err } = await tenant(argv);
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(err.split('\n')[0]).toContain(problem);
  });
});
