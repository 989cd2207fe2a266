import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { groupCommit } from '../../kernel/group-commit.js';
import { type Id, newId } from '../../kernel/ids.js';
import type { Transactor, Tx } from '../../kernel/transaction.js';
import {
  checkAction,
  type DealStage,
  GATED_STAGES,
  type GuardrailDecision,
  opensApproval,
} from '../guardrails/index.js';
import type { Action, ActionStatus } from './domain/action.js';
import type { Approval } from './domain/approval.js';
import { canonicalAction, canonicalText, sha256 } from './domain/canonical.js';
import { type ProposeCommand, type References, situate } from './domain/proposal.js';
import type { ActionStore, ApprovalStore, Recording, ReferenceReader } from './ports.js';

/** What a proposer learns at once. */
export interface Proposal extends Recording {
  readonly decision: GuardrailDecision;
  /** True when the idempotency key was known and this is the answer stored then. */
  readonly replayed: boolean;
}

export interface ProposeParts {
  readonly transactor: Transactor;
  readonly actions: ActionStore;
  readonly approvals: ApprovalStore;
  readonly references: ReferenceReader;
  readonly clock: Clock;
  /** How long an approval request stays open, in milliseconds. */
  readonly approvalMs: number;
}

interface Item {
  readonly actor: Actor;
  readonly command: ProposeCommand;
  readonly requestDigest: string;
}

/** Most proposals that share one transaction, and most such transactions of one tenant at once. */
const GROUP = { maxBatch: 64, concurrency: 2 };

/**
 * check → record → answer. Everything a proposal leaves behind (action, guardrail result, approval request, log row)
 * commits in one transaction, which concurrent proposals of a tenant share.
 */
export class ProposeService {
  private readonly committers = new Map<Id, (item: Item) => Promise<Proposal>>();

  constructor(private readonly parts: ProposeParts) {}

  /**
   * @throws VALIDATION_FAILED for a reference that does not exist here
   * @throws IDEMPOTENCY_CONFLICT when the key was used by the same proposer with another body
   */
  async propose(actor: Actor, command: ProposeCommand): Promise<Proposal> {
    const requestDigest = sha256(canonicalText({ ...command }));
    return this.committerOf(actor.tenantId)({ actor, command, requestDigest });
  }

  private committerOf(tenantId: Id): (item: Item) => Promise<Proposal> {
    let committer = this.committers.get(tenantId);
    if (!committer) {
      committer = groupCommit((items) => this.parts.transactor.run(tenantId, (tx) => this.commit(tx, items)), GROUP);
      this.committers.set(tenantId, committer);
    }
    return committer;
  }

  private async commit(tx: Tx, items: readonly Item[]): Promise<readonly (Proposal | Error)[]> {
    const references = await this.parts.references.resolve(
      tx,
      items.map(({ command }) => command),
    );
    const prepared = items.map((item, index) => this.prepare(item, references[index]));
    const recordings = prepared.filter((entry): entry is Proposal => !(entry instanceof Error));
    const recorded = await this.parts.actions.record(tx, recordings);
    const answers: (Proposal | Error)[] = [];
    for (const [index, entry] of prepared.entries()) {
      const item = items[index];
      const isRecorded = !(entry instanceof Error) && recorded.has(entry.action.id);
      // A known key answers as it did then, even where the references have changed since.
      const stored = isRecorded || !item ? undefined : await this.replay(tx, item);
      answers.push(stored ?? entry);
    }
    return answers;
  }

  private prepare({ actor, command, requestDigest }: Item, references: References | undefined): Proposal | Error {
    if (!references) throw new Error('references were not resolved');
    try {
      const situation = situate(command, references, (stage) => GATED_STAGES.has(stage as DealStage));
      const decision = checkAction({
        actionType: command.actionType,
        dealStage: situation.dealStage as DealStage | null,
      });
      const now = this.parts.clock.now();
      const { tenantId, name, root } = actor;
      const { actionType, payload, dealId, cloneId, rationale, idempotencyKey } = command;
      const { accountId, dealStage } = situation;
      const action: Action = {
        tenantId,
        id: newId(now),
        actionType,
        tier: decision.tier,
        reason: decision.reason,
        status: statusOf(decision),
        dealStage,
        accountId,
        dealId,
        cloneId,
        ...canonicalAction({ tenantId, actionType, accountId, dealId, cloneId, payload }),
        rationale,
        idempotencyKey,
        requestDigest,
        proposedBy: name,
        proposedByRoot: root,
        proposedAt: now,
        updatedAt: now,
        claimedBy: null,
        leaseEpoch: 0,
        leaseUntil: null,
        finishedAt: null,
        outcome: null,
        failure: null,
      };
      const approval = opensApproval(decision) ? this.requestFor(action) : null;
      return { action, approval, decision, replayed: false };
    } catch (error) {
      if (error instanceof DomainError) return error;
      throw error;
    }
  }

  private requestFor(action: Action): Approval {
    return {
      tenantId: action.tenantId,
      id: newId(action.proposedAt),
      actionId: action.id,
      status: 'pending',
      reason: action.reason,
      digest: action.digest,
      requestedAt: action.proposedAt,
      expiresAt: new Date(action.proposedAt.getTime() + this.parts.approvalMs),
      decidedBy: null,
      decidedAt: null,
      comment: null,
    };
  }

  /** For a known key: the stored answer if the body is the same, a refusal if not. */
  private async replay(tx: Tx, { actor, command, requestDigest }: Item): Promise<Proposal | Error | undefined> {
    const { idempotencyKey } = command;
    const action = await this.parts.actions.byKey(tx, actor.name, idempotencyKey);
    if (!action) return undefined;
    if (action.requestDigest !== requestDigest) {
      return new DomainError(
        'IDEMPOTENCY_CONFLICT',
        `The idempotency key ${JSON.stringify(idempotencyKey)} was used for another proposal. Use a new key for a new proposal.`,
        { actionId: action.id, proposedAt: action.proposedAt.toISOString() },
      );
    }
    const approval = (await this.parts.approvals.ofAction(tx, action.id)) ?? null;
    const decision = checkAction({ actionType: action.actionType, dealStage: action.dealStage as DealStage | null });
    return { action, approval, decision, replayed: true };
  }
}

function statusOf(decision: GuardrailDecision): ActionStatus {
  if (decision.allowed) return 'allowed';
  return opensApproval(decision) ? 'pending_approval' : 'blocked';
}
