import { CountersignError } from '../../client/index.js';
import { CommandError } from '../commands/terminal.js';
import {
  ApprovalDocument,
  type ApprovalQuery,
  ApproveActionDocument,
  AuditTrailDocument,
  ClaimActionDocument,
  RejectActionDocument,
  UpsertDealDocument,
} from '../generated/operations.js';
import type { Setting } from './setting.js';
import { asksAbout, becomes, type Proposal, type Walk } from './walk.js';

type Request = ApprovalQuery['approval'];

export async function autonomousAction(walk: Walk, { account, person }: Setting): Promise<void> {
  walk.story.scene('An autonomous action: the agent may run it alone');
  const proposal = await walk.propose({
    actionType: 'send_follow_up_email',
    accountId: account.id,
    payload: { to: person, subject: 'Our talk on Tuesday', text: `Dear ${person}, here is what I promised to send.` },
    rationale: 'Promised in the last conversation.',
  });
  await walk.anaHears.hears(becomes(proposal.action.id, 'ALLOWED'));
  await walk.runAction(proposal);
}

/** Gives the action, for those who want to look it up later. */
export async function approvedAction(walk: Walk, { account, person }: Setting): Promise<Proposal> {
  walk.story.scene(
    'An action that needs approval: a person looks, signs exactly that, and the agent runs exactly that',
  );
  const proposal = await walk.propose({
    actionType: 'send_proposal',
    accountId: account.id,
    payload: { to: person, subject: `An offer for ${account.name}`, text: '40 seats, 12 months.', total: 19_200 },
    rationale: `${person} asked for an offer.`,
  });
  const request = await lookAt(walk, proposal);
  await approve(walk, request, 'ana');
  await walk.agentHears.hears(becomes(proposal.action.id, 'APPROVED'));
  await walk.runAction(proposal);
  return proposal;
}

export async function rejectedAction(walk: Walk, { account, person }: Setting): Promise<void> {
  walk.story.scene('A rejection: the agent is told why');
  const proposal = await walk.propose({
    actionType: 'discuss_pricing',
    accountId: account.id,
    payload: { to: person, text: 'If you sign this week we can talk about the price.' },
    rationale: 'They went quiet after the offer.',
  });
  await reject(walk, await lookAt(walk, proposal), 'Too early: let them answer the offer first.');
  await walk.agentHears.hears(becomes(proposal.action.id, 'REJECTED'));
}

export async function unknownAction(walk: Walk, { account }: Setting): Promise<void> {
  walk.story.scene('A type that nobody knows: it waits for a person, whatever it is');
  const proposal = await walk.propose({
    actionType: 'send_gift_basket',
    accountId: account.id,
    payload: { content: 'Pears and cheese' },
  });
  await reject(walk, await lookAt(walk, proposal), 'Nobody has agreed on gifts.');
  await walk.agentHears.hears(becomes(proposal.action.id, 'REJECTED'));
}

export async function gatedAction(walk: Walk, { account, person, deal }: Setting): Promise<void> {
  walk.story.scene('The stage gate: the same email, but the deal is being negotiated');
  const { upsertDeal } = await walk.change('manager', (client) =>
    client.request(UpsertDealDocument, {
      input: { ...deal, accountId: account.id, stage: 'NEGOTIATION' },
    }),
  );
  walk.story.says('manager', `moves the deal "${deal.name}" of ${account.name} to ${upsertDeal.deal.stage}`);
  const proposal = await walk.propose({
    actionType: 'send_follow_up_email',
    dealId: upsertDeal.deal.id,
    payload: { to: person, subject: 'The contract', text: 'Is there anything left to clear up?' },
  });
  await approve(walk, await lookAt(walk, proposal), 'ana');
  await walk.agentHears.hears(becomes(proposal.action.id, 'APPROVED'));
  await walk.runAction(proposal);
}

export async function hardStop(walk: Walk, { account }: Setting): Promise<void> {
  walk.story.scene('A hard stop: recorded, never run, and there is nothing to approve');
  const proposal = await walk.propose({
    actionType: 'approve_discount',
    accountId: account.id,
    payload: { percent: 15 },
    rationale: 'They asked for one.',
  });
  await walk.anaHears.hears(becomes(proposal.action.id, 'BLOCKED'));
  walk.story.says('agent', 'tries to claim it all the same');
  const actionId = proposal.action.id;
  const refusal = await refusalOf(walk.clients.agent.request(ClaimActionDocument, { input: { actionId } }));
  if (refusal === undefined)
    throw new CommandError(`Expected the claim of ${proposal.action.actionType} to be refused.`);
  walk.story.says('agent', `is refused, ${refusal.code}: ${refusal.message}`);
}

export async function race(walk: Walk, { account, person }: Setting): Promise<void> {
  walk.story.scene('Two approvers at once: one wins, the other learns who and when');
  const benIsAsked = walk.askedFeed('ben');
  await benIsAsked.started;
  const proposal = await walk.propose({
    actionType: 'contact_c_suite',
    accountId: account.id,
    payload: { to: `the managing director of ${account.name}`, text: `${person} suggested that we talk.` },
  });
  const [request] = await Promise.all([lookAt(walk, proposal), benIsAsked.hears(asksAbout(proposal.action.id))]);
  walk.story.says('ben', 'looks at the same request');
  await Promise.all(
    (['ana', 'ben'] as const).map(async (who) => {
      const refusal = await refusalOf(approve(walk, request, who));
      if (refusal) walk.story.says(who, `is refused, ${refusal.code}: ${refusal.message}`);
    }),
  );
  await walk.agentHears.hears(becomes(proposal.action.id, 'APPROVED'));
  await walk.runAction(proposal);
}

export async function record(walk: Walk, { action }: Proposal): Promise<void> {
  walk.story.scene(`The record: everything that happened to the ${action.actionType} of scene 2`);
  const { auditTrail } = await walk.clients.manager.request(AuditTrailDocument, { subjectId: action.id });
  for (const { node } of auditTrail.edges) {
    walk.story.says('manager', `reads ${node.at}  ${node.type.padEnd(18)}  ${node.actor}`);
  }
}

/** Ana waits until she is asked, then looks at what exactly she would sign. */
async function lookAt(walk: Walk, proposal: Proposal): Promise<Request> {
  const { approvalRequested } = await walk.anaIsAsked.hears(asksAbout(proposal.action.id));
  const { approval } = await walk.clients.ana.request(ApprovalDocument, { id: approvalRequested.approval.id });
  const { payload, guardrail, rationale } = approval.action;
  walk.story.says('ana', `looks: ${JSON.stringify(payload)}`);
  walk.story.says(
    'ana',
    `  why asked: ${guardrail.explanation}${rationale === null ? '' : ` The agent says: ${rationale}`}`,
  );
  return approval;
}

async function approve(walk: Walk, { id, digest }: Request, who: 'ana' | 'ben'): Promise<void> {
  walk.story.says(who, `approves what has digest ${digest.slice(0, 12)}…`);
  await walk.change(who, (client) => client.request(ApproveActionDocument, { input: { approvalId: id, digest } }));
}

async function reject(walk: Walk, { id, digest }: Request, reason: string): Promise<void> {
  walk.story.says('ana', `rejects: ${reason}`);
  await walk.change('ana', (client) =>
    client.request(RejectActionDocument, { input: { approvalId: id, digest, reason } }),
  );
}

/** The refusal that a call ends in; undefined when it succeeds. */
async function refusalOf(call: Promise<unknown>): Promise<CountersignError | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (error instanceof CountersignError) return error;
    throw error;
  }
}
