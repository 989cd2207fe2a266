import { readConfig } from '../../config.js';
import { ROLES, type Role } from '../../kernel/actor.js';
import { systemClock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { tokensOf } from '../../tokens.js';
import { type Command, CommandError, readFlags } from './terminal.js';

const USAGE = `Usage: npm run -s token -- --tenant <tenant> --user <name> --role <role> [--role <role>] [--hours 24]
Roles: ${ROLES.join(', ')}.`;
const MOST_HOURS = 8_760;

/** Prints a token, alone on stdout, signed with the secret of the server that these settings describe. */
export const printToken: Command = async (argv, { stdout, environment }) => {
  const { tenant, user, roles, hours } = claimsIn(argv);
  const tokens = tokensOf(readConfig(environment));
  const expiresAt = new Date(systemClock.now().getTime() + hours * 3_600_000);
  const token = await tokens.issue({ tenant, user, roles, expiresAt });
  // The server's own reading decides whether the names will do.
  await tokens.verify(token).catch((cause: unknown) => {
    if (!(cause instanceof DomainError)) throw cause;
    throw misuse(
      '--tenant: expected lower-case letters, digits and "-", and --user: expected letters, digits and any of "._@+-"; ' +
        `got ${JSON.stringify(tenant)} and ${JSON.stringify(user)}.`,
    );
  });
  stdout.write(`${token}\n`);
  return 0;
};

const OPTIONS = {
  tenant: { type: 'string' },
  user: { type: 'string' },
  role: { type: 'string', multiple: true },
  hours: { type: 'string' },
} as const;

function claimsIn(argv: readonly string[]) {
  const { values } = readFlags({ args: [...argv], options: OPTIONS }, USAGE);
  const given = (flag: 'tenant' | 'user'): string => {
    const value = values[flag];
    if (value === undefined || value === '') throw misuse(`--${flag}: expected a name, got nothing.`);
    return value;
  };
  const { role: names = [], hours: hoursText = '24' } = values;
  if (names.length === 0) throw misuse('--role: expected at least one role, got nothing.');
  const roles = names.map((name): Role => {
    const role = ROLES.find((known) => known === name);
    if (role === undefined) throw misuse(`--role: expected a role, got ${JSON.stringify(name)}.`);
    return role;
  });
  const hours = Number(hoursText);
  if (!(hours > 0 && hours <= MOST_HOURS)) {
    throw misuse(`--hours: expected hours above 0 and at most ${MOST_HOURS}, got ${JSON.stringify(hoursText)}.`);
  }
  return { tenant: given('tenant'), user: given('user'), roles, hours };
}

const misuse = (problem: string): CommandError => new CommandError(`${problem}\n${USAGE}`);
