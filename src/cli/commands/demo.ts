import { createCountersignClient } from '../../client/index.js';
import { type Config, readConfig } from '../../config.js';
import type { Role } from '../../kernel/actor.js';
import { systemClock } from '../../kernel/clock.js';
import {
  approvedAction,
  autonomousAction,
  gatedAction,
  hardStop,
  race,
  record,
  rejectedAction,
  unknownAction,
} from '../demo/action-scenes.js';
import { movingGoal } from '../demo/goal-scene.js';
import { findSetting } from '../demo/setting.js';
import { type Player, Story } from '../demo/story.js';
import { AGENT, Walk } from '../demo/walk.js';
import { explained, findServer, mintToken } from './server.js';
import { type Command, CommandError, readFlags } from './terminal.js';

const USAGE = 'Usage: npm run demo [-- --tenant demo] [--url <server>]';
const OPTIONS = { tenant: { type: 'string' }, url: { type: 'string' } } as const;

/** Each player's name in the tenant, and the role that goes into the token. */
const CAST: Readonly<Record<Player, { readonly user: string; readonly role: Role }>> = {
  agent: { user: AGENT, role: 'agent' },
  ana: { user: 'ana', role: 'approver' },
  ben: { user: 'ben', role: 'approver' },
  manager: { user: 'manager', role: 'manager' },
};

/** Plays an agent, two approvers and a manager against a running server, and prints what each of them sees. */
export const walkThrough: Command = async (argv, { stdout, environment }) => {
  const { values } = readFlags({ args: [...argv], options: OPTIONS }, USAGE);
  const { tenant = 'demo' } = values;
  const config = readConfig(environment);
  const url = values.url ?? findServer(config)?.url;
  if (url === undefined) throw nobodyRuns(config);

  const clients = await connect(config, { url, tenant });
  try {
    const setting = await findSetting(clients.manager).catch((error: unknown) => {
      throw explained(error, { url, tenant, isTokenGiven: false });
    });
    const story = new Story((text) => stdout.write(text));
    story.open([
      `A walk through Countersign: tenant "${tenant}" at ${url}, ${setting.accountsInAll} accounts.`,
      `It is about ${setting.account.name}, where ${setting.person} works.`,
      '← marks what is pushed over a subscription, with the time since the change was sent.',
    ]);
    const walk = new Walk(clients, story);
    await walk.started();
    await autonomousAction(walk, setting);
    const approved = await approvedAction(walk, setting);
    await rejectedAction(walk, setting);
    await unknownAction(walk, setting);
    await gatedAction(walk, setting);
    await hardStop(walk, setting);
    await race(walk, setting);
    await movingGoal(walk, setting, systemClock.now());
    await record(walk, approved);
    story.close();
    return 0;
  } finally {
    await Promise.all(Object.values(clients).map((client) => client.close()));
  }
};

async function connect(config: Config, { url, tenant }: { readonly url: string; readonly tenant: string }) {
  const clientOf = async (player: Player) =>
    createCountersignClient({ url, token: await mintToken(config, { tenant, ...CAST[player] }) });
  return {
    agent: await clientOf('agent'),
    ana: await clientOf('ana'),
    ben: await clientOf('ben'),
    manager: await clientOf('manager'),
  };
}

function nobodyRuns({ databaseUrl, dataDir }: Config): CommandError {
  const where =
    databaseUrl === undefined
      ? `on ${dataDir}, found none. Start one with npm start, or name another with --url`
      : 'named with --url, because DATABASE_URL is set and does not tell where its server runs';
  return new CommandError(`Expected a running server ${where}.\n${USAGE}`);
}
