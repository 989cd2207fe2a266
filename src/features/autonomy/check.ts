import { type Actor, voiceOf } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { Transactor } from '../../kernel/transaction.js';
import { GATED_STAGES, type GuardrailDecision } from '../guardrails/index.js';
import { type BudgetStore, budgetDemands, type ControlReader, demandsOf, grantPlaces } from '../policy/index.js';
import { overBudget } from './domain/decision.js';
import { type ProposeCommand, situate } from './domain/proposal.js';
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
    const command = { ...asked, cloneId: voiceOf(actor, asked.cloneId) };
    const { transactor, references: reader, control, budgets, clock, approvalMs } = this.parts;
    return transactor.run(actor.tenantId, async (tx) => {
      const [references] = await reader.resolve(tx, [{ ...command, addresses: [] }]);
      if (!references) throw new Error('references were not resolved');
      const { actionType, cloneId } = command;
      const { facts, accountId } = situate(command, references, (stage) => GATED_STAGES.has(stage));
      const { policy } = await control.read(tx);
      const now = clock.now();
      const { decision } = demandsOf(policy, { actionType, facts, now, defaultOpenMs: approvalMs });
      if (!decision.allowed) return decision;
      const places = budgetDemands(policy.document, { actionType, cloneId, accountId }, now);
      if (places.length === 0) return decision;
      const [full] = grantPlaces([places], await budgets.read(tx, places));
      return full === undefined ? decision : overBudget(decision, full);
    });
  }
}
