import { setTimeout as pause } from 'node:timers/promises';
import { type Agent, type Claim, CountersignError, createAgent, OutcomeUnknown } from '../src/client/index.js';
import { deliver, type Route } from './delivery.js';
import { misbehave } from './mischief.js';
import { ACCOUNT_ID, type World } from './world.js';

/** Short, so that a claim runs out while somebody is frozen. */
export const LEASE_SECONDS = 6;

/** Who brings it where. The server's own connectors need payloads of their own form. */
type Way = Route | 'email of the server' | 'webhook of the server' | 'data of the server';

/** What agents propose: each type with its way; a hard stop among them, which must never arrive anywhere. */
const WORK: readonly (readonly [actionType: string, way: Way])[] = [
  ['send_chat_message', 'plain'],
  ['send_chat_message', 'dedup'],
  ['send_follow_up_email', 'smtp'],
  ['create_briefing', 'dedup'],
  ['send_proposal', 'smtp'],
  ['discuss_pricing', 'plain'],
  ['negotiate_terms', 'dedup'],
  ['order_flowers', 'plain'],
  ['approve_discount', 'plain'],
  ['send_routine_response', 'email of the server'],
  ['contact_c_suite', 'email of the server'],
  ['share_minutes_externally', 'webhook of the server'],
  ['update_account_context', 'webhook of the server'],
  ['log_interaction', 'data of the server'],
];

const payloadFor = (way: Way, key: string): Record<string, unknown> => {
  switch (way) {
    case 'email of the server':
      return { to: 'kim@example.com', subject: key, text: `Dear Kim, this is ${key}.` };
    case 'data of the server':
      return { channel: 'chat', direction: 'outbound', subject: key, content: 'Hello' };
    default:
      return { text: 'Dear Kim', key };
  }
};

/** Whoever sends it again may be answered. */
const MAY_PASS: ReadonlySet<string> = new Set(['UNREACHABLE', 'INTERNAL', 'UNAVAILABLE']);

/** Refusals that agents meet in the ordinary course of things. */
const ORDINARY = new Set(['CONFLICT', 'EXPIRED', 'PAUSED', 'HARD_STOP', 'UNREACHABLE', 'INTERNAL', 'UNAVAILABLE']);

const nextOf = ({ chance, ground }: World, name: string, count: number) => {
  const [actionType, way] = chance.pick(WORK);
  const idempotencyKey = `${name}-${count}`;
  const byServer = way === 'email of the server' || way === 'webhook of the server' || way === 'data of the server';
  const payload = payloadFor(way, idempotencyKey);
  const about = { accountId: ACCOUNT_ID, ...(ground.dealId && chance.percent(30) && { dealId: ground.dealId }) };
  return { route: byServer ? undefined : way, action: { actionType, payload, idempotencyKey, ...about } };
};

/** Works through the one call that does it all. */
export async function guardingAgent(world: World, name: string, url: string): Promise<void> {
  const agent = createAgent({ url, token: world.tokens.agent });
  for (let count = 0; !world.stopping.aborted; count += 1) {
    const { action, route } = nextOf(world, name, count);
    try {
      const run = async ({ id, canonical }: Claim | { id: string; canonical: string }) => {
        if (route === undefined) throw new Error(`${action.actionType} was handed to an agent`);
        await deliver(world.receivers, route, { id, canonical });
        return { delivered: true };
      };
      const outcome = await agent.guard(action, run, { leaseSeconds: LEASE_SECONDS, signal: world.ended });
      world.ledger.propose(action.idempotencyKey, outcome.action.id);
      if (outcome.status === 'EXECUTED' || outcome.status === 'FAILED') {
        const { id, leaseEpoch } = outcome.action;
        world.ledger.reports.push({ actionId: id, leaseEpoch, status: outcome.status });
      }
    } catch (error) {
      note(world, `guarding ${action.actionType}`, error);
    }
  }
  await agent.close();
}

/** Works with the pieces, and not always well: dies holding a claim, reports late, lets two claim at once. */
export async function clumsyAgent(world: World, name: string, urls: readonly string[]): Promise<void> {
  const agents = urls.map((url) => createAgent({ url, token: world.tokens.agent }));
  for (let count = 0; !world.stopping.aborted; count += 1) {
    try {
      await oneAction(world, name, count, agents);
    } catch (error) {
      note(world, 'working with the pieces', error);
    }
  }
  await Promise.all(agents.map((agent) => agent.close()));
}

async function oneAction(world: World, name: string, count: number, agents: readonly Agent[]): Promise<void> {
  const { chance, ledger, ended } = world;
  const { action, route } = nextOf(world, name, count);
  const proposed = await again(world, () => chance.pick(agents).propose(action));
  ledger.propose(action.idempotencyKey, proposed.id);
  // A client that never saw the answer sends the same again.
  if (chance.percent(20)) {
    ledger.propose(action.idempotencyKey, (await again(world, () => chance.pick(agents).propose(action))).id);
  }
  if (chance.percent(10)) await misbehave(world, action, chance.pick(agents));
  const decided = await again(world, () =>
    chance.pick(agents).decided(proposed.id, AbortSignal.any([ended, AbortSignal.timeout(30_000)])),
  );
  if (route === undefined || (decided.status !== 'ALLOWED' && decided.status !== 'APPROVED')) return;
  const claimers = chance.percent(30) ? agents : [chance.pick(agents)];
  const claims = await Promise.all(
    claimers.map((agent) =>
      agent.claim(proposed.id, LEASE_SECONDS).catch((error: unknown) => note(world, 'claiming', error)),
    ),
  );
  for (const claim of claims) {
    if (!claim) continue;
    ledger.claim(claim.id, claim.leaseEpoch, name);
    await runClaim(world, chance.pick(agents), claim, route);
  }
}

async function runClaim(world: World, agent: Agent, claim: Claim, route: Route): Promise<void> {
  const { chance, ledger } = world;
  if (chance.percent(5)) return ledger.fault('agent dies holding a claim');
  const claimedAt = performance.now();
  try {
    await deliver(world.receivers, route, claim);
  } catch (error) {
    if (error instanceof OutcomeUnknown) return;
    throw error;
  }
  if (chance.percent(5)) return ledger.fault('agent dies after the effect');
  const isLate = chance.percent(3);
  if (isLate) {
    ledger.fault('agent reports after its claim has run out');
    await pause(LEASE_SECONDS * 1_000 + 500 - (performance.now() - claimedAt));
    ledger.late.sent += 1;
  }
  const ends = chance.percent(90) ? 'EXECUTED' : 'FAILED';
  await again(world, () => (ends === 'EXECUTED' ? agent.complete(claim, {}) : agent.fail(claim, 'It did not work.')));
  const report = { actionId: claim.id, leaseEpoch: claim.leaseEpoch, status: ends } as const;
  ledger.reports.push(report);
  if (isLate) ledger.late.accepted.push(report.actionId);
}

/** Sends it again while nobody answers. */
async function again<T>({ ended }: World, work: () => Promise<T>): Promise<T> {
  for (;;) {
    ended.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof CountersignError && MAY_PASS.has(error.code))) throw error;
      await pause(50);
    }
  }
}

function note({ ledger, ended }: World, doing: string, error: unknown): undefined {
  if (ended.aborted || (error instanceof CountersignError && ORDINARY.has(error.code))) return;
  // Its own patience was over: nobody decided.
  if (error instanceof Error && ['TimeoutError', 'AbortError'].includes(error.name)) return;
  ledger.surprises.push(`${doing}: ${error instanceof Error ? `${error.name} ${error.message}` : String(error)}`);
}
