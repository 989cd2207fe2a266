import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { type CountersignClient, createCountersignClient } from '../../client/index.js';
import { type Config, readConfig } from '../../config.js';
import { systemClock } from '../../kernel/clock.js';
import { AuditHeadDocument, VerifyAuditDocument, type VerifyAuditQuery } from '../generated/operations.js';
import { explained, findServer, mintToken, startServer } from './server.js';
import { type Command, CommandError, HelpAsked, readFlags } from './terminal.js';

const USAGE = `Usage: npm run -s audit:verify -- [--tenant demo] [--head <file>] [--after <file>] [--export-head <file>]
         [--url <server>] [--token <token>]
Exit codes: 0 everything is as it was sealed, 1 it is not, 2 it could not be checked.`;

const OPTIONS = {
  tenant: { type: 'string' },
  head: { type: 'string' },
  after: { type: 'string' },
  'export-head': { type: 'string' },
  url: { type: 'string' },
  token: { type: 'string' },
} as const;

const AS_SEALED = 0;
const TAMPERED = 1;
const NOT_CHECKED = 2;

const headFile = z.object({
  tenant: z.string(),
  number: z.int().min(0),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
type HeadFile = z.output<typeof headFile>;

/**
 * Checks the hash chain of a tenant through the API of the server that runs on these settings, of the one that `--url`
 * names, or, when none runs, of one that lives only as long as the command.
 *
 * Whatever keeps it from checking, expected or not, gives exit code 2: a script that trusts the code must not take a
 * server that is down, or a mistake in here, for a log that was tampered with.
 */
export const verifyAudit: Command = async (argv, terminal) => {
  try {
    const { values } = readFlags({ args: [...argv], options: OPTIONS }, USAGE);
    const [head, after] = await Promise.all([readHead('--head', values.head), readHead('--after', values.after)]);
    const config = readConfig(terminal.environment);
    const tenant = values.tenant ?? head?.tenant ?? after?.tenant ?? 'demo';
    return await withClient({ config, tenant, url: values.url, token: values.token }, async (client) => {
      const found = await check(client, { tenant, head, after });
      terminal.stdout.write(describe(tenant, found));
      if (problemCountOf(found) > 0) return TAMPERED;
      const exportTo = values['export-head'];
      if (exportTo !== undefined) await writeHead(exportTo, { tenant, ...found.checkedTo });
      return AS_SEALED;
    });
  } catch (error) {
    if (error instanceof HelpAsked) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    terminal.stderr.write(`The log could not be checked. ${reason}\n`);
    return NOT_CHECKED;
  }
};

interface Access {
  readonly config: Config;
  readonly tenant: string;
  readonly url: string | undefined;
  readonly token: string | undefined;
}

async function withClient<T>(access: Access, work: (client: CountersignClient) => Promise<T>): Promise<T> {
  const { config, tenant } = access;
  const server = access.url === undefined ? (findServer(config) ?? (await startServer(config))) : undefined;
  const url = server?.url ?? access.url ?? '';
  try {
    const token = access.token ?? (await mintToken(config, { tenant, user: 'audit-verify', role: 'admin' }));
    return await work(createCountersignClient({ url, token })).catch((error: unknown) => {
      throw explained(error, { url, tenant, isTokenGiven: access.token !== undefined });
    });
  } finally {
    await server?.close();
  }
}

type Part = VerifyAuditQuery['verifyAudit'];
type Seal = Part['checkedTo'];

interface Found {
  readonly parts: readonly Part[];
  /** The last seal, when all before it was looked at. */
  readonly checkedTo: Seal;
  readonly unsealed: number;
}

interface Question {
  readonly tenant: string;
  readonly head: HeadFile | undefined;
  readonly after: HeadFile | undefined;
}

async function check(client: CountersignClient, { tenant, head, after }: Question): Promise<Found> {
  const { viewer, auditHead } = await client.request(AuditHeadDocument);
  for (const expected of [tenant, head?.tenant, after?.tenant]) {
    if (expected === undefined || expected === viewer.tenant) continue;
    throw new CommandError(`Expected everything to be of the token's tenant "${viewer.tenant}", got "${expected}".`);
  }
  const parts: Part[] = [];
  const ask = async (about: { readonly head: Seal | null; readonly after: Seal | null }): Promise<Part> => {
    const { verifyAudit: part } = await client.request(VerifyAuditDocument, about);
    parts.push(part);
    return part;
  };
  // The server answers in parts, so that no call takes long however much there is.
  let part = await ask({ head: sealIn(head), after: sealIn(after) });
  while (!part.complete) part = await ask({ head: null, after: part.checkedTo });
  return { parts, checkedTo: part.checkedTo, unsealed: auditHead.unsealed };
}

const sealIn = (file: HeadFile | undefined): Seal | null => (file ? { number: file.number, hash: file.hash } : null);

const problemCountOf = ({ parts }: Found): number => parts.reduce((sum, { problemCount }) => sum + problemCount, 0);

function describe(tenant: string, found: Found): string {
  const { parts, unsealed } = found;
  const total = (count: (part: Part) => number): string =>
    parts.reduce((sum, part) => sum + count(part), 0).toLocaleString('en');
  const checked =
    `${tenant}: looked at ${total((part) => part.sealsChecked)} seals and ${total((part) => part.eventsChecked)} events; ` +
    `${total((part) => part.eventsNoLongerKept)} more were deleted by retention, ${unsealed.toLocaleString('en')} are not sealed yet.\n`;
  const problems = parts.flatMap((part) => part.problems);
  if (problems.length === 0) return `${checked}Everything is as it was sealed.\n`;
  const lines = problems.map(
    ({ seal, kind, cursor, message }) =>
      `seal ${seal}, ${cursor === null ? '' : `at ${cursor}, `}${kind}: ${message}\n`,
  );
  const more = problemCountOf(found) - problems.length;
  return `${checked}NOT as it was sealed:\n${lines.join('')}${more > 0 ? `and ${more} more\n` : ''}`;
}

async function readHead(flag: string, path: string | undefined): Promise<HeadFile | undefined> {
  if (path === undefined) return undefined;
  try {
    return headFile.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new CommandError(`${flag}: expected a file that --export-head wrote, got ${JSON.stringify(path)}.`, {
      cause,
    });
  }
}

/** Writes only what has been checked: a later head would vouch for seals that nobody looked at. */
async function writeHead(path: string, head: HeadFile): Promise<void> {
  const text = JSON.stringify({ ...head, checkedAt: systemClock.now().toISOString() }, null, 2);
  await writeFile(path, `${text}\n`).catch((cause: Error) => {
    throw new CommandError(`--export-head: expected a file that can be written; ${cause.message}`, { cause });
  });
}
