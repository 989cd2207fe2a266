import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import type { Id } from '../../kernel/ids.js';
import type { Transactor } from '../../kernel/transaction.js';
import type { ProposeService } from '../autonomy/index.js';
import type { Candidate } from './domain/plan.js';
import { PLANNER } from './planner-actor.js';
import type { InsightMarker, TurnTaker } from './ports.js';

export interface ProposingParts {
  readonly transactor: Transactor;
  readonly turns: TurnTaker;
  readonly insights: InsightMarker;
  readonly propose: Pick<ProposeService, 'propose'>;
  readonly clock: Clock;
  /** How long the same is not proposed again for an account, in milliseconds. */
  readonly windowMs: number;
  /** Told of what failed unexpectedly, in words, and why. */
  readonly onTrouble: (error: unknown, what: string) => void;
}

/**
 * What became of a candidate. `planned`: nothing, as it was only tried. `refused`: it could not even be proposed, for
 * instance because the connector that would run it needs a payload that only a person or an agent can write. `held_back`:
 * a language model advises against it, and it waits.
 */
export type PlanOutcome =
  | 'planned'
  | 'allowed'
  | 'pending_approval'
  | 'blocked'
  | 'duplicate'
  | 'refused'
  | 'held_back';

/** A candidate and what became of it. */
export interface PlannedAction extends Candidate {
  readonly outcome: PlanOutcome;
  /** The action, or for a duplicate the one there was; null where there is none. */
  readonly actionId: Id | null;
  readonly approvalId: Id | null;
  /** Why it was refused, blocked or held back; null otherwise. */
  readonly message: string | null;
}

/** Puts the planner's candidates through the door that every agent's proposals take. */
export class Proposing {
  constructor(private readonly parts: ProposingParts) {}

  /** As `propose`, but tells of a failure in the answer. */
  async tryToPropose(planner: Actor, candidate: Candidate): Promise<PlannedAction> {
    if (candidate.duplicateOf) return { ...untried(candidate), outcome: 'duplicate', actionId: candidate.duplicateOf };
    try {
      return await this.propose(planner, candidate);
    } catch (error) {
      const isExpected = error instanceof DomainError;
      if (!isExpected) this.parts.onTrouble(error, `proposing for account ${candidate.accountId} failed`);
      const message = isExpected ? error.message : 'It failed unexpectedly; the operator finds why in the log.';
      return { ...untried(candidate), outcome: 'refused', message };
    }
  }

  /**
   * Proposes first and notes it on the insights then: what a crash leaves in between is a proposal that the next run
   * finds by its key or by the insights it names, never an insight that is taken for dealt with.
   */
  async propose(planner: Actor, candidate: Candidate): Promise<PlannedAction & { outcome: Proposed }> {
    const { actionType, accountId, dealId, contactId, cloneId, payload, rationale } = candidate;
    const idempotencyKey = await this.keyOf(planner, candidate);
    try {
      const { action, approval, decision, replayed } = await this.parts.propose.propose(planner, {
        ...{ actionType, payload, accountId, dealId, contactId, cloneId, rationale, idempotencyKey },
        dealStage: null,
      });
      const isBlocked = action.status === 'blocked';
      // Nothing comes of a blocked action: its insights go on waiting for a person.
      if (!isBlocked) await this.note(planner, candidate.insightIds, action.id);
      const outcome = replayed ? 'duplicate' : proposedAs(action.status);
      const message = isBlocked ? decision.explanation : null;
      return { ...candidate, outcome, actionId: action.id, approvalId: approval?.id ?? null, message };
    } catch (error) {
      const known = keyTakenBy(error);
      if (known === undefined) throw error;
      // A run at the same time was first, with other words or figures. Its insights are its own to note.
      return { ...untried(candidate), outcome: 'duplicate', actionId: known };
    }
  }

  /** Notes on insights which action came of them. */
  note(planner: Actor, insightIds: readonly Id[], actionId: Id): Promise<void> {
    return this.parts.transactor.run(planner.tenantId, async (tx) => {
      for (const id of insightIds) {
        await this.parts.insights.markActed(tx, id, { actionId, by: PLANNER }).catch((error: unknown) => {
          // Somebody has dealt with it in the meantime: theirs stands.
          if (!(error instanceof DomainError && error.code === 'CONFLICT')) throw error;
        });
      }
    });
  }

  /**
   * The same for every run that comes upon the same account and type within the window, whatever its reasons are: of
   * runs at once only one gets its proposal in, because the database takes a key once. A run that ended before it
   * proposed has used nothing up.
   */
  private async keyOf(planner: Actor, { accountId, actionType }: Candidate): Promise<string> {
    const { transactor, turns, clock, windowMs } = this.parts;
    const now = clock.now();
    const over = new Date(now.getTime() - windowMs);
    const began = await transactor.run(planner.tenantId, (tx) => turns.take(tx, { accountId, actionType, now, over }));
    return `turn:${accountId}:${actionType}:${began.toISOString()}`;
  }
}

export type Proposed = Exclude<PlanOutcome, 'planned' | 'refused' | 'held_back'>;

const proposedAs = (status: string): Proposed =>
  status === 'allowed' || status === 'blocked' ? status : 'pending_approval';

/** A candidate of which nothing has become. */
export const untried = (candidate: Candidate): PlannedAction => ({
  ...candidate,
  outcome: 'planned',
  actionId: null,
  approvalId: null,
  message: null,
});

/** The action that used the key, where that is why the proposal failed. */
function keyTakenBy(error: unknown): Id | undefined {
  if (!(error instanceof DomainError) || error.code !== 'IDEMPOTENCY_CONFLICT') return undefined;
  const { actionId } = error.details;
  return typeof actionId === 'string' ? actionId : undefined;
}
