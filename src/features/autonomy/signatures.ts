import type { Tx } from '../../kernel/transaction.js';
import { reachesCustomer } from '../guardrails/index.js';
import type { Action } from './domain/action.js';
import { addressesIn } from './domain/addresses.js';
import { payloadOf } from './domain/canonical.js';
import { type CastVote, seenBy, type Vote } from './domain/vote.js';
import type { AuthorityReader, DelegationStore, ReplyReader, VoteStore } from './ports.js';

export interface SignatureParts {
  readonly votes: VoteStore;
  readonly authority: AuthorityReader;
  readonly delegations: DelegationStore;
  readonly replies: ReplyReader;
}

/** What the votes on a request are worth today. */
export class Signatures {
  constructor(private readonly parts: SignatureParts) {}

  /** Votes with how those who cast them, and those in whose place they were cast, stand today. */
  async withStandings(tx: Tx, votes: readonly Vote[]): Promise<CastVote[]> {
    const { authority, delegations } = this.parts;
    const voters = await authority.laidDown(
      tx,
      votes.map(({ voter }) => voter),
    );
    const entitled = await authority.laidDown(
      tx,
      votes.map(({ voter, onBehalfOf }) => onBehalfOf ?? voter),
    );
    const revoked = await delegations.revokedAmong(
      tx,
      votes.flatMap(({ delegationId }) => delegationId ?? []),
    );
    return votes.map((vote, index) => ({
      vote,
      voter: voters[index],
      entitled: entitled[index],
      isTakenBack: vote.delegationId !== null && revoked.has(vote.delegationId),
    }));
  }

  /** All votes on a request, as they stand today. */
  async on(tx: Tx, approval: { readonly id: Vote['approvalId'] }): Promise<CastVote[]> {
    return this.withStandings(tx, await this.parts.votes.ofApproval(tx, approval.id));
  }

  /** Whether the customer said something that one of those who signed this text cannot have seen. */
  async haveBeenAnswered(tx: Tx, action: Action, digest: string, votes: readonly CastVote[]): Promise<boolean> {
    const { accountId, contactId, proposedAt, actionType, connector, facts } = action;
    const seen = seenBy(votes, digest);
    if (seen.length === 0 || !reachesCustomer(actionType, connector)) return false;
    const accountIds = [accountId, ...(facts.reachedAccounts ?? [])].filter((id) => id !== null);
    const addresses = addressesIn({ actionType, connector, payload: payloadOf(action.canonical) });
    return this.parts.replies.repliedSince(tx, { accountIds, contactId, addresses }, { proposedAt, seen });
  }
}
