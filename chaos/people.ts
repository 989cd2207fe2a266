import { setTimeout as pause } from 'node:timers/promises';
import { ask, type World } from './world.js';

const WAITING = `{ approvals(status: PENDING, first: 50) {
  edges { node { id digest action { id connector payload } } } } }`;
const EDIT = 'mutation ($input: EditActionInput!) { editAction(input: $input) { id } }';
const APPROVE = 'mutation ($input: ApproveActionInput!) { approveAction(input: $input) { id } }';
const REJECT = 'mutation ($input: RejectActionInput!) { rejectAction(input: $input) { id } }';

interface Waiting {
  readonly id: string;
  readonly digest: string;
  readonly action: { readonly id: string; readonly connector: string; readonly payload: object };
}

/** Share of requests of agents, in percent, that somebody edits first. */
const EDITED = 10;

/** Decides what waits: approves, rejects, lets some run out, and sometimes says both at once at two servers. */
export async function approver(world: World): Promise<void> {
  const { chance, tokens, urls, ended } = world;
  const left = new Set<string>();
  /** Texts that were sent for an action, whether they were acknowledged or not. */
  const texts = new Map<string, string[]>();
  while (!ended.aborted) {
    const answer = await ask(chance.pick(urls), tokens.approver, WAITING);
    const waiting: Waiting[] = (answer?.data?.approvals.edges ?? []).map(({ node }: { node: Waiting }) => node);
    for (const request of waiting) {
      if (left.has(request.id) && !world.stopping.aborted) continue;
      if (chance.percent(8)) left.add(request.id);
      else if (request.action.connector === 'AGENT' && chance.percent(EDITED)) await edit(world, request, texts);
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

async function edit(
  { chance, tokens, urls, ledger }: World,
  { id, digest, action }: Waiting,
  texts: Map<string, string[]>,
): Promise<void> {
  const sent = texts.get(action.id) ?? [];
  const text = `Dear Kim, edition ${sent.length + 1} of ${action.id}`;
  texts.set(action.id, [...sent, text]);
  const input = { approvalId: id, digest, payload: { ...action.payload, text } };
  const answer = await ask(chance.pick(urls), tokens.approver, EDIT, { input });
  if (!answer?.data || answer.errors) return;
  // One that was sent before, and was never answered, may have come after.
  for (const one of texts.get(action.id) ?? []) ledger.edit(action.id, one);
}
