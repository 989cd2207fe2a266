import type { Id } from '../../../kernel/ids.js';
import { type DecisionReason, opensApproval } from '../../guardrails/domain/index.js';
import { type BudgetDemand, type BudgetHold, budgetDemands, budgetKey, grantPlaces } from './budget.js';
import { type Demands, demandsOf } from './demands.js';
import type { Facts } from './facts.js';
import type { Policy } from './policy.js';

/** A proposal as it was recorded: what it takes to decide about it again. */
export interface RecordedProposal {
  readonly actionId: Id;
  readonly actionType: string;
  readonly cloneId: Id | null;
  readonly accountId: Id | null;
  readonly proposedAt: Date;
  readonly facts: Facts;
}

/** What would have become of a proposal. */
export type Outcome = 'runs_alone' | 'waits_for_person' | 'never_runs';

export interface ReplayedDecision {
  readonly outcome: Outcome;
  readonly reason: DecisionReason;
  readonly explanation: string;
  readonly demands: Demands;
}

/** Tries one policy on proposals in their order, with its budgets counted from the first of them on. */
export class Replay {
  private readonly used = new Map<string, number>();
  private readonly ends = new Map<string, number>();
  private tidiedAt = 0;

  constructor(
    private readonly policy: Policy,
    private readonly defaultOpenMs: number,
  ) {}

  decide(proposal: RecordedProposal): ReplayedDecision {
    const { actionType, facts, proposedAt: now } = proposal;
    const demands = demandsOf(this.policy, { actionType, facts, now, defaultOpenMs: this.defaultOpenMs });
    const { decision } = demands;
    const full = decision.allowed
      ? this.takePlaces(budgetDemands(this.policy.document, proposal, now), now)
      : undefined;
    if (full !== undefined) {
      const explanation = `${actionType} waits for a person, because the budget "${full}" is used up.`;
      return { outcome: 'waits_for_person', reason: 'over_budget', explanation, demands };
    }
    const outcome = decision.allowed ? 'runs_alone' : opensApproval(decision) ? 'waits_for_person' : 'never_runs';
    return { outcome, reason: decision.reason, explanation: decision.explanation, demands };
  }

  private takePlaces(places: readonly BudgetDemand[], now: Date): string | undefined {
    this.forgetEnded(now);
    const [full] = grantPlaces([places], this.used);
    if (full !== undefined) return full;
    for (const place of places) {
      const key = budgetKey(place);
      this.used.set(key, (this.used.get(key) ?? 0) + 1);
      this.ends.set(key, endOf(place));
    }
    return undefined;
  }

  /** Proposals come in order, so a count whose period is over is not asked for again. */
  // Stryker disable next-line BlockStatement: only memory is saved
  private forgetEnded(now: Date): void {
    const time = now.getTime();
    // Stryker disable next-line ConditionalExpression,EqualityOperator,ArithmeticOperator: only time is saved
    if (time - this.tidiedAt < HOUR_MS) return;
    this.tidiedAt = time;
    // Stryker disable next-line BlockStatement: only memory is saved
    for (const [key, end] of this.ends) {
      // Stryker disable next-line ConditionalExpression,EqualityOperator: only memory is saved
      if (end > time) continue;
      this.ends.delete(key);
      this.used.delete(key);
    }
  }
}

const HOUR_MS = 3_600_000;
/** Longer than any period. */
const endOf = ({ windowStart }: BudgetHold): number => Date.parse(windowStart) + 7 * 24 * HOUR_MS;

/** Whether the two treat the proposal differently: what becomes of it, why, who decides and how long, who runs it. */
export function isChanged(before: ReplayedDecision, after: ReplayedDecision): boolean {
  if (before.outcome !== after.outcome || before.reason !== after.reason) return true;
  if (after.outcome === 'never_runs') return false;
  if (before.demands.connector !== after.demands.connector) return true;
  if (after.outcome === 'runs_alone') return false;
  return (['quorum', 'requiredRole', 'fallbackRole', 'openMs'] as const).some(
    (key) => before.demands[key] !== after.demands[key],
  );
}
