import type { Actor } from '../../kernel/actor.js';
import { DomainError } from '../../kernel/errors.js';
import type { Tx } from '../../kernel/transaction.js';
import type { ControlReader, Policy } from '../policy/index.js';
import { payloadOf } from './domain/canonical.js';
import { WITHDRAWALS } from './domain/recheck.js';
import { reviewGround } from './domain/renewal.js';
import type { Revised, RevisionKind } from './domain/revision.js';
import { type Content, factsOf } from './facts.js';
import type { Hearing } from './hearing.js';
import type {
  ActionStore,
  ApprovalRecording,
  ApprovalStore,
  PayloadRules,
  ReferenceReader,
  RevisionStore,
} from './ports.js';
import type { Signatures } from './signatures.js';

export interface GroundParts {
  readonly actions: ActionStore;
  readonly approvals: ApprovalStore;
  readonly revisions: RevisionStore;
  readonly references: ReferenceReader;
  readonly control: ControlReader;
  readonly hearing: Hearing;
  readonly signatures: Signatures;
  readonly payloads: PayloadRules;
  /** How long a request stays open where the policy does not say, in milliseconds. */
  readonly approvalMs: number;
}

/** Who revises, and how. */
export interface Hand {
  readonly kind: RevisionKind;
  readonly by: Pick<Actor, 'name' | 'root'>;
  readonly at: Date;
  readonly comment: string | null;
}

const SERVER = { name: 'system:renewal', root: 'system:renewal' };

/** What a pending request stands on, and what happens when that moves under it. */
export class Ground {
  constructor(private readonly parts: GroundParts) {}

  /**
   * Looks again whether a held request is still the one that was shown. Where it is not, it is renewed, or ended if
   * nobody may sign it any more, and the failure to tell is handed back, not thrown, so that this is kept.
   */
  async lookAgain(tx: Tx, recording: ApprovalRecording, now: Date): Promise<DomainError | undefined> {
    const { action, approval } = recording;
    const { policy, facts } = await this.today(tx, recording);
    const outdated = await this.whyOutdated(tx, recording);
    const isOutdated = outdated !== null;
    const { approvalMs: defaultOpenMs } = this.parts;
    const verdict = reviewGround(action, approval, { now, policy, facts, isOutdated, defaultOpenMs });
    switch (verdict.kind) {
      case 'same':
        return undefined;
      case 'renew': {
        // Somebody else is to run it now, and could not: nobody should sign what would only fail.
        if (!this.isRunnable(verdict.revised.action)) return this.invalidate(tx, recording, 'connector_changed', now);
        const hand = { kind: 'renewed', by: SERVER, at: now, comment: outdated } as const;
        await this.rewrite(tx, recording, verdict.revised, hand);
        return this.parts.hearing.mismatch(tx, { ...action, ...verdict.revised.action }, approval.digest);
      }
      case 'withdraw':
        return this.invalidate(tx, recording, verdict.why, now);
      default:
        return verdict satisfies never;
    }
  }

  /**
   * The policy in force and the facts as they are.
   *
   * @param content what the action shall be from now on; left out: as it is
   */
  async today(
    tx: Tx,
    { action }: ApprovalRecording,
    content?: Content,
  ): Promise<{ policy: Policy; facts: ApprovalRecording['action']['facts'] | undefined }> {
    const { references, control } = this.parts;
    const { policy } = await control.read(tx);
    return { policy, facts: await factsOf(tx, { references, policy }, action, content) };
  }

  /** Puts a revision in the place of what is asked for. Votes are for the old digest, and so count no longer. */
  async rewrite(tx: Tx, recording: ApprovalRecording, revised: Revised, hand: Hand): Promise<void> {
    const { actions, approvals, revisions, hearing } = this.parts;
    const { action, approval } = recording;
    const { kind, by, at, comment } = hand;
    await revisions.insert(tx, {
      tenantId: action.tenantId,
      actionId: action.id,
      revision: action.revision,
      kind,
      canonical: action.canonical,
      digest: action.digest,
      replacedBy: revised.action.digest,
      diff: revised.diff,
      comment,
      editedBy: by.name,
      editedByRoot: by.root,
      editedAt: at,
    });
    const isRevised =
      (await actions.revise(tx, action.id, revised.action, at)) &&
      (await approvals.revise(tx, approval.id, revised.approval));
    if (!isRevised) throw new Error(`approval ${approval.id} was held as pending and could not be revised`);
    const after = { action: { ...action, ...revised.action }, approval: { ...approval, ...revised.approval } };
    const data = { revision: revised.action.revision, paths: revised.diff.map(({ path }) => path), comment };
    await hearing.log(tx, after, { type: `approval.${kind}`, actor: by.name, at, data });
  }

  /** Looked at as for a proposal. */
  private isRunnable({ connector, actionType, canonical }: Revised['action']): boolean {
    try {
      this.parts.payloads.requireRunnable(connector, actionType, payloadOf(canonical));
      return true;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'VALIDATION_FAILED') return false;
      throw error;
    }
  }

  /** Why what was signed so far has to be signed again; null: it has not. */
  private async whyOutdated(tx: Tx, { action, approval }: ApprovalRecording): Promise<string | null> {
    const { signatures } = this.parts;
    const votes = await signatures.on(tx, approval);
    if (votes.some(({ vote, isTakenBack }) => isTakenBack && vote.digest === approval.digest)) {
      return 'A right that one of the votes was cast by has been taken back.';
    }
    const isAnswered = await signatures.haveBeenAnswered(tx, action, approval.digest, votes);
    return isAnswered ? 'The account has written since the first vote.' : null;
  }

  /** Ends a held request that nobody may sign any more, and gives the failure to tell; throw it once this is kept. */
  async invalidate(
    tx: Tx,
    recording: ApprovalRecording,
    why: 'policy_hard_stop' | 'reference_changed' | 'connector_changed',
    at: Date,
  ): Promise<DomainError> {
    const { actions, approvals, hearing } = this.parts;
    const { action, approval } = recording;
    const reason = `${why}: ${WITHDRAWALS[why]}. It did not run.`;
    if (!(await actions.move(tx, action.id, 'invalidated', at, reason))) {
      throw new Error(`action ${action.id} was held as ${action.status} and could not be invalidated`);
    }
    await approvals.withdraw(tx, approval.id, 'invalidated');
    await hearing.log(tx, recording, { type: 'approval.invalidated', actor: SERVER.name, at, data: { reason } });
    const isHardStop = why === 'policy_hard_stop';
    return new DomainError(
      isHardStop ? 'HARD_STOP' : 'CONFLICT',
      `Nobody may sign this any more: ${WITHDRAWALS[why]}.`,
      // A hard stop is a reason of the guardrails, and so an enum of the schema.
      { approvalId: approval.id, status: 'invalidated', reason: isHardStop ? why.toUpperCase() : why },
    );
  }
}
