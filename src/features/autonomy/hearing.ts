import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import type { NewEvent } from '../../kernel/events.js';
import type { Id } from '../../kernel/ids.js';
import type { EventWriter, Tx } from '../../kernel/transaction.js';
import type { Action } from './domain/action.js';
import { actionEvent } from './domain/action-event.js';
import { isOwnProposal } from './domain/approval.js';
import { alreadyDecided, digestMismatch, expired } from './domain/refusals.js';
import { decidingRoles, heldRoles, type Lent, type Right, rightToDecide } from './domain/right.js';
import type {
  ActionStore,
  ApprovalRecording,
  ApprovalStore,
  AuthorityReader,
  Decision,
  DelegationStore,
  ExecutionQueue,
  RevisionStore,
  RootReader,
} from './ports.js';

export interface HearingParts {
  readonly actions: ActionStore;
  readonly approvals: ApprovalStore;
  readonly revisions: RevisionStore;
  readonly delegations: DelegationStore;
  readonly roots: RootReader;
  readonly authority: AuthorityReader;
  readonly queue: ExecutionQueue;
  readonly events: EventWriter;
  readonly clock: Clock;
}

/** A pending request that is held, and somebody who may have a say in it. */
export interface Heard extends ApprovalRecording {
  readonly now: Date;
  readonly right: Right;
  /** Who answers for the decider now. */
  readonly deciderRoot: string;
}

/** Nobody had decided when its time was over. */
const UNDECIDED = 'Nobody decided in time, so it did not run. Propose again if it is still wanted.';

/** What is common to everything that people do with a pending request: who may, and how it ends. */
export class Hearing {
  constructor(private readonly parts: HearingParts) {}

  /**
   * Holds the request and its action until the transaction ends, and makes sure that this person may have a say now,
   * about exactly this text. A request whose time is over is ended instead, and the failure handed back, not thrown,
   * so that the end is kept.
   *
   * @throws NOT_FOUND, FORBIDDEN for one's own proposal or a missing role, CONFLICT naming who decided, EXPIRED,
   *   DIGEST_MISMATCH with what was changed since
   */
  async open(tx: Tx, actor: Actor, approvalId: Id, digest: string | null): Promise<Heard | DomainError> {
    const { approval, action } = await this.hold(tx, approvalId);
    const people = await this.peopleOf(tx, actor, action);
    // Only now: whoever waited long for somebody else may have waited past the end.
    const now = this.parts.clock.now();
    if (isOwnProposal(people.proposer, people.decider)) throw ownProposal(action);
    if (approval.status !== 'pending')
      throw approval.status === 'expired' ? expired(approval) : alreadyDecided(approval);
    if (now >= approval.expiresAt) {
      await this.expire(tx, { approval, action }, now);
      return expired(approval);
    }
    if (digest !== null && digest !== approval.digest) throw await this.mismatch(tx, action, digest);
    const right = await this.rightOf(tx, actor, { approval, action }, people.proposer);
    return { approval, action, now, right, deciderRoot: people.deciderRoot };
  }

  /** @throws NOT_FOUND */
  async hold(tx: Tx, approvalId: Id): Promise<ApprovalRecording> {
    const held = await this.parts.approvals.lock(tx, approvalId);
    if (!held) throw notFound('approval', approvalId);
    return held;
  }

  /** Ends a held request that nobody decided. */
  expire(tx: Tx, recording: ApprovalRecording, at: Date): Promise<void> {
    const decision: Decision = { status: 'expired', by: null, at, comment: null, validUntil: null };
    return this.settle(tx, recording, decision, UNDECIDED);
  }

  /** Decides a held request that is pending. */
  async settle(tx: Tx, recording: ApprovalRecording, decision: Decision, endedReason?: string): Promise<void> {
    const { actions, approvals } = this.parts;
    const { approval, action } = recording;
    const { status, by, at, comment } = decision;
    const isSettled = await approvals.decide(tx, approval.id, decision);
    if (!isSettled || !(await actions.move(tx, action.id, status, at, endedReason))) {
      throw new Error(`approval ${approval.id} was held as ${approval.status} and could not become ${status}`);
    }
    if (status === 'approved') await this.parts.queue.enqueue(tx, action);
    await this.log(tx, recording, {
      type: `approval.${status}`,
      actor: by ?? 'system:expiry',
      at,
      data: { comment },
    });
  }

  /** What is written of a request carries what subscribers filter by. */
  async log(
    tx: Tx,
    { approval, action }: ApprovalRecording,
    { type, actor, at, data }: Omit<NewEvent, 'subjectId'>,
  ): Promise<void> {
    const facts = { approvalId: approval.id, digest: approval.digest, ...data };
    await this.parts.events.append(tx, [actionEvent(action, { type, actor, at, data: facts })]);
  }

  /** The failure of somebody who was shown another text than the one that is stored now. */
  async mismatch(tx: Tx, action: Action, received: string): Promise<DomainError> {
    const revisions = await this.parts.revisions.ofAction(tx, action.id);
    return digestMismatch(action, received, revisions);
  }

  /** Asked in the transaction: whom an agent belongs to may have changed since the decider was recognised. */
  private async peopleOf(tx: Tx, actor: Actor, { proposedBy, proposedByRoot }: Action) {
    const { roots } = this.parts;
    // Whoever made a key of the agent's was shown its secret.
    const makers = await roots.keyMakersOf(tx, proposedBy);
    const [deciderRoot = actor.name, ...proposers] = await roots.rootsOf(tx, [actor.name, proposedBy, ...makers]);
    return {
      proposer: [proposedBy, proposedByRoot, ...makers, ...proposers],
      decider: [actor.name, actor.root, deciderRoot],
      deciderRoot,
    };
  }

  private async rightOf(
    tx: Tx,
    actor: Actor,
    { approval }: ApprovalRecording,
    proposer: readonly string[],
  ): Promise<Right> {
    const { authority, delegations, clock } = this.parts;
    const [laidDown] = await authority.laidDown(tx, [actor.name]);
    const held = heldRoles(actor.roles, laidDown);
    const own = rightToDecide(approval, held, [], proposer);
    if (own) return own;
    const given = await delegations.liveTo(tx, actor.name, clock.now());
    const right = rightToDecide(approval, held, await this.lendersOf(tx, given), proposer);
    if (right) return right;
    const entitled = decidingRoles(approval);
    throw new DomainError(
      'FORBIDDEN',
      `Deciding on this needs one of the roles ${entitled.join(', ')}; ${actor.name} has ${[...held].join(', ') || 'none'}, and nobody who could has lent it theirs.`,
      { neededRoles: [...entitled] },
    );
  }

  private async lendersOf(tx: Tx, given: readonly Lent['delegation'][]): Promise<Lent[]> {
    const names = given.map(({ fromUser }) => fromUser);
    const standings = await this.parts.authority.laidDown(tx, names);
    const roots = await this.parts.roots.rootsOf(tx, names);
    return given.map((delegation, index) => ({
      delegation,
      standing: standings[index],
      names: [delegation.fromUser, delegation.fromRoot, roots[index] ?? delegation.fromUser],
    }));
  }
}

const ownProposal = ({ proposedBy, proposedByRoot }: Action): DomainError =>
  new DomainError(
    'FORBIDDEN',
    'Nobody decides on their own proposal, nor on one of an agent that belongs to them; ask somebody else.',
    { proposedBy, proposedByRoot },
  );
