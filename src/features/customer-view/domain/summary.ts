import { type Basis, endOf, type Highlight, type PeriodCounts } from './view.js';

/** Names a week or month of an account. */
export interface PeriodName {
  readonly granularity: 'week' | 'month';
  readonly start: Date;
}

/** What is kept of a period that is over. */
export interface StoredSummary extends PeriodName, Basis {
  readonly highlights: readonly Highlight[];
  /** In a language model's words; null: none has written any. */
  readonly narrative: string | null;
}

export const nameOf = ({ granularity, start }: PeriodName): string => `${granularity} ${start.toISOString()}`;

/** Whether a period lies whole in the time that is summarised by its kind; nothing but late records changes it then. */
export const isClosed = (
  { granularity, start }: PeriodName,
  { full, weekly }: { readonly full: Date; readonly weekly: Date },
): boolean =>
  granularity === 'month' ? endOf(granularity, start) <= weekly : start >= weekly && endOf(granularity, start) <= full;

/** Whether a summary was made of just what the period holds now. */
export const isCurrent = (stored: Basis, now: Basis): boolean =>
  stored.entries === now.entries && (stored.changedAt?.getTime() ?? null) === (now.changedAt?.getTime() ?? null);

/** What is to be done about an account's summaries. */
export interface SummaryWork {
  /** Closed, and without a summary of what they hold now. */
  readonly due: readonly PeriodCounts[];
  /** Closed and summarised, but told by no language model. */
  readonly untold: readonly PeriodCounts[];
  /** Stored, but no longer shown by themselves: a week that has become part of a month. */
  readonly over: readonly PeriodName[];
}

export function summaryWork(
  counts: readonly PeriodCounts[],
  stored: readonly StoredSummary[],
  borders: { readonly full: Date; readonly weekly: Date },
): SummaryWork {
  const closed = counts.filter((period) => isClosed(period, borders));
  const byName = new Map(stored.map((one) => [nameOf(one), one]));
  const names = new Set(closed.map(nameOf));
  const standing = (period: PeriodCounts) => {
    const found = byName.get(nameOf(period));
    return found && isCurrent(found, period) ? found : undefined;
  };
  return {
    due: closed.filter((period) => !standing(period)),
    untold: closed.filter((period) => standing(period)?.narrative === null),
    over: stored.filter((one) => !names.has(nameOf(one))),
  };
}
