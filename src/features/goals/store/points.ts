import { emOf, sqlOf } from '../../../platform/db/database.js';
import { findPage } from '../../../platform/db/page.js';
import type { GoalPointStore } from '../ports.js';
import { GoalPointEntity } from './schema.js';

/** Points older than this stand for a week each, in days. */
const WEEKLY_AFTER = 90;
const DAY_MS = 86_400_000;

const startOfDay = (time: Date): Date => new Date(Math.floor(time.getTime() / DAY_MS) * DAY_MS);
/** Monday, as `date_trunc` has it. */
const startOfWeek = (time: Date): Date => {
  const day = startOfDay(time);
  return new Date(day.getTime() - ((day.getUTCDay() + 6) % 7) * DAY_MS);
};

/** The day, or for old points the week, that a point stands for. */
const STRETCH = `date_trunc(case when at < $2 then 'week' else 'day' end, at at time zone 'UTC')`;

export const goalPointStore: GoalPointStore = {
  insert: async (tx, point) => void (await emOf(tx).insert(GoalPointEntity, point)),
  async compact(tx, now) {
    const weekly = startOfWeek(new Date(now.getTime() - WEEKLY_AFTER * DAY_MS));
    await sqlOf(tx)(
      `delete from goal_point where tenant_id = $1 and id in (
         select id from (
           select id, lead(${STRETCH}) over history = ${STRETCH} as is_followed
           from goal_point where tenant_id = $1 and at < $3
           window history as (partition by goal_id order by at, id)
         ) as past where is_followed)`,
      [tx.tenantId, weekly.toISOString(), startOfDay(now).toISOString()],
    );
  },
  async newest(tx, goalId, limit) {
    const where = { tenantId: tx.tenantId, goalId };
    const points = await emOf(tx).find(GoalPointEntity, where, { orderBy: { at: 'desc', id: 'desc' }, limit });
    return points.reverse();
  },
  list: (tx, goalId, args) =>
    findPage(tx, {
      entity: GoalPointEntity,
      where: { tenantId: tx.tenantId, goalId },
      keys: ['at', 'id'],
      direction: 'asc',
      args,
    }),
  count: (tx, goalId) => emOf(tx).count(GoalPointEntity, { tenantId: tx.tenantId, goalId }),
};
