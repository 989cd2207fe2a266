import { type Actor, voiceOf } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import type { Transactor } from '../../kernel/transaction.js';
import { GATED_STAGES, type GuardrailDecision } from '../guardrails/index.js';
import {
  type BudgetDemand,
  type BudgetStore,
  budgetDemands,
  type ControlReader,
  demandsOf,
  grantPlaces,
  type Policy,
} from '../policy/index.js';
import { overBudget } from './domain/decision.js';
import { type ProposeCommand, type References, situate } from './domain/proposal.js';
import type { ReferenceReader } from './ports.js';

export interface CheckParts {
  readonly transactor: Transactor;
  readonly references: ReferenceReader;
  readonly control: ControlReader;
  readonly budgets: BudgetStore;
  readonly clock: Clock;
  /** How long a request stays open where the policy does not say, in milliseconds. */
  readonly approvalMs: number;
}

export type CheckCommand = Pick<
  ProposeCommand,
  'actionType' | 'accountId' | 'dealId' | 'cloneId' | 'contactId' | 'dealStage'
>;

/** A dry run: what a proposal would be answered now. Records nothing and takes no place in a budget. */
export class CheckService {
  constructor(private readonly parts: CheckParts) {}

  /** @throws VALIDATION_FAILED for a reference that does not exist here, FORBIDDEN for another clone than the key's */
  async check(actor: Actor, asked: CheckCommand): Promise<GuardrailDecision> {
    const [answer] = await this.checkAll(actor, [asked]);
    if (answer === undefined || answer instanceof DomainError) throw answer ?? new Error('nothing was answered');
    return answer;
  }

  /**
   * As `check`, for many in one go, as if they were proposed one after the other: those before take places in budgets.
   * What cannot be checked is answered with the failure.
   */
  async checkAll(actor: Actor, asked: readonly CheckCommand[]): Promise<readonly (GuardrailDecision | DomainError)[]> {
    const commands = asked.map((command) => ({ ...command, cloneId: voiceOf(actor, command.cloneId) }));
    const { transactor, references: reader, control, budgets, clock } = this.parts;
    return transactor.run(actor.tenantId, async (tx) => {
      const references = await reader.resolve(
        tx,
        commands.map((command) => ({ ...command, addresses: [] })),
      );
      const { policy } = await control.read(tx);
      const now = clock.now();
      const checked = commands.map((command, index) => this.checkOne(command, references[index], { policy, now }));
      const placesOf = (entry: Checked | DomainError) => (entry instanceof DomainError ? [] : entry.places);
      const places = checked.flatMap(placesOf);
      const full = places.length === 0 ? [] : grantPlaces(checked.map(placesOf), await budgets.read(tx, places));
      return checked.map((entry, index) => {
        const budget = full[index];
        if (entry instanceof DomainError) return entry;
        return budget === undefined ? entry.decision : overBudget(entry.decision, budget);
      });
    });
  }

  private checkOne(
    command: CheckCommand,
    references: References | undefined,
    { policy, now }: { policy: Policy; now: Date },
  ): Checked | DomainError {
    if (!references) throw new Error('references were not resolved');
    try {
      const { actionType, cloneId } = command;
      const { facts, accountId } = situate(command, references, (stage) => GATED_STAGES.has(stage));
      const { decision } = demandsOf(policy, { actionType, facts, now, defaultOpenMs: this.parts.approvalMs });
      const places = decision.allowed
        ? budgetDemands(policy.document, { actionType, cloneId, accountId, facts }, now)
        : [];
      return { decision, places };
    } catch (error) {
      if (error instanceof DomainError) return error;
      throw error;
    }
  }
}

interface Checked {
  readonly decision: GuardrailDecision;
  /** The places in budgets that it would take. */
  readonly places: readonly BudgetDemand[];
}
