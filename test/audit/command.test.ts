import 'reflect-metadata';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { verifyAudit } from '../../src/cli/commands/audit-verify.js';
import { run } from '../../src/cli/commands/terminal.js';
import { SealingService } from '../../src/features/audit/sealing.js';
import { sealWriter } from '../../src/features/audit/store/seals.js';
import { systemClock } from '../../src/kernel/clock.js';
import { newId } from '../../src/kernel/ids.js';
import type { Database } from '../../src/platform/db/database.js';
import { recordedTerminal } from '../cli/recorded-terminal.js';
import { openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';

describe('the command audit:verify', () => {
  let folder: string;
  let database: Database;
  let server: TestServer;
  let access: readonly string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-audit-'));
    database = await openTestDatabase('pglite');
    server = await startTestServer({ database });
    access = ['--url', server.url, '--token', await server.token('admin')];
  });
  afterAll(async () => {
    await server.close();
    await database.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    await database.asServer((sql) => sql('delete from seal'));
    await database.asServer((sql) => sql('delete from event'));
    await writeAndSeal();
  });

  const writeAndSeal = async (): Promise<void> => {
    await database.asServer((sql) =>
      sql(
        `insert into event (tenant_id, type, subject_id, data, actor, at)
         select id, 'goal.created', $1, '{}', 'test', now() from tenant where slug = 'demo'`,
        [newId(new Date())],
      ),
    );
    await new SealingService({ seals: sealWriter(database), clock: systemClock }).sealPending();
  };
  const verify = async (...argv: readonly string[]) => {
    const terminal = recordedTerminal({ COUNTERSIGN_DATA_DIR: join(folder, 'data'), PORT: '0' });
    const exitCode = await run(verifyAudit, argv, terminal);
    return { exitCode, out: terminal.out(), err: terminal.err() };
  };
  const file = (name: string): string => join(folder, name);

  test('gives 0 for a log that is as it was sealed', async () => {
    await writeAndSeal();
    const { exitCode, out, err } = await verify(...access, '--tenant', 'demo');
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toMatch(/^demo: looked at 2 seals and 2 events; 0 more were deleted by retention, \d+ are not sealed/);
    expect(out).toMatch(/Everything is as it was sealed\.\n$/);
  });

  test('gives 1 and every problem for one that is not, and exports no head', async () => {
    await database.asServer((sql) => sql(`update event set actor = 'nobody'`));
    const { exitCode, out } = await verify(...access, '--export-head', file('never.json'));
    expect(exitCode).toBe(1);
    expect(out).toMatch(/NOT as it was sealed:\nseal 1, at \S+, EVENT_EDITED: 1 event /);
    await expect(readFile(file('never.json'))).rejects.toThrow('ENOENT');
  });

  test('exports the head it has checked, and finds a chain that was written anew against it', async () => {
    expect((await verify(...access, '--export-head', file('head.json'))).exitCode).toBe(0);
    const exported = JSON.parse(await readFile(file('head.json'), 'utf8'));
    expect(exported).toMatchObject({ tenant: 'demo', number: 1, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    await writeAndSeal();
    expect((await verify(...access, '--head', file('head.json'))).exitCode).toBe(0);
    const fromThere = await verify(...access, '--after', file('head.json'));
    expect(fromThere).toMatchObject({ exitCode: 0, out: expect.stringContaining('looked at 1 seals and 1 events') });

    await database.asServer((sql) => sql('delete from seal'));
    await database.asServer((sql) => sql(`update event set actor = 'nobody'`));
    await new SealingService({ seals: sealWriter(database), clock: systemClock }).sealPending();
    expect((await verify(...access)).exitCode).toBe(0);
    const against = await verify(...access, '--head', file('head.json'));
    expect(against).toMatchObject({ exitCode: 1, out: expect.stringContaining('HEAD_DIFFERS') });
  });

  test.each([
    ['no server answers', () => ['--url', 'http://127.0.0.1:1', '--token', 'x']],
    ['the token is not good', () => ['--url', server.url, '--token', 'x']],
    ['a flag is unknown', () => [...access, '--heads', 'x']],
    ['the file of the head is missing', () => [...access, '--head', file('missing.json')]],
    ['the head is another tenant’s', () => [...access, '--tenant', 'other']],
    ['the head cannot be written', () => [...access, '--export-head', join(folder, 'no', 'such', 'folder.json')]],
  ])('gives 2 and says why when %s', async (_, flags) => {
    const { exitCode, err } = await verify(...flags());
    expect({ exitCode, err }).toEqual({
      exitCode: 2,
      err: expect.stringMatching(/^The log could not be checked\. \S/),
    });
  });

  test.each(['{}', '{"tenant": "demo", "number": 1, "hash": "abc"}', 'not JSON'])(
    'gives 2 for a head file that is none: %s',
    async (text) => {
      await writeFile(file('spoiled.json'), text);
      const { exitCode, err } = await verify(...access, '--head', file('spoiled.json'));
      expect({ exitCode, err }).toEqual({ exitCode: 2, err: expect.stringContaining('--head: expected a file that') });
    },
  );

  test('starts a server for itself when none runs', async () => {
    const { exitCode, out } = await verify();
    expect({ exitCode, out }).toEqual({ exitCode: 0, out: expect.stringContaining('demo: looked at 0 seals') });
  });
});
