import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { walkThrough } from '../../src/cli/commands/demo.js';
import { runImport } from '../../src/cli/commands/import.js';
import { run } from '../../src/cli/commands/terminal.js';
import { DATABASES } from '../support/database.js';
import { startTestServer, type TestServer, testConfig } from '../support/server.js';
import { recordedTerminal } from './recorded-terminal.js';

const SETTINGS = { COUNTERSIGN_JWT_SECRET: String(testConfig().jwtSecret) };

async function walk(argv: readonly string[], environment: Readonly<Record<string, string>> = SETTINGS) {
  const terminal = recordedTerminal(environment);
  const exitCode = await run(walkThrough, argv, terminal);
  return { exitCode, out: terminal.out(), err: terminal.err() };
}

/** What is said in one scene: a line for each, as "who: what", without the times. */
const sceneOf = (out: string, title: string): string[] => {
  const [, scene = ''] = out.split(new RegExp(`^\\d+\\. ${title}.*\\n`, 'm'));
  const [lines = ''] = scene.split('\n\n');
  return lines.split('\n').map((line) => line.replace(/^ *(\w+) +(← )?/, '$1: $2').replace(/ {2}\(\d+ ms\)$/, ''));
};

describe.each(DATABASES)('the walk on %s', (kind) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ kind });
  });
  afterAll(() => server.close());

  it('says what to do first while there are no accounts', async () => {
    const { exitCode, err } = await walk(['--url', server.url]);
    expect(exitCode).toBe(1);
    expect(err).toMatch(
      /^Expected accounts to walk with, found none\. First run: npm run import -- samples\/crm .*\n$/,
    );
  });

  it('shows each side what it sees, and can be taken again', async () => {
    const sample = ['samples/crm', '--tenant', 'demo', '--url', server.url];
    expect(await run(runImport, sample, recordedTerminal(SETTINGS))).toBe(0);
    await expectWholeStory(server.url);
    await expectWholeStory(server.url);
    const manager = await server.token('manager');
    const { approvals } = await server.data(manager, '{ approvals(first: 1) { totalCount } }');
    expect(approvals.totalCount).toBe(0);
  });
});

async function expectWholeStory(url: string): Promise<void> {
  const { exitCode, out, err } = await walk(['--url', url]);
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });

  expect(sceneOf(out, 'An autonomous action')).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^agent: is answered ALLOWED \(AUTONOMOUS\)/),
      'ana: ← actionChanged: send_follow_up_email is ALLOWED, by walk-agent',
      'ana: ← actionChanged: send_follow_up_email is EXECUTING, by walk-agent',
      'ana: ← actionChanged: send_follow_up_email is EXECUTED, by walk-agent',
    ]),
  );
  expectInOrder(sceneOf(out, 'An action that needs approval'), [
    'agent: proposes send_proposal',
    'ana: ← approvalRequested: send_proposal',
    'ana: approves what has digest',
    'agent: ← actionChanged: send_proposal is APPROVED, by ana',
    'agent: claims send_proposal',
    'ana: ← actionChanged: send_proposal is EXECUTED, by walk-agent',
  ]);
  expectInOrder(sceneOf(out, 'A rejection'), [
    'ana: ← approvalRequested: discuss_pricing',
    'ana: rejects: Too early',
    'agent: ← actionChanged: discuss_pricing is REJECTED, by ana: "Too early',
  ]);
  expectInOrder(sceneOf(out, 'A type that nobody knows'), [
    'agent: proposes send_gift_basket',
    'ana: why asked: "send_gift_basket" is not a built-in action type',
    'agent: ← actionChanged: send_gift_basket is REJECTED, by ana',
  ]);
  expectInOrder(sceneOf(out, 'The stage gate'), [
    'manager: moves the deal',
    'agent: proposes send_follow_up_email',
    'ana: why asked: send_follow_up_email waits for a person, because the deal is in the gated stage negotiation',
    'ana: ← actionChanged: send_follow_up_email is EXECUTED, by walk-agent',
  ]);
  const hardStop = sceneOf(out, 'A hard stop');
  expectInOrder(hardStop, [
    'agent: proposes approve_discount',
    'agent: tries to claim it all the same',
    'agent: is refused, HARD_STOP',
  ]);
  expect(hardStop).toContain('ana: ← actionChanged: approve_discount is BLOCKED, by walk-agent');
  expect(hardStop.join()).not.toContain('approvalRequested');

  const race = sceneOf(out, 'Two approvers at once').join('\n');
  const winner = /contact_c_suite is APPROVED, by (ana|ben)/.exec(race)?.[1];
  const loser = winner === 'ana' ? 'ben' : 'ana';
  expect(race).toMatch(new RegExp(`^${loser}: is refused, CONFLICT: ${winner} was first: .* at \\d{4}-`, 'm'));

  expectInOrder(sceneOf(out, 'A goal that moves'), [
    'manager: sets the goal',
    'manager: ← goalChanged: "Revenue of',
    'manager: suggested: ',
    'manager: records that the deal',
    'manager: ← goalChanged: "Revenue of',
    'manager: reads goalStatuses: 100 %, on track',
  ]);
  expect(sceneOf(out, 'The record').map((line) => line.split(/ {2,}/).slice(1))).toEqual([
    ['APPROVAL_REQUESTED', 'walk-agent'],
    ['APPROVAL_APPROVED', 'ana'],
    ['ACTION_CLAIMED', 'walk-agent'],
    ['ACTION_EXECUTED', 'walk-agent'],
  ]);
  expect(out).toMatch(/^The end\. \d+ pushes, .* ms \(fastest, median, slowest\)\.$/m);
}

/** Each of the beginnings is the beginning of a line, one after the other. */
function expectInOrder(lines: readonly string[], beginnings: readonly string[]): void {
  const found = beginnings.reduce<{ readonly from: number; readonly missing: string[] }>(
    ({ from, missing }, beginning) => {
      const at = lines.findIndex((line, index) => index >= from && line.startsWith(beginning));
      return at < 0 ? { from, missing: [...missing, beginning] } : { from: at + 1, missing };
    },
    { from: 0, missing: [] },
  );
  expect(found.missing, lines.join('\n')).toEqual([]);
}

describe('the walk without a server', () => {
  it('says how to start one, or how to name one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-walk-'));
    const { exitCode, err } = await walk([], { COUNTERSIGN_DATA_DIR: folder });
    await rm(folder, { recursive: true });
    expect(exitCode).toBe(1);
    expect(err).toContain('Start one with npm start, or name another with --url.');
    const onPostgres = await walk([], { ...SETTINGS, DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' });
    expect(onPostgres.exitCode).toBe(1);
    expect(onPostgres.err).toContain('named with --url, because DATABASE_URL is set');
  });

  it('says when nobody answers where it was sent', async () => {
    const { exitCode, err } = await walk(['--url', 'http://127.0.0.1:2']);
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^expected a Countersign server at http:\/\/127\.0\.0\.1:2; ECONNREFUSED\.\n$/);
  });
});
