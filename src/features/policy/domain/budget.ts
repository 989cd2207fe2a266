import type { Id } from '../../../kernel/ids.js';
import type { Facts } from './facts.js';
import type { Budget, BudgetPeriod, BudgetScope, PolicyDocument } from './policy.js';

/** A place in a budget of one period: whose count, and from when on it counts. */
export interface BudgetHold {
  readonly budget: string;
  /** `tenant`, or the id of the clone or account; `none` for actions that name none, which share one count. */
  readonly scope: string;
  /** Start of the period, ISO 8601 in UTC. */
  readonly windowStart: string;
}

/** A place that is asked for, and how many there are. */
export interface BudgetDemand extends BudgetHold {
  readonly limit: number;
}

export interface BudgetSubject {
  readonly actionType: string;
  readonly cloneId: Id | null;
  readonly accountId: Id | null;
  /** Whom it reaches beside the account it names. */
  readonly facts: Pick<Facts, 'reachedAccounts'>;
}

/** The places an action needs to run alone now, by every budget that counts it. */
export const budgetDemands = ({ budgets }: PolicyDocument, subject: BudgetSubject, now: Date): BudgetDemand[] =>
  budgets
    .filter(({ actionType }) => actionType === undefined || actionType === subject.actionType)
    .flatMap((budget) =>
      scopesOf(budget, subject).map((scope) => ({
        budget: budget.name,
        scope,
        windowStart: windowStart(budget.period, now).toISOString(),
        limit: budget.limit,
      })),
    );

/** Identifies a count. */
export const budgetKey = ({ budget, scope, windowStart: start }: BudgetHold): string =>
  JSON.stringify([budget, scope, start]);

/**
 * Hands out places in the order of those who ask. Who does not get every place it needs gets none.
 *
 * @param used how many places of each count are taken, by `budgetKey`
 * @returns for each in its order: the budget that has no place left, or undefined when all were granted
 */
export function grantPlaces(
  asking: readonly (readonly BudgetDemand[])[],
  used: ReadonlyMap<string, number>,
): readonly (string | undefined)[] {
  const taken = new Map(used);
  return asking.map((demands) => {
    const full = demands.find((demand) => (taken.get(budgetKey(demand)) ?? 0) >= demand.limit);
    if (full) return full.budget;
    for (const demand of demands) taken.set(budgetKey(demand), (taken.get(budgetKey(demand)) ?? 0) + 1);
    return undefined;
  });
}

/** Whose counts it takes a place in: of accounts, the one it names and every one it reaches. */
function scopesOf({ scope }: Budget, { cloneId, accountId, facts }: BudgetSubject): readonly string[] {
  const whose: Readonly<Record<BudgetScope, readonly (string | null)[]>> = {
    tenant: ['tenant'],
    clone: [cloneId],
    account: [accountId, ...(facts.reachedAccounts ?? [])],
  };
  const known = new Set(whose[scope].filter((one) => one !== null));
  return known.size === 0 ? ['none'] : [...known];
}

/** Start of the period that `now` lies in: hours, days and weeks (from Monday) in UTC. */
export function windowStart(period: BudgetPeriod, now: Date): Date {
  const start = new Date(now);
  start.setUTCMinutes(0, 0, 0);
  if (period === 'hour') return start;
  start.setUTCHours(0);
  if (period === 'day') return start;
  const sinceMonday = (start.getUTCDay() + 6) % 7;
  start.setUTCDate(start.getUTCDate() - sinceMonday);
  return start;
}

/** When the period that `now` lies in is over. */
export function windowEnd(period: BudgetPeriod, now: Date): Date {
  const hours: Readonly<Record<BudgetPeriod, number>> = { hour: 1, day: 24, week: 168 };
  return new Date(windowStart(period, now).getTime() + hours[period] * 3_600_000);
}
