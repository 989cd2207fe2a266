import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import type { NewEvent } from '../../kernel/events.js';
import { failpoint } from '../../kernel/failpoints.js';
import { type Id, newId } from '../../kernel/ids.js';
import type { EventWriter, Transactor, Tx } from '../../kernel/transaction.js';
import { DECIDING_ROLES } from '../policy/index.js';
import type { Action } from './domain/action.js';
import { type Approval, isOwnProposal } from './domain/approval.js';
import type { ActionStore, ApprovalRecording, ApprovalStore, Decision, RootReader, VoteStore } from './ports.js';

export interface DecideCommand {
  readonly approvalId: Id;
  readonly verdict: 'approved' | 'rejected';
  /** Digest of what the person was shown; the decision counts only for exactly that. */
  readonly digest: string | null;
  /** For a rejection: the reason, which the agent is told. */
  readonly comment: string | null;
}

export interface DecideParts {
  readonly transactor: Transactor;
  readonly actions: ActionStore;
  readonly approvals: ApprovalStore;
  readonly votes: VoteStore;
  readonly roots: RootReader;
  readonly events: EventWriter;
  readonly clock: Clock;
}

/** Requests expired in one round of the sweep. */
const SWEEP = 200;

export class DecideService {
  constructor(private readonly parts: DecideParts) {}

  /**
   * One person's word on one request. Of any number who decide at once, one wins.
   *
   * @throws NOT_FOUND, FORBIDDEN on one's own proposal, DIGEST_MISMATCH, EXPIRED, or CONFLICT naming the winner
   */
  async decide(actor: Actor, { approvalId, verdict, digest, comment }: DecideCommand): Promise<ApprovalRecording> {
    const settled = await this.parts.transactor.run(actor.tenantId, async (tx) => {
      const now = this.parts.clock.now();
      const { approval, action } = await this.load(tx, approvalId);
      await this.requireAnother(tx, actor, action);
      if (digest !== null && digest !== approval.digest) {
        throw new DomainError(
          'DIGEST_MISMATCH',
          'What you were shown is not what is stored. Load the request again and look.',
          {
            expected: approval.digest,
            received: digest,
          },
        );
      }
      if (approval.status === 'pending' && now >= approval.expiresAt) {
        await this.settle(tx, { approval, action }, { status: 'expired', by: null, at: now, comment: null });
      } else {
        const { tenantId, name, root } = actor;
        const role = DECIDING_ROLES.find((held) => actor.roles.has(held)) ?? 'approver';
        const own = { role, onBehalfOf: null, delegationId: null, digest: approval.digest, verdict, comment, at: now };
        await this.settle(tx, { approval, action }, { status: verdict, by: name, at: now, comment });
        await this.parts.votes.insert(tx, {
          ...own,
          tenantId,
          id: newId(now),
          approvalId,
          voter: name,
          voterRoot: root,
        });
      }
      await failpoint('before-decide-commit');
      return this.load(tx, approvalId);
    });
    await failpoint('after-decide-commit');
    // Thrown only now: the expiry that was just found is kept.
    if (settled.approval.status === 'expired') throw expired(settled.approval);
    return settled;
  }

  /**
   * Ends pending requests whose time is over. Silence never approves. Gives how many were ended.
   *
   * @throws AggregateError of those that could not be ended, after all others were
   */
  async expireOverdue(): Promise<number> {
    const now = this.parts.clock.now();
    const overdue = await this.parts.approvals.overdue(now, SWEEP);
    const failures: unknown[] = [];
    let ended = 0;
    for (const { tenantId, id } of overdue) {
      try {
        ended += (await this.parts.transactor.run(tenantId, (tx) => this.expire(tx, id, now))) ? 1 : 0;
      } catch (error) {
        // Somebody was first, a person in the last moment or another instance: nothing is left to end.
        if (!(error instanceof DomainError)) failures.push(error);
      }
    }
    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} overdue requests could not be ended`);
    return ended;
  }

  private async expire(tx: Tx, id: Id, at: Date): Promise<boolean> {
    const recording = await this.load(tx, id);
    if (recording.approval.status !== 'pending') return false;
    await this.settle(tx, recording, { status: 'expired', by: null, at, comment: null });
    return true;
  }

  private async settle(tx: Tx, { approval, action }: ApprovalRecording, decision: Decision): Promise<void> {
    const { actions, approvals, events } = this.parts;
    if (!(await approvals.decide(tx, approval.id, decision))) {
      const { approval: now } = await this.load(tx, approval.id);
      throw now.status === 'expired' ? expired(now) : alreadyDecided(now);
    }
    if (!(await actions.move(tx, approval.actionId, decision.status, decision.at))) {
      throw new Error(`approval ${approval.id} was pending, its action was not`);
    }
    const event: NewEvent = {
      type: `approval.${decision.status}`,
      subjectId: approval.actionId,
      data: {
        approvalId: approval.id,
        digest: approval.digest,
        comment: decision.comment,
        actionType: action.actionType,
        accountId: action.accountId,
        cloneId: action.cloneId,
      },
      actor: decision.by ?? 'system:expiry',
      at: decision.at,
    };
    await events.append(tx, [event]);
  }

  /** Asked in the deciding transaction: whom an agent belongs to may have changed since the decider was recognised. */
  private async requireAnother(tx: Tx, actor: Actor, { proposedBy, proposedByRoot }: Action): Promise<void> {
    const [proposerRoot, deciderRoot] = await this.parts.roots.rootsOf(tx, [proposedBy, actor.name]);
    const proposer = [proposedBy, proposedByRoot, proposerRoot ?? proposedBy];
    if (!isOwnProposal(proposer, [actor.name, actor.root, deciderRoot ?? actor.name])) return;
    throw new DomainError(
      'FORBIDDEN',
      'Nobody decides on their own proposal, nor on one of an agent that belongs to them; ask somebody else.',
      { proposedBy, proposedByRoot },
    );
  }

  private async load(tx: Tx, approvalId: Id): Promise<ApprovalRecording> {
    const approval = await this.parts.approvals.find(tx, approvalId);
    const action = approval && (await this.parts.actions.find(tx, approval.actionId));
    if (!action) throw notFound('approval', approvalId);
    return { approval, action };
  }
}

const alreadyDecided = ({ id, status, decidedBy, decidedAt }: Approval): DomainError =>
  new DomainError(
    'CONFLICT',
    `${decidedBy ?? 'Somebody'} was first: the request was ${status} at ${decidedAt?.toISOString()}.`,
    {
      approvalId: id,
      status,
      decidedBy,
      decidedAt: decidedAt?.toISOString() ?? null,
    },
  );

const expired = ({ id, expiresAt }: Approval): DomainError =>
  new DomainError(
    'EXPIRED',
    `The request ran out at ${expiresAt.toISOString()} and nobody had decided. Nothing ran; the agent may propose again.`,
    {
      approvalId: id,
      expiresAt: expiresAt.toISOString(),
    },
  );
