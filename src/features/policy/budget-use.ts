import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { Transactor } from '../../kernel/transaction.js';
import { windowEnd, windowStart } from './domain/budget.js';
import type { Budget } from './domain/policy.js';
import type { BudgetStore, ControlReader } from './ports.js';

export interface BudgetUseParts {
  readonly transactor: Transactor;
  readonly control: ControlReader;
  readonly budgets: BudgetStore;
  readonly clock: Clock;
}

/** Most counts of one budget that are shown, those that are used most first. */
export const MAX_COUNTS = 20;

/** How a budget stands in the period that runs now. */
export interface BudgetStanding {
  readonly budget: Budget;
  readonly windowStart: Date;
  /** When it begins anew. */
  readonly windowEnd: Date;
  readonly counts: readonly { readonly scope: string; readonly used: number }[];
}

/** Shows how far the budgets of the policy in force are used up. */
export class BudgetUseService {
  constructor(private readonly parts: BudgetUseParts) {}

  current(actor: Actor): Promise<readonly BudgetStanding[]> {
    const { transactor, control, budgets, clock } = this.parts;
    return transactor.run(actor.tenantId, async (tx) => {
      const now = clock.now();
      const { policy } = await control.read(tx);
      const standings: BudgetStanding[] = [];
      for (const budget of policy.document.budgets) {
        const start = windowStart(budget.period, now);
        const counts = await budgets.used(tx, { budget: budget.name, windowStart: start, limit: MAX_COUNTS });
        standings.push({ budget, windowStart: start, windowEnd: windowEnd(budget.period, now), counts });
      }
      return standings;
    });
  }
}
