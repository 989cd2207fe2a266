import { type CountersignClient, createCountersignClient } from '../../client/index.js';
import { readConfig } from '../../config.js';
import { systemClock } from '../../kernel/clock.js';
import { ViewerDocument } from '../generated/operations.js';
import { type ExportPlan, loadMapping, type Mapping, planExport } from '../import/index.js';
import { showProgress } from '../send/progress.js';
import { RefusalList } from '../send/refusal-list.js';
import { report } from '../send/report.js';
import { sendExport } from '../send/send-export.js';
import { Tally } from '../send/tally.js';
import { type Asked, explained, findServer, mintToken, startServer } from './server.js';
import { type Command, CommandError, readFlags, type Terminal } from './terminal.js';

const USAGE = `Usage: npm run import -- <folder> --tenant <tenant> [--mapping <file>] [--url <server>] [--token <token>]
Exit codes: 0 everything was read and sent, whatever rows were refused; 1 the import could not run, or not to its end.`;

const OPTIONS = {
  tenant: { type: 'string' },
  mapping: { type: 'string' },
  url: { type: 'string' },
  token: { type: 'string' },
} as const;

/**
 * Sends a CRM export to a server: to the one that runs on these settings, to the one that `--url` names, or, when none
 * runs, to one that lives only as long as the command. Gives 0 once everything was read, whatever was refused.
 */
export const runImport: Command = async (argv, terminal) => {
  const { values, positionals } = readFlags({ args: [...argv], options: OPTIONS, allowPositionals: true }, USAGE);
  const [folder, ...rest] = positionals;
  if (folder === undefined || rest.length > 0) {
    throw new CommandError(`Expected one folder, got ${positionals.length}.\n${USAGE}`);
  }
  const { tenant } = values;
  if (tenant === undefined) throw new CommandError(`--tenant: expected the short name of a tenant.\n${USAGE}`);

  const config = readConfig(terminal.environment);
  const mapping = await loadMapping(folder, values.mapping);
  const plan = await planExport(folder, mapping);
  const running = values.url ?? findServer(config)?.url;
  const own = running === undefined ? await startServer(config) : undefined;
  const url = own?.url ?? running ?? '';
  try {
    const token = values.token ?? (await mintToken(config, { tenant, user: 'import', role: 'admin' }));
    const client = createCountersignClient({ url, token });
    await requireTenant(client, { tenant, url, isTokenGiven: values.token !== undefined });
    terminal.stdout.write(opening(plan, tenant, own ? 'a server of its own, since none runs' : url));
    return await send({ client, plan, mapping, terminal });
  } finally {
    await own?.close();
  }
};

async function send(parts: {
  readonly client: CountersignClient;
  readonly plan: ExportPlan;
  readonly mapping: Mapping;
  readonly terminal: Terminal;
}): Promise<number> {
  const { client, plan, mapping, terminal } = parts;
  const tally = new Tally(plan);
  const refusals = new RefusalList(`import-refused-${stamp(systemClock.now())}.log`);
  const progress = showProgress(terminal.stderr, plan.totalBytes);
  try {
    await sendExport({ client, plan, mapping, tally, refusals, progress });
  } finally {
    progress.stop();
    await refusals.close();
  }
  terminal.stdout.write(report(tally, refusals));
  return 0;
}

/** Asked before the first row is sent, so that a wrong tenant or token is one clear line. */
async function requireTenant(client: CountersignClient, asked: Asked): Promise<void> {
  const { viewer } = await client.request(ViewerDocument).catch((error: unknown) => {
    throw explained(error, asked);
  });
  const { tenant } = asked;
  if (viewer.tenant === tenant) return;
  throw new CommandError(
    `--tenant: expected the tenant of the token, ${JSON.stringify(viewer.tenant)}, got ${JSON.stringify(tenant)}.`,
  );
}

function opening({ folder, files, ignored }: ExportPlan, tenant: string, where: string): string {
  const read = Object.values(files).flatMap((planned) => (planned === null ? [] : [planned.file]));
  const left = ignored.length > 0 ? `; left alone: ${ignored.join(', ')}` : '';
  return `Importing ${folder} into tenant "${tenant}" at ${where}\nreads: ${read.join(', ')}${left}\n\n`;
}

const stamp = (now: Date): string => now.toISOString().replace(/[-:]|\.\d+/g, '');
