import { setTimeout as pause } from 'node:timers/promises';
import { layDown } from './tenant.js';
import { ACCOUNT_ID, ask, type World } from './world.js';

/** What autonomy is paused for, in milliseconds. */
const PAUSE_MS = 1_500;
const UPSERT_DEAL = 'mutation ($input: UpsertDealInput!) { upsertDeal(input: $input) { deal { id } } }';

/** Moves the ground on which everything stands: the policy, the deal that agents work on, pauses. */
export async function unsettle(world: World): Promise<void> {
  const { chance, stopping, ended, ledger } = world;
  const moves = [
    async () => {
      world.ground.isStrict = !world.ground.isStrict;
      await untilDone(world, (admin) => layDown(admin, world.ground.isStrict));
      ledger.fault(world.ground.isStrict ? 'policy made stricter' : 'policy loosened');
    },
    () => moveDeal(world),
    () => pauseForAWhile(world),
  ];
  await nextDeal(world, 0);
  for (let turn = 0; !stopping.aborted && !ended.aborted; turn += 1) {
    await pause(3_000 + chance.below(5_000));
    await moves[turn % moves.length]?.();
  }
}

/** The deal leaves the early stages for good; agents find it in their proposals and approvals, and get another. */
async function moveDeal(world: World): Promise<void> {
  const { ground, ledger } = world;
  const dealId = ground.dealId;
  if (dealId === undefined) return;
  const sentAt = Date.now();
  const input = { id: dealId, stage: 'NEGOTIATION' };
  await untilDone(world, async ({ url, token }) => Boolean((await ask(url, token, UPSERT_DEAL, { input }))?.data));
  ledger.dealMoves.push({ dealId, sentAt, acknowledgedAt: Date.now() });
  ledger.fault('deal moved to a gated stage');
  await nextDeal(world, ledger.dealMoves.length);
}

async function nextDeal(world: World, count: number): Promise<void> {
  const input = { externalId: `deal-${count}`, name: `Deal ${count}`, accountId: ACCOUNT_ID, stage: 'DISCOVERY' };
  await untilDone(world, async ({ url, token }) => {
    const id: unknown = (await ask(url, token, UPSERT_DEAL, { input }))?.data?.upsertDeal.deal.id;
    if (typeof id !== 'string') return false;
    world.ground.dealId = id;
    return true;
  });
}

async function pauseForAWhile(world: World): Promise<void> {
  const say = async (mutation: string): Promise<boolean> => {
    const answer = await ask(world.chance.pick(world.urls), world.tokens.admin, mutation);
    return Boolean(answer?.data);
  };
  if (await say('mutation { pauseAutonomy(input: { reason: "Chaos" }) { paused } }'))
    world.ledger.fault('autonomy paused and resumed');
  await pause(PAUSE_MS);
  // The answer may be lost where the change is not: a pause that nobody knows of must not stay.
  await untilDone(world, async ({ url, token }) => {
    if (await say('mutation { resumeAutonomy(input: {}) { paused } }')) return true;
    const paused: unknown = (await ask(url, token, '{ autonomyStatus { paused } }'))?.data?.autonomyStatus.paused;
    return paused === false;
  });
}

/** Again, at whichever server, until it is acknowledged. */
async function untilDone(
  { chance, urls, tokens, ended }: World,
  work: (admin: { url: string; token: string }) => Promise<boolean>,
): Promise<void> {
  while (!ended.aborted && !(await work({ url: chance.pick(urls), token: tokens.admin }))) await pause(100);
}
