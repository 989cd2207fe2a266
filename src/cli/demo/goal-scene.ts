import {
  CreateGoalDocument,
  GoalChangedDocument,
  type GoalChangedSubscription,
  GoalStatusesDocument,
  RevenueSoFarDocument,
  UpdateGoalProgressDocument,
  UpsertDealDocument,
} from '../generated/operations.js';
import { Feed } from './feed.js';
import type { Setting } from './setting.js';
import type { Walk } from './walk.js';

/** The manager sets a goal that one more deal will reach; the agent wins that deal. */
export async function movingGoal(walk: Walk, { deal }: Setting, now: Date): Promise<void> {
  const { story, clients } = walk;
  story.scene('A goal that moves: measured from the stored deals, and pushed');
  const feed = goalFeed(walk);
  await feed.started;

  const period = monthOf(now);
  const { metrics } = await clients.manager.request(RevenueSoFarDocument, { period });
  const soFar = metrics.revenue.closedValue ?? 0;
  story.says('manager', `reads metrics: ${money(soFar)} won this month`);
  const goal = {
    type: 'REVENUE' as const,
    title: `Revenue of ${period.start.slice(0, 7)}`,
    target: soFar + deal.value,
    current: soFar,
    periodStart: period.start,
    periodEnd: period.end,
  };
  story.says('manager', `sets the goal "${goal.title}": ${money(goal.target)}`);
  const { createGoal } = await walk.change('manager', (client) => client.request(CreateGoalDocument, { input: goal }));
  const goalId = createGoal.id;
  await feed.hears(({ goalChanged }) => goalChanged.goal.id === goalId);
  await readStanding(walk, goalId);

  await walk.change('manager', (client) =>
    client.request(UpsertDealDocument, {
      input: { externalId: deal.externalId, stage: 'CLOSED_WON', value: deal.value },
    }),
  );
  story.says('manager', `records that the deal "${deal.name}" is won: ${money(deal.value)}`);
  story.says('agent', 'has the goal measured');
  await walk.change('agent', (client) => client.request(UpdateGoalProgressDocument, { input: { goalId } }));
  await feed.hears(({ goalChanged: { goal } }) => goal.id === goalId && goal.status === 'COMPLETED');
  await readStanding(walk, goalId);
}

function goalFeed(walk: Walk): Feed<GoalChangedSubscription> {
  const events = walk.clients.manager.subscribe(
    GoalChangedDocument,
    {},
    { cursorOf: ({ goalChanged }) => goalChanged.cursor },
  );
  return new Feed('a change of the goal', events, ({ goalChanged: { goal, actor } }) => {
    const figures = `${money(goal.current)} of ${money(goal.target)}`;
    walk.story.isTold(
      'manager',
      `goalChanged: "${goal.title}" is ${goal.status}, ${figures}, by ${actor}`,
      walk.delay(),
    );
  });
}

async function readStanding({ clients, story }: Walk, goalId: string): Promise<void> {
  const { goalStatuses } = await clients.manager.request(GoalStatusesDocument);
  const standing = goalStatuses.find(({ goal }) => goal.id === goalId);
  if (standing === undefined) return;
  const { progressPercent, onTrack, daysRemaining, suggestions } = standing;
  const pace = onTrack ? 'on track' : 'behind';
  story.says('manager', `reads goalStatuses: ${progressPercent.toFixed(0)} %, ${pace}, ${daysRemaining} days left`);
  for (const suggestion of suggestions) story.says('manager', `  suggested: ${suggestion}`);
}

/** The calendar month in UTC that an instant lies in. */
function monthOf(now: Date): { readonly start: string; readonly end: string } {
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  return {
    start: new Date(Date.UTC(year, month)).toISOString(),
    end: new Date(Date.UTC(year, month + 1)).toISOString(),
  };
}

const money = (amount: number): string => amount.toLocaleString('en-US');
