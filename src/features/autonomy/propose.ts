import { type Actor, voiceOf } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { failpoint } from '../../kernel/failpoints.js';
import { groupCommit } from '../../kernel/group-commit.js';
import { type Id, newId } from '../../kernel/ids.js';
import type { Transactor, Tx } from '../../kernel/transaction.js';
import { GATED_STAGES, type GuardrailDecision, opensApproval } from '../guardrails/index.js';
import {
  type BudgetDemand,
  type BudgetStore,
  budgetDemands,
  type ControlReader,
  connectorOf,
  type Demands,
  demandsOf,
  grantPlaces,
  type Policy,
} from '../policy/index.js';
import type { Action, ActionStatus } from './domain/action.js';
import { addressesIn } from './domain/addresses.js';
import { canonicalAction, canonicalText, sha256 } from './domain/canonical.js';
import { overBudget, recordedDecision } from './domain/decision.js';
import { type ProposeCommand, type References, type Situation, situate } from './domain/proposal.js';
import { requestFor } from './domain/request.js';
import type { ActionStore, ApprovalStore, ExecutionQueue, PayloadRules, Recording, ReferenceReader } from './ports.js';

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
  readonly control: ControlReader;
  readonly budgets: BudgetStore;
  readonly queue: ExecutionQueue;
  readonly payloads: PayloadRules;
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
   * @throws FORBIDDEN for another clone than the one the caller's key is bound to
   * @throws VALIDATION_FAILED for a reference that does not exist here
   * @throws IDEMPOTENCY_CONFLICT when the key was used by the same proposer with another body
   */
  async propose(actor: Actor, asked: ProposeCommand): Promise<Proposal> {
    const command = { ...asked, cloneId: voiceOf(actor, asked.cloneId) };
    const requestDigest = sha256(canonicalText({ ...command }));
    return this.committerOf(actor.tenantId)({ actor, command, requestDigest });
  }

  private committerOf(tenantId: Id): (item: Item) => Promise<Proposal> {
    let committer = this.committers.get(tenantId);
    if (!committer) {
      committer = groupCommit(async (items) => {
        const answers = await this.parts.transactor.run(tenantId, async (tx) => {
          const prepared = await this.commit(tx, items);
          await failpoint('before-propose-commit');
          return prepared;
        });
        await failpoint('after-propose-commit');
        return answers;
      }, GROUP);
      this.committers.set(tenantId, committer);
    }
    return committer;
  }

  private async commit(tx: Tx, items: readonly Item[]): Promise<readonly (Proposal | Error)[]> {
    const { references: reader, control, actions, budgets } = this.parts;
    const { policy } = await control.read(tx);
    const references = await reader.resolve(
      tx,
      items.map(({ command }) => {
        const connector = connectorOf(policy, command.actionType);
        return { ...command, addresses: addressesIn({ ...command, connector }) };
      }),
    );
    const checked = items.map((item, index) => this.check(item, references[index], policy));
    const within = await this.keepWithinBudgets(tx, items, checked);
    const prepared = within.map((entry) => (entry instanceof Error ? entry : toProposal(entry)));
    const recorded = await actions.record(tx, prepared.filter(isProposal));
    const taken = prepared.filter(isProposal).filter(({ action }) => recorded.has(action.id));
    await budgets.take(
      tx,
      taken.flatMap(({ action }) => action.budgets),
    );
    for (const { action } of taken) if (action.status === 'allowed') await this.parts.queue.enqueue(tx, action);
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

  private check(item: Item, references: References | undefined, policy: Policy): Checked | Error {
    if (!references) throw new Error('references were not resolved');
    try {
      const now = this.parts.clock.now();
      const situation = situate(item.command, references, (stage) => GATED_STAGES.has(stage));
      const { actionType, cloneId } = item.command;
      const { facts, accountId } = situation;
      const demands = demandsOf(policy, { actionType, facts, now, defaultOpenMs: this.parts.approvalMs });
      if (opensApproval(demands.decision) || demands.decision.allowed) {
        this.parts.payloads.requireRunnable(demands.connector, actionType, item.command.payload);
      }
      const places = demands.decision.allowed
        ? budgetDemands(policy.document, { actionType, cloneId, accountId, facts }, now)
        : [];
      return { item, situation, policy, demands, places, now };
    } catch (error) {
      if (error instanceof DomainError) return error;
      throw error;
    }
  }

  /** Turns what a budget has no place for over to a person. */
  private async keepWithinBudgets(
    tx: Tx,
    items: readonly Item[],
    checked: readonly (Checked | Error)[],
  ): Promise<readonly (Checked | Error)[]> {
    const placesOf = (entry: Checked | Error): readonly BudgetDemand[] => (entry instanceof Error ? [] : entry.places);
    if (checked.every((entry) => placesOf(entry).length === 0)) return checked;
    const used = await this.parts.budgets.lock(tx, checked.flatMap(placesOf));
    // A repeated proposal takes no second place.
    const known = await this.parts.actions.knownKeys(
      tx,
      items.map(({ actor, command }) => [actor.name, command.idempotencyKey]),
    );
    const full = grantPlaces(
      checked.map((entry, index) => (known.has(index) ? [] : placesOf(entry))),
      used,
    );
    return checked.map((entry, index) => {
      const budget = full[index];
      return entry instanceof Error || budget === undefined
        ? entry
        : { ...entry, places: [], demands: { ...entry.demands, decision: overBudget(entry.demands.decision, budget) } };
    });
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
    return { action, approval, decision: recordedDecision(action), replayed: true };
  }
}

/** A proposal that was checked, and not yet recorded. */
interface Checked {
  readonly item: Item;
  readonly situation: Situation;
  readonly policy: Policy;
  readonly demands: Demands;
  /** The places in budgets that it takes. */
  readonly places: readonly BudgetDemand[];
  readonly now: Date;
}

const isProposal = (entry: Proposal | Error): entry is Proposal => !(entry instanceof Error);

function toProposal({ item, situation, policy, demands, places, now }: Checked): Proposal {
  const { actor, command, requestDigest } = item;
  const { tenantId, name, root } = actor;
  const { actionType, payload, dealId, cloneId, contactId, rationale, idempotencyKey } = command;
  const { accountId, facts } = situation;
  const { decision, connector } = demands;
  const signed = { tenantId, actionType, accountId, dealId, cloneId, contactId, connector, revision: 0 };
  const action: Action = {
    ...signed,
    id: newId(now),
    tier: decision.tier,
    reason: decision.reason,
    explanation: decision.explanation,
    status: statusOf(decision),
    dealStage: facts.dealStage,
    policyVersion: policy.version,
    facts,
    ...canonicalAction({ ...signed, policyVersion: policy.version, payload }),
    rationale,
    idempotencyKey,
    requestDigest,
    proposedBy: name,
    proposedByRoot: root,
    proposedAt: now,
    updatedAt: now,
    claimedBy: null,
    claimedAt: null,
    claimKey: null,
    leaseEpoch: 0,
    leaseUntil: null,
    finishedAt: null,
    outcome: null,
    failure: null,
    endedReason: null,
    attempts: 0,
    nextAttemptAt: null,
    budgets: places.map(({ budget, scope, windowStart }) => ({ budget, scope, windowStart })),
  };
  return {
    action,
    approval: opensApproval(decision) ? requestFor(action, demands, now) : null,
    decision,
    replayed: false,
  };
}

function statusOf(decision: GuardrailDecision): ActionStatus {
  if (decision.allowed) return 'allowed';
  return opensApproval(decision) ? 'pending_approval' : 'blocked';
}
