import { LONG_SILENCE_DAYS } from './engagement.js';
import { DAY_MS, type PatternType, SEVERITIES, type Severity } from './pattern.js';

/** Before the account's deals are looked at. */
const BASE: Readonly<Record<PatternType, Severity>> = {
  budget: 'medium',
  urgency: 'medium',
  competitive_evaluation: 'medium',
  stakeholder_expansion: 'low',
  silence: 'medium',
  dormancy: 'low',
  slowing_replies: 'medium',
  budget_freeze: 'high',
  champion_leaving: 'high',
  competitor_preferred: 'high',
  engagement_rise: 'low',
  engagement_drop: 'medium',
  shared_topic: 'low',
};

/** Stages in which a deal is about to be decided. */
const LATE = ['evaluation', 'negotiation'];
/** What was said longer ago than this is news no longer. */
const STALE_MS = 90 * DAY_MS;

export interface SeverityQuestion {
  readonly type: PatternType;
  /** When the newest evidence took place. */
  readonly at: Date;
  readonly now: Date;
  readonly deals: readonly { readonly stage: string }[];
}

/** One step up where a deal is about to be decided, one for a long silence, one down for what was said long ago. */
export function severityOf({ type, at, now, deals }: SeverityQuestion): Severity {
  const age = now.getTime() - at.getTime();
  let step = SEVERITIES.indexOf(BASE[type]);
  if (deals.some(({ stage }) => LATE.includes(stage))) step += 1;
  if (type === 'silence') {
    if (age >= LONG_SILENCE_DAYS * DAY_MS) step += 1;
  } else if (age > STALE_MS) step -= 1;
  return SEVERITIES[Math.min(SEVERITIES.length - 1, Math.max(0, step))] ?? 'low';
}
