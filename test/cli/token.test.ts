import 'reflect-metadata';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, createApp } from '../../src/app.js';
import { run } from '../../src/cli/commands/terminal.js';
import { printToken } from '../../src/cli/commands/token.js';
import { ViewerDocument } from '../../src/cli/generated/operations.js';
import { createCountersignClient } from '../../src/client/index.js';
import type { Database } from '../../src/platform/db/database.js';
import { openTestDatabase } from '../support/database.js';
import { testConfig } from '../support/server.js';
import { recordedTerminal } from './recorded-terminal.js';

const FLAGS = ['--tenant', 'demo', '--user', 'ana', '--role', 'approver'];

describe('the token command', () => {
  let folder: string;
  let database: Database;
  let app: App;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-token-'));
    database = await openTestDatabase('pglite');
    app = await createApp(testConfig({ dataDir: folder, jwtSecret: undefined }), { database });
  });
  afterAll(async () => {
    await app.close();
    await database.close();
    await rm(folder, { recursive: true });
  });

  const tokenFor = async (argv: readonly string[]) => {
    const terminal = recordedTerminal({ COUNTERSIGN_DATA_DIR: folder });
    const exitCode = await run(printToken, argv, terminal);
    return { exitCode, out: terminal.out(), err: terminal.err() };
  };

  it('prints a token alone, which the running server of the folder knows', async () => {
    const { exitCode, out, err } = await tokenFor([...FLAGS, '--role', 'manager']);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const ana = createCountersignClient({ url: app.url, token: out.trim() });
    const { viewer } = await ana.request(ViewerDocument);
    expect(viewer).toEqual({ name: 'ana', tenant: 'demo', roles: ['APPROVER', 'MANAGER'] });
  });

  it.each([
    [[], 24],
    [['--hours', '0.5'], 0.5],
  ])('gives it a day unless told otherwise: %j', async (flags, hours) => {
    const before = Date.now();
    const { expiresAt } = await app.tokens.verify((await tokenFor([...FLAGS, ...flags])).out.trim());
    // Tokens count in whole seconds.
    expect(expiresAt.getTime()).toBeGreaterThan(before + hours * 3_600_000 - 1_000);
    expect(expiresAt.getTime()).toBeLessThanOrEqual(Date.now() + hours * 3_600_000);
  });

  it('signs with the secret of the settings where they name one', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'countersign-token-'));
    const settings = { COUNTERSIGN_DATA_DIR: empty, COUNTERSIGN_JWT_SECRET: 'x'.repeat(32) };
    const terminal = recordedTerminal(settings);
    expect(await run(printToken, FLAGS, terminal)).toBe(0);
    expect(await readdir(empty)).toEqual([]);
    await expect(app.tokens.verify(terminal.out().trim())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await rm(empty, { recursive: true });
  });

  it.each([
    ['--user: expected a name', ['--tenant', 'demo', '--role', 'approver']],
    ['--tenant: expected a name', ['--user', 'ana', '--role', 'approver']],
    ['--role: expected at least one role', ['--tenant', 'demo', '--user', 'ana']],
    ['--role: expected a role, got "boss"', ['--tenant', 'demo', '--user', 'ana', '--role', 'boss']],
    ['got "Demo Inc" and "ana"', ['--tenant', 'Demo Inc', '--user', 'ana', '--role', 'agent']],
    ['got "demo" and "an a"', ['--tenant', 'demo', '--user', 'an a', '--role', 'agent']],
    ['--hours: expected hours above 0', [...FLAGS, '--hours', '0']],
    ['--hours: expected hours above 0', [...FLAGS, '--hours', 'soon']],
    ["Unknown option '--rolle'", [...FLAGS, '--rolle', 'agent']],
    ['Unexpected argument', [...FLAGS, 'demo']],
  ])('refuses, with the usage: %s', async (problem, argv) => {
    const { exitCode, out, err } = await tokenFor(argv);
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(err.split('\n')[0]).toContain(problem);
    expect(err).toContain('Usage: npm run -s token --');
  });

  it('says which setting is wrong', async () => {
    const terminal = recordedTerminal({ COUNTERSIGN_JWT_SECRET: 'short' });
    expect(await run(printToken, FLAGS, terminal)).toBe(1);
    expect(terminal.err()).toMatch(/^COUNTERSIGN_JWT_SECRET: expected a secret .*\n$/);
  });
});
