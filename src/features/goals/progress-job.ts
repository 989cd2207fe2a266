import type { Id } from '../../kernel/ids.js';
import { type JobBody, workThrough } from '../jobs/index.js';
import type { Goal } from './domain/goal.js';
import type { GoalReview, GoalService, Review } from './service.js';

/** Goals read at once. */
const PAGE = 200;
/** Who moves goals in the log. */
const BY = 'system:goal_progress_update';

/** The body of the job `goal_progress_update`: looks at every goal that runs or has just ended, each by itself. */
export const goalProgressJob =
  (goals: Pick<GoalService, 'due' | 'countDue' | 'review' | 'compactHistory'>): JobBody =>
  async (context) => {
    const { tenantId, now } = context;
    const counts = { goals: 0, changed: 0, completed: 0, missed: 0, not_measured: 0 };
    const review: Review = { by: BY, measured: new Map() };
    const { done, failed, failures } = await workThrough(context, {
      items: dueGoals(goals, tenantId, now),
      total: await goals.countDue(tenantId, now),
      subjectOf: ({ id }) => id,
      work: async ({ id }) => {
        const reviewed = await goals.review(tenantId, id, review);
        if (isChanged(reviewed)) counts.changed += 1;
        if (isNewly(reviewed, 'completed')) counts.completed += 1;
        if (isNewly(reviewed, 'missed')) counts.missed += 1;
        if (!reviewed.isMeasured) counts.not_measured += 1;
      },
    });
    await goals.compactHistory(tenantId, now);
    return { counts: { ...counts, goals: done }, failed, failures };
  };

async function* dueGoals(goals: Pick<GoalService, 'due'>, tenantId: Id, now: Date): AsyncGenerator<Goal> {
  let after: Id | null = null;
  for (;;) {
    const page: readonly Goal[] = await goals.due(tenantId, { now, after, limit: PAGE });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.id;
  }
}

const isChanged = ({ before, after }: GoalReview): boolean =>
  before.current !== after.current || before.status !== after.status;

const isNewly = ({ before, after }: GoalReview, status: Goal['status']): boolean =>
  after.status === status && before.status !== status;
