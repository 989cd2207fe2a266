import { setTimeout as pause } from 'node:timers/promises';
import { ask, type World } from './world.js';

const WAITING = `{ approvals(status: PENDING, first: 50) { edges { node { id digest } } } }`;
const APPROVE = 'mutation ($input: ApproveActionInput!) { approveAction(input: $input) { id } }';
const REJECT = 'mutation ($input: RejectActionInput!) { rejectAction(input: $input) { id } }';

interface Waiting {
  readonly id: string;
  readonly digest: string;
}

/** Decides what waits: approves, rejects, lets some run out, and sometimes says both at once at two servers. */
export async function approver(world: World): Promise<void> {
  const { chance, tokens, urls, ended } = world;
  const left = new Set<string>();
  while (!ended.aborted) {
    const answer = await ask(chance.pick(urls), tokens.approver, WAITING);
    const waiting: Waiting[] = (answer?.data?.approvals.edges ?? []).map(({ node }: { node: Waiting }) => node);
    for (const request of waiting) {
      if (left.has(request.id) && !world.stopping.aborted) continue;
      if (chance.percent(8)) left.add(request.id);
      else if (chance.percent(20)) await Promise.all([decide(world, request, true), decide(world, request, false)]);
      else await decide(world, request, chance.percent(75));
    }
    await pause(waiting.length > 0 ? 20 : 200);
  }
}

async function decide({ chance, tokens, urls, ledger }: World, { id, digest }: Waiting, yes: boolean): Promise<void> {
  const input = yes ? { approvalId: id, digest } : { approvalId: id, reason: 'No.' };
  const answer = await ask(chance.pick(urls), tokens.approver, yes ? APPROVE : REJECT, { input });
  if (answer?.data && !answer.errors) ledger.decide(id, yes ? 'APPROVED' : 'REJECTED');
}
