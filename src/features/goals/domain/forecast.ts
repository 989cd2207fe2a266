import type { Goal } from './goal.js';
import { statusAfter } from './progress.js';

/** Where a goal stood at one instant. */
export interface Standpoint {
  readonly at: Date;
  readonly current: number;
}

/** `over`: nothing is left to forecast, because the period has ended or the goal was cancelled. */
export type ForecastStatus = 'ready' | 'not_enough_history' | 'over';

/** Where a goal is going. Figures are in the goal's unit; what cannot be known is null. */
export interface Forecast {
  readonly status: ForecastStatus;
  /** Number of steps between standpoints that the forecast rests on. */
  readonly steps: number;
  /** Mean gain in a day over the history. */
  readonly pacePerDay: number | null;
  /** The value at the period's end, if it goes on like this. */
  readonly expectedEnd: number | null;
  /** The value at the period's end lies between `low` and `high` with a probability of `CONFIDENCE`. */
  readonly low: number | null;
  readonly high: number | null;
  /** When the target is met at this pace, be it after the period; null when it is met, or the pace does not lead there. */
  readonly expectedMetAt: Date | null;
  /** Gain in a day that would still meet the target in time; null unless the goal is active. */
  readonly neededPerDay: number | null;
}

export type ForecastGoal = Pick<
  Goal,
  'type' | 'target' | 'current' | 'periodStart' | 'periodEnd' | 'status' | 'source'
>;

/** Share of outcomes that the interval is made to hold. */
export const CONFIDENCE = 0.8;
/** Fewest steps that say something about how much steps vary. */
export const MIN_STEPS = 5;
/** The history must reach over this share of the period: a few hours say nothing about a quarter. */
export const MIN_SHARE = 0.05;
/** Further off, a date means never. */
const FURTHEST_YEARS = 10;
const DAY_MS = 86_400_000;
const DAYS_PER_YEAR = 365.25;
/** Standpoints closer together than this share of the period count as one: a jump within an hour is no pace. */
const STEP_SHARE = 1 / 50;

/**
 * Forecasts a goal from where it stood, as a random walk with drift: each step is the mean pace plus what varies, and
 * steps are independent. That fits values that add up, such as revenue: what happened stays, and only what is to come
 * is uncertain, the more the further off it is.
 *
 * @param history oldest first; of the goal's present source only, see `sameSource`
 */
export function forecast(goal: ForecastGoal, history: readonly Standpoint[], now: Date): Forecast {
  const neededPerDay = needed(goal, now);
  if (goal.status === 'cancelled' || now.getTime() >= goal.periodEnd.getTime()) {
    return { ...UNKNOWN, status: 'over', steps: 0, neededPerDay };
  }
  const points = thinned(goal, withStart(goal, history, now));
  const [first, last] = [points[0], points.at(-1)];
  const steps = Math.max(0, points.length - 1);
  const days = first && last ? daysBetween(first.at, last.at) : 0;
  const isShort = days < MIN_SHARE * daysBetween(goal.periodStart, goal.periodEnd);
  if (!first || !last || steps < MIN_STEPS || isShort) {
    return { ...UNKNOWN, status: 'not_enough_history', steps, neededPerDay };
  }
  const pacePerDay = (last.current - first.current) / days;
  const ahead = daysBetween(last.at, goal.periodEnd);
  // What is unknown: how the steps to come vary, and how far the mean of those that were is from the true pace.
  const spread = Math.sqrt(variancePerDay(points, pacePerDay) * (ahead + ahead ** 2 / days));
  const expectedEnd = last.current + pacePerDay * ahead;
  const reach = quantile(steps - 1) * spread;
  return {
    status: 'ready',
    steps,
    pacePerDay,
    expectedEnd: possible(goal, expectedEnd),
    low: possible(goal, expectedEnd - reach),
    high: possible(goal, expectedEnd + reach),
    expectedMetAt: metAt(goal, last, pacePerDay),
    neededPerDay,
  };
}

const UNKNOWN = { pacePerDay: null, expectedEnd: null, low: null, high: null, expectedMetAt: null } as const;

/** The newest standpoints that came about in the same way: a figure that was told and one that was measured make no pace. */
export function sameSource<Point extends { readonly source: Goal['source'] }>(
  { source }: Pick<Goal, 'source'>,
  history: readonly Point[],
): readonly Point[] {
  const other = history.findLastIndex((point) => point.source !== source);
  return history.slice(other + 1);
}

function needed(goal: ForecastGoal, now: Date): number | null {
  if (statusAfter(goal, now) !== 'active') return null;
  const from = now.getTime() < goal.periodStart.getTime() ? goal.periodStart : now;
  return (goal.target - goal.current) / daysBetween(from, goal.periodEnd);
}

/** What is measured and adds up was 0 when its period began, whether somebody looked then or not. */
function withStart(goal: ForecastGoal, history: readonly Standpoint[], now: Date): readonly Standpoint[] {
  const within = history.filter(({ at }) => at.getTime() >= goal.periodStart.getTime() && at <= now);
  const startsAtZero = goal.source === 'measured' && goal.type !== 'quality';
  return startsAtZero ? [{ at: goal.periodStart, current: 0 }, ...within] : within;
}

/** At most one standpoint in each stretch of a day, or of a 50th of the period where that is shorter; the last of each. */
function thinned(goal: ForecastGoal, points: readonly Standpoint[]): readonly Standpoint[] {
  const start = goal.periodStart.getTime();
  const stretch = Math.min(DAY_MS, (goal.periodEnd.getTime() - start) * STEP_SHARE);
  const stretchOf = ({ at }: Standpoint) => Math.floor((at.getTime() - start) / stretch);
  const [first, ...rest] = points;
  if (!first) return [];
  const kept = rest.filter((point, index) => {
    const next = rest[index + 1];
    return next === undefined || stretchOf(next) !== stretchOf(point);
  });
  return [first, ...kept].filter((point, index, all) => index === 0 || point.at > (all[index - 1] ?? first).at);
}

/** How much the value varies around its pace, in squared units per day, from steps of different length. */
function variancePerDay(points: readonly Standpoint[], pacePerDay: number): number {
  const squares = points.slice(1).map((point, index) => {
    const before = points[index] ?? point;
    const days = daysBetween(before.at, point.at);
    return (point.current - before.current - pacePerDay * days) ** 2 / days;
  });
  return squares.reduce((sum, square) => sum + square, 0) / (squares.length - 1);
}

/** The value below which 90 % of Student's t with this many degrees of freedom lie (Cornish-Fisher expansion). */
function quantile(freedom: number): number {
  const z = 1.281_551_6;
  const first = (z ** 3 + z) / 4;
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  return z + first / freedom + second / freedom ** 2 + third / freedom ** 3;
}

function metAt(goal: ForecastGoal, last: Standpoint, pacePerDay: number): Date | null {
  if (goal.current >= goal.target || pacePerDay <= 0) return null;
  const days = Math.max(0, (goal.target - last.current) / pacePerDay);
  return days > FURTHEST_YEARS * DAYS_PER_YEAR ? null : new Date(last.at.getTime() + days * DAY_MS);
}

/** No goal counts below 0, and a percentage stays one. */
const possible = ({ type }: ForecastGoal, value: number): number =>
  Math.max(0, type === 'quality' ? Math.min(100, value) : value);

const daysBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / DAY_MS;
