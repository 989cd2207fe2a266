import { createTenant } from '../../app.js';
import { readConfig } from '../../config.js';
import { type Command, CommandError, readFlags } from './terminal.js';

const USAGE = `Usage: npm run tenant -- create <short-name> [--name <name>]
In the database of DATABASE_URL, whether servers run on it or not; else in COUNTERSIGN_DATA_DIR, while no server runs on it.`;

/** Creates a tenant, and says how its first admin gets in. */
export const manageTenants: Command = async (argv, { stdout, environment }) => {
  const options = { name: { type: 'string' } } as const;
  const { values, positionals } = readFlags({ args: [...argv], options, allowPositionals: true }, USAGE);
  const [verb, slug, ...rest] = positionals;
  if (verb !== 'create' || slug === undefined || rest.length > 0) {
    throw new CommandError(
      `Expected "create" and one short name, got ${JSON.stringify(positionals.join(' '))}.\n${USAGE}`,
    );
  }
  const { name } = await createTenant(readConfig(environment), { slug, name: values.name ?? slug });
  stdout.write(
    [
      `Made the tenant "${slug}" (${name}). A token for its first admin:`,
      '',
      `  npm run -s token -- --tenant ${slug} --user <name> --role admin`,
      '',
      'It takes the same settings as the server. Where an outside issuer signs tokens, they carry the claim',
      `"tenant": "${slug}".`,
      '',
    ].join('\n'),
  );
  return 0;
};
