import type { Id } from '../../../kernel/ids.js';

/** Closed list of what a goal can be about. */
export const GOAL_TYPES = ['pipeline', 'activity', 'quality', 'revenue'] as const;
export type GoalType = (typeof GOAL_TYPES)[number];

/** `cancelled` is a person's decision and stays; the others follow from the numbers and the time. */
export const GOAL_STATUSES = ['active', 'completed', 'missed', 'cancelled'] as const;
export type GoalStatus = (typeof GOAL_STATUSES)[number];

/** Where a goal's value comes from: measured from the stored data by a job, or told by whoever knows better. */
export type GoalSource = 'measured' | 'told';

/** A number a tenant, or one of its clones, means to reach within a period. */
export interface Goal {
  readonly id: Id;
  readonly tenantId: Id;
  /** The agent persona the goal is for; null when it is for the whole tenant. */
  readonly cloneId: Id | null;
  readonly type: GoalType;
  readonly title: string;
  /** Above 0; in whatever unit the title speaks of: money, meetings, a percentage. */
  readonly target: number;
  /** 0 or more, in the unit of `target`. */
  readonly current: number;
  /** Where `current` comes from, now and when the goal is next looked at. */
  readonly source: GoalSource;
  /** First instant of the period. */
  readonly periodStart: Date;
  /** First instant after the period; always later than `periodStart`. */
  readonly periodEnd: Date;
  /** As of `updatedAt`. Time alone can make it stale: ask `statusAfter` for the status at an instant. */
  readonly status: GoalStatus;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Name of the principal who created the goal. */
  readonly createdBy: string;
  /** Who cancelled the goal, at `updatedAt`; null unless it is cancelled. */
  readonly cancelledBy: string | null;
  /** Why it was cancelled; null unless it is. */
  readonly cancelReason: string | null;
}

/** Where a goal stood at one instant. Ids go by time. */
export interface GoalPoint {
  readonly tenantId: Id;
  readonly id: Id;
  readonly goalId: Id;
  readonly at: Date;
  readonly current: number;
  readonly source: GoalSource;
}

/** What a goal is called when nobody names it. */
export const DEFAULT_TITLES: Readonly<Record<GoalType, string>> = {
  pipeline: 'New pipeline value',
  activity: 'Completed interactions',
  quality: 'Qualifications finished, in percent',
  revenue: 'Revenue won',
};
