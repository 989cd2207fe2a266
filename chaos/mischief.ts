import { type ActionToGuard, type Agent, CountersignError } from '../src/client/index.js';
import type { Tries } from './ledger.js';
import { ACCOUNT_ID, ask, type World } from './world.js';

/** Names that a careless or hostile agent takes for a type: case, spaces, other letters, other signs. */
const LOOK_ALIKES = ['Send_Chat_Message', ' send_chat_message', 'send_chat_mess\u0430ge', 'send-chat-message'];
const PROPOSE = 'mutation ($input: ProposeActionInput!) { proposeAction(input: $input) { approval { id digest } } }';
const APPROVE = 'mutation ($input: ApproveActionInput!) { approveAction(input: $input) { id } }';

/** Tries one of the things that must be refused, and notes it where it is not. */
export async function misbehave(world: World, action: ActionToGuard, agent: Agent): Promise<void> {
  const { chance, ledger } = world;
  const idempotencyKey = `${action.idempotencyKey}-mischief`;
  switch (chance.below(3)) {
    case 0:
      return attempt(ledger.otherBody, action.idempotencyKey, () =>
        agent.propose({ ...action, payload: { ...action.payload, and: 'something else' } }),
      );
    case 1: {
      const actionType = chance.pick(LOOK_ALIKES);
      return attempt(ledger.lookAlike, actionType, () => agent.propose({ ...action, actionType, idempotencyKey }));
    }
    default:
      return signOwn(world, idempotencyKey);
  }
}

/** An admin, who may propose and may sign, proposes and signs. */
async function signOwn({ chance, urls, tokens, ledger }: World, idempotencyKey: string): Promise<void> {
  const proposed = { actionType: 'discuss_pricing', payload: { text: 'Hello' }, accountId: ACCOUNT_ID, idempotencyKey };
  const answer = await ask(chance.pick(urls), tokens.admin, PROPOSE, { input: proposed });
  const approval = answer?.data?.proposeAction.approval;
  if (!approval) return;
  const input = { approvalId: approval.id, digest: approval.digest };
  const signed = await ask(chance.pick(urls), tokens.admin, APPROVE, { input });
  if (!signed) return;
  ledger.own.sent += 1;
  if (signed.data) ledger.own.accepted.push(approval.id);
}

/** Unanswered tries count for nothing. */
async function attempt(tries: Tries, what: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
    tries.accepted.push(what);
  } catch (error) {
    if (error instanceof CountersignError && ['UNREACHABLE', 'INTERNAL', 'UNAVAILABLE'].includes(error.code)) return;
  }
  tries.sent += 1;
}
