import type { InsightServer } from '../patterns/insight-server.js';

const PLAN = `mutation ($input: PlanProactiveActionsInput!) { planProactiveActions(input: $input) { failed waiting planned {
  actionType accountId dealId contactId goalId insightIds goalGap rationale payload outcome actionId approvalId message } } }`;
const RUN_JOB = 'mutation ($name: JobName!) { runJob(input: { name: $name }) { run { id } } }';
const FINISHED = `subscription ($after: String) { jobProgressed(after: $after) {
  kind run { id status failed error counts { name count } failures { subjectId message } } } }`;
const ACTIONS = `{ actions(first: 100) { edges { node {
  id actionType accountId status proposedBy rationale payload guardrail { reason } approval { id } } } } }`;

/** Where the log ends now: what is subscribed behind it misses nothing. */
export const endOfLog = async (on: InsightServer): Promise<string> =>
  (await on.server.data(on.boss, '{ events(last: 1) { pageInfo { endCursor } } }')).events.pageInfo.endCursor;

/** Runs a job by the API and gives its run once it has ended. */
export async function runJob(on: InsightServer, name: string) {
  const live = on.server.subscribe(on.agent, FINISHED, { after: await endOfLog(on) });
  const { runJob } = await on.server.data(on.boss, RUN_JOB, { name });
  for (;;) {
    const { kind, run } = (await live.next()).data.jobProgressed;
    if (kind !== 'FINISHED' || run.id !== runJob.run.id) continue;
    await live.close();
    const counts: Record<string, number> = {};
    for (const { name, count } of run.counts) counts[name] = count;
    return { ...run, counts };
  }
}

/** All actions there are, newest first. */
// biome-ignore lint/suspicious/noExplicitAny: tests look at answers of many shapes
export const actionsOf = async (on: InsightServer): Promise<any[]> =>
  (await on.server.data(on.agent, ACTIONS)).actions.edges.map(({ node }: { node: unknown }) => node);

/** Plans by hand. */
export const planned = async (on: InsightServer, input: object = {}) =>
  (await on.server.data(on.boss, PLAN, { input })).planProactiveActions;

/** A goal of which half the time is over and nothing is reached. */
export const goalBehind = (on: InsightServer, given: object = {}) =>
  on.mutate(
    'createGoal',
    { type: 'REVENUE', title: 'Summer', target: 100_000, periodStart: on.at(50), periodEnd: on.at(-50), ...given },
    'id',
  );
