import type { Goal, GoalStatus, GoalType } from './goal.js';

/** How a goal stands at one instant. */
export interface GoalProgress {
  readonly status: GoalStatus;
  /** 0 to 100, not rounded: current as a share of the target. 100 exactly when the target is reached. */
  readonly progressPercent: number;
  /** 0 to 100, not rounded: the share of the period that is over, and so the progress an even pace would show. */
  readonly expectedPercent: number;
  /** Whether current is at least where an even pace over the period would have brought it. */
  readonly onTrack: boolean;
  /** Days until the period ends, a begun day counting whole; 0 once it has ended. */
  readonly daysRemaining: number;
  /** What to do next; empty unless the goal is active and not on track. */
  readonly suggestions: readonly string[];
}

type GoalNumbers = Pick<Goal, 'target' | 'current' | 'periodStart' | 'periodEnd' | 'status'>;

const MILLISECONDS_PER_DAY = 86_400_000;

const SUGGESTIONS: Readonly<Record<GoalType, string>> = {
  revenue: 'Work on closing advanced-stage opportunities first.',
  pipeline: 'Do more outreach to new accounts.',
  activity: 'Set up follow-up meetings with engaged contacts.',
  quality: 'Finish open qualifications.',
};

/**
 * The status a goal has at `now`, whatever was stored: `completed` once current has reached the target, even late;
 * `missed` once the period has ended below it (its end is no longer part of it); otherwise `active`. A cancelled
 * goal stays cancelled.
 */
export function statusAfter(goal: GoalNumbers, now: Date): GoalStatus {
  if (goal.status === 'cancelled') return 'cancelled';
  if (goal.current >= goal.target) return 'completed';
  return now.getTime() >= goal.periodEnd.getTime() ? 'missed' : 'active';
}

/** @param goal one that passed `validateNewGoal`: target above 0, period end after its start. */
export function goalProgress(goal: GoalNumbers & Pick<Goal, 'type'>, now: Date): GoalProgress {
  const status = statusAfter(goal, now);
  const reached = goal.current / goal.target;
  const expected = elapsedShare(goal, now);
  const onTrack = reached >= expected;
  const remaining = goal.periodEnd.getTime() - now.getTime();
  return {
    status,
    progressPercent: Math.min(100, reached * 100),
    expectedPercent: expected * 100,
    onTrack,
    daysRemaining: Math.max(0, Math.ceil(remaining / MILLISECONDS_PER_DAY)),
    suggestions: status === 'active' && !onTrack ? [SUGGESTIONS[goal.type]] : [],
  };
}

/** How much of the period is over at `now`: 0 up to its start, 1 from its end on. */
function elapsedShare(goal: GoalNumbers, now: Date): number {
  const start = goal.periodStart.getTime();
  const total = goal.periodEnd.getTime() - start;
  return Math.min(Math.max(now.getTime() - start, 0), total) / total;
}
