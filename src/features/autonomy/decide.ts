import { randomUUID } from 'node:crypto';
import type { Actor } from '../../kernel/actor.js';
import { DomainError, masked, type ReportUnexpected } from '../../kernel/errors.js';
import { failpoint } from '../../kernel/failpoints.js';
import { type Id, newId } from '../../kernel/ids.js';
import type { Transactor, Tx } from '../../kernel/transaction.js';
import { goodUntil } from './domain/approval.js';
import { countingVotes, earlierVote, type Vote } from './domain/vote.js';
import type { Ground } from './ground.js';
import type { Heard, Hearing } from './hearing.js';
import type { ApprovalRecording, RootReader, VoteStore } from './ports.js';
import type { Signatures } from './signatures.js';

export interface DecideCommand {
  readonly approvalId: Id;
  readonly verdict: 'approved' | 'rejected';
  /** Digest of what the person was shown; the decision counts only for exactly that. Null only for a rejection. */
  readonly digest: string | null;
  /** For a rejection: the reason, which the agent is told. */
  readonly comment: string | null;
}

/** What came of one of several decisions. */
export interface DecisionResult {
  readonly approvalId: Id;
  readonly outcome: ApprovalRecording | DomainError;
}

export interface DecideParts {
  readonly transactor: Transactor;
  readonly hearing: Hearing;
  readonly ground: Ground;
  readonly votes: VoteStore;
  readonly roots: RootReader;
  readonly signatures: Signatures;
  readonly reportUnexpected: ReportUnexpected;
}

/** People's words on requests. */
export class DecideService {
  constructor(private readonly parts: DecideParts) {}

  /**
   * One person's word on one request. One rejection rejects; an approval approves once as many different people as
   * the request demands have approved the same text. Of any number who decide at once, one wins.
   *
   * Before an approval counts, the ground is looked at again: where it has moved, nobody has approved anything.
   *
   * @throws NOT_FOUND, FORBIDDEN on one's own proposal or without the role, DIGEST_MISMATCH, EXPIRED, HARD_STOP, or
   *   CONFLICT naming the winner or one's own earlier vote
   */
  async decide(actor: Actor, command: DecideCommand): Promise<ApprovalRecording> {
    const outcome = await this.parts.transactor.run(actor.tenantId, async (tx) => {
      const heard = await this.parts.hearing.open(tx, actor, command.approvalId, command.digest);
      if (heard instanceof DomainError) return heard;
      if (command.verdict === 'approved') {
        const moved = await this.parts.ground.lookAgain(tx, heard, heard.now);
        if (moved) return moved;
      }
      await this.vote(tx, actor, heard, command);
      await failpoint('before-decide-commit');
      return this.parts.hearing.hold(tx, command.approvalId);
    });
    await failpoint('after-decide-commit');
    // Thrown only now: an expiry or a renewal that was just found is kept.
    if (outcome instanceof DomainError) throw outcome;
    return outcome;
  }

  /**
   * Several decisions, one after the other, each in a transaction of its own and with a result of its own, also where
   * it fails as nobody expected. Throws nothing.
   */
  async decideEach(actor: Actor, commands: readonly DecideCommand[]): Promise<DecisionResult[]> {
    const results: DecisionResult[] = [];
    for (const command of commands) {
      const outcome = await this.decide(actor, command).catch((error: unknown) => {
        if (error instanceof DomainError) return error;
        const id = randomUUID();
        this.parts.reportUnexpected(error, id);
        return masked(id);
      });
      results.push({ approvalId: command.approvalId, outcome });
    }
    return results;
  }

  private async vote(tx: Tx, actor: Actor, heard: Heard, { verdict, comment }: DecideCommand): Promise<void> {
    const { hearing, votes, signatures } = this.parts;
    const { approval, now, right } = heard;
    const vote: Vote = {
      tenantId: actor.tenantId,
      id: newId(now),
      approvalId: approval.id,
      digest: approval.digest,
      verdict,
      voter: actor.name,
      voterRoot: heard.deciderRoot,
      ...right,
      comment,
      at: now,
    };
    const earlier = await votes.ofApproval(tx, approval.id);
    // Whoever has approved may still think better of it: a rejection ends everything.
    if (verdict === 'approved') await this.requireNewVoter(tx, vote, earlier);
    await votes.insert(tx, vote);
    const decision = { by: actor.name, at: now, comment };
    if (verdict === 'rejected') return hearing.settle(tx, heard, { ...decision, status: 'rejected', validUntil: null });
    const counting = countingVotes(await signatures.withStandings(tx, [...earlier, vote]), approval.digest);
    if (counting.length >= approval.quorum) {
      return hearing.settle(tx, heard, { ...decision, status: 'approved', validUntil: goodUntil(approval, now) });
    }
    const { onBehalfOf } = right;
    const data = { comment, onBehalfOf, votes: counting.length, quorum: approval.quorum };
    return hearing.log(tx, heard, { type: 'approval.voted', actor: actor.name, at: now, data });
  }

  /** Nobody counts twice, under whatever name, not even in somebody else's place. */
  private async requireNewVoter(tx: Tx, vote: Vote, earlier: readonly Vote[]): Promise<void> {
    const all = [...earlier, vote];
    const voters = await this.parts.roots.rootsOf(
      tx,
      all.map(({ voter }) => voter),
    );
    const entitled = await this.parts.roots.rootsOf(
      tx,
      all.map(({ voter, onBehalfOf }) => onBehalfOf ?? voter),
    );
    const named = all.map((cast, index) => {
      const names = [cast.voter, cast.voterRoot, cast.onBehalfOf, voters[index] ?? null, entitled[index] ?? null];
      return { vote: cast, names: names.filter((name) => name !== null) };
    });
    const before = earlierVote(named);
    if (!before) return;
    throw new DomainError(
      'CONFLICT',
      `${before.voter} approved this at ${before.at.toISOString()} already, and you and they count as one. It waits for somebody else.`,
      { approvalId: vote.approvalId, status: 'pending', votedBy: before.voter, votedAt: before.at.toISOString() },
    );
  }
}
