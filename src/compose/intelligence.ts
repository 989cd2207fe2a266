import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { CustomerViewQueries, CustomerViewResolver, Summaries, summaryModel } from '../features/customer-view/index.js';
import { customerViewReader } from '../features/customer-view/store/reader.js';
import { summaryStore } from '../features/customer-view/store/summaries.js';
import { CustomerQueries } from '../features/customers/index.js';
import { type DigestPost, DigestResolver, Digests } from '../features/digest/index.js';
import { digestReader } from '../features/digest/store/reader.js';
import {
  GoalGapResolver,
  GoalHistoryResolver,
  GoalLiveResolver,
  GoalQueries,
  GoalResolver,
  GoalService,
  goalProgressJob,
} from '../features/goals/index.js';
import { gapReader } from '../features/goals/store/candidates.js';
import { goalPointStore } from '../features/goals/store/points.js';
import { goalStore } from '../features/goals/store/store.js';
import { cloneStore } from '../features/identity/store/stores.js';
import {
  DEFAULT_HOURS,
  type JobBodies,
  JobLiveResolver,
  type JobName,
  JobQueries,
  JobResolver,
  JobRunner,
} from '../features/jobs/index.js';
import { jobBoard, jobStore } from '../features/jobs/store/store.js';
import { MetricsGoalMeter, MetricsResolver, MetricsService } from '../features/metrics/index.js';
import { figureReader } from '../features/metrics/store/figures.js';
import { ModelService } from '../features/models/index.js';
import {
  CompetitorList,
  CompetitorResolver,
  currentSignals,
  highlightsOf,
  InsightLiveResolver,
  InsightQueries,
  InsightResolver,
  InsightService,
  ModelReading,
  PatternScan,
  patternModel,
} from '../features/patterns/index.js';
import { insightStore } from '../features/patterns/store/insights.js';
import { readingStore } from '../features/patterns/store/readings.js';
import { competitorStore } from '../features/patterns/store/settings.js';
import { situationReader } from '../features/patterns/store/situations.js';
import { stretchOf } from '../features/patterns/store/stretches.js';
import {
  DEFAULT_REQUESTS,
  DEFAULT_WINDOW_DAYS,
  Planner,
  PlannerResolver,
  planModel,
} from '../features/proactive/index.js';
import { planningReader } from '../features/proactive/store/reader.js';
import { turnTaker } from '../features/proactive/store/turns.js';
import type { Clock } from '../kernel/clock.js';
import type { Database } from '../platform/db/database.js';
import { eventWriter } from '../platform/realtime/event-log.js';
import { composeActions } from './actions.js';

const DAY_MS = 86_400_000;

export interface JobSettings {
  /** Hours between two runs of each. */
  readonly hours: Readonly<Record<JobName, number>>;
  readonly leaseSeconds: number;
  /** Most requests for approval that the planner has waiting. Left out: as by default. */
  readonly plannerRequests?: number;
  /** How long the planner does not propose the same again for an account. Left out: as by default. */
  readonly plannerWindowDays?: number;
  /** In place of the server's own. */
  readonly bodies?: JobBodies;
  /** Told of what failed, in words, and why. */
  readonly onTrouble: (error: unknown, what: string) => void;
}

export const QUIET_JOBS: JobSettings = { hours: DEFAULT_HOURS, leaseSeconds: 60, onTrouble: () => {} };

export interface IntelligenceParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly customers: CustomerQueries;
  /** What proposes, and what may have stopped proposals. */
  readonly actions: Pick<ReturnType<typeof composeActions>, 'propose' | 'check' | 'control'>;
  readonly jobs: JobSettings;
  readonly post: DigestPost | undefined;
  /** The language model, if there is one. */
  readonly models: ModelService;
}

/** What the server finds out by itself, and what it makes of that. */
export function composeIntelligence({ database, clock, customers, actions, jobs, post, models }: IntelligenceParts) {
  const { propose, check, control } = actions;
  const goalParts = {
    transactor: database,
    goals: goalStore,
    points: goalPointStore,
    gaps: gapReader,
    clones: cloneStore,
    events: eventWriter,
    clock,
  };
  const goalQueries = new GoalQueries(goalParts);
  const goals = new GoalService({ ...goalParts, meter: new MetricsGoalMeter(figureReader, clock) });
  const metrics = new MetricsService({ transactor: database, figures: figureReader, clones: cloneStore, clock });
  const insightParts = { transactor: database, insights: insightStore, events: eventWriter, clock };
  const reading = new ModelReading({
    transactor: database,
    situations: situationReader,
    readings: readingStore,
    model: patternModel(models),
  });
  const patternScan = new PatternScan({ ...insightParts, situations: situationReader, reading });
  const insightQueries = new InsightQueries(insightParts);
  const insights = new InsightService(insightParts);
  const summaryParts = { transactor: database, views: customerViewReader, summaries: summaryStore };
  const summaries = new Summaries({
    ...summaryParts,
    past: {
      async during(tx, accountId, range) {
        const stretch = await stretchOf(tx, accountId, range);
        const excerpts = stretch.interactions.map(({ occurredAt, content, ...rest }) => ({
          ...rest,
          at: occurredAt,
          text: content,
        }));
        return { accountName: stretch.accountName, highlights: highlightsOf(stretch), excerpts };
      },
    },
    model: summaryModel(models),
  });
  const views = new CustomerViewQueries({
    ...summaryParts,
    signals: {
      async signals(tx, accountId, now) {
        const situation = (await situationReader.situations(tx, [accountId])).get(accountId);
        return situation ? currentSignals(situation, now) : [];
      },
    },
    clock,
  });
  const planner = new Planner({
    transactor: database,
    reader: planningReader,
    turns: turnTaker,
    goals: goalQueries,
    insights,
    propose,
    control,
    clock,
    mostRequests: jobs.plannerRequests ?? DEFAULT_REQUESTS,
    model: planModel(models),
    check,
    windowMs: (jobs.plannerWindowDays ?? DEFAULT_WINDOW_DAYS) * DAY_MS,
    onTrouble: jobs.onTrouble,
  });
  const digests = new Digests({ transactor: database, digests: digestReader, clock, post });
  /** What each job does; one that is not here is answered NOT_AVAILABLE. */
  const bodies: JobBodies = jobs.bodies ?? {
    pattern_scan: (context) => patternScan.run(context),
    proactive_outreach_check: (context) => planner.run(context),
    goal_progress_update: goalProgressJob(goals),
    daily_digest_generation: (context) => digests.run(context),
    context_summarization: (context) => summaries.run(context),
  };
  const jobParts = {
    transactor: database,
    store: jobStore,
    clock,
    bodies,
    hours: jobs.hours,
  };
  const jobQueries = new JobQueries(jobParts);
  const jobRunner = new JobRunner({
    ...jobParts,
    board: jobBoard(database),
    events: eventWriter,
    leaseMs: jobs.leaseSeconds * 1_000,
    instance: `${hostname()}:${process.pid}:${randomBytes(3).toString('hex')}`,
    onTrouble: jobs.onTrouble,
  });
  return {
    jobRunner,
    jobQueries,
    patternScan,
    insights,
    planner,
    digests,
    resolvers: [
      new CustomerViewResolver(views, customers),
      new DigestResolver(digests),
      new GoalResolver(goals, goalQueries),
      new GoalLiveResolver(goalQueries),
      new GoalHistoryResolver(goalQueries),
      new GoalGapResolver(goalQueries),
      new MetricsResolver(metrics),
      new InsightResolver(insights, insightQueries),
      new InsightLiveResolver(insightQueries),
      new CompetitorResolver(new CompetitorList({ ...insightParts, competitors: competitorStore })),
      new PlannerResolver(planner),
      new JobResolver(jobRunner, jobQueries),
      new JobLiveResolver(jobQueries),
    ],
  };
}
