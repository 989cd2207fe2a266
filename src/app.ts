import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { EntitySchema } from '@mikro-orm/core';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { DestinationStream } from 'pino';
import { type Config, StartupError } from './config.js';
import { digestPostOf } from './digest-post.js';
import { AuditChainResolver, AuditResolver, SealingService, VerificationService } from './features/audit/index.js';
import { firstUnsealed, logHorizon, sealReader, sealWriter } from './features/audit/store/seals.js';
import {
  ActionHistoryResolver,
  ActionQueries,
  ApprovalVotesResolver,
  AutonomyLiveResolver,
  AutonomyResolver,
  CancelService,
  CheckResolver,
  CheckService,
  ClaimResolver,
  Deadlines,
  DecideService,
  DecidingResolver,
  DelegateService,
  DelegationResolver,
  DispatchService,
  EditService,
  Ground,
  Hearing,
  ProposeService,
  Readiness,
  ReconcileService,
  RunService,
  Signatures,
} from './features/autonomy/index.js';
import { delegationStore } from './features/autonomy/store/delegations.js';
import {
  ActionEntity,
  ApprovalEntity,
  DelegationEntity,
  RevisionEntity,
  VoteEntity,
} from './features/autonomy/store/schema.js';
import { actionStore, approvalStore, revisionStore, voteStore } from './features/autonomy/store/stores.js';
import { CustomerViewQueries, CustomerViewResolver } from './features/customer-view/index.js';
import { customerViewReader } from './features/customer-view/store/reader.js';
import {
  AccountResolver,
  CustomerQueries,
  CustomerRecordResolver,
  CustomersResolver,
  RecordService,
} from './features/customers/index.js';
import { recipientReader } from './features/customers/store/recipients.js';
import { referenceReader, replyReader } from './features/customers/store/references.js';
import { AccountEntity, ContactEntity, DealEntity, InteractionEntity } from './features/customers/store/schema.js';
import { customerReader, recordStore } from './features/customers/store/stores.js';
import { type DigestPost, DigestResolver, Digests } from './features/digest/index.js';
import { digestReader } from './features/digest/store/reader.js';
import {
  AttemptQueries,
  BuiltInHandlers,
  ConnectorService,
  type EmailSender,
  ExecutionResolver,
  ExecutionRunner,
  emailExecutor,
  LostExecutions,
  type Poster,
  payloadRules,
  type Sealer,
  webhookExecutor,
} from './features/execution/index.js';
import { EXECUTE_ACTION, executionJobs, executionQueue } from './features/execution/store/queue.js';
import { AttemptEntity, ConnectorEntity } from './features/execution/store/schema.js';
import { attemptStore, connectorStore } from './features/execution/store/stores.js';
import {
  GoalGapResolver,
  GoalHistoryResolver,
  GoalLiveResolver,
  GoalQueries,
  GoalResolver,
  GoalService,
  goalProgressJob,
} from './features/goals/index.js';
import { gapReader } from './features/goals/store/candidates.js';
import { goalPointStore } from './features/goals/store/points.js';
import { GoalEntity, GoalPointEntity } from './features/goals/store/schema.js';
import { goalStore } from './features/goals/store/store.js';
import {
  AccessResolver,
  ApiKeyService,
  CloneService,
  createTokens,
  DEMO_TENANT,
  IdentityResolver,
  IdentityService,
  openKeySet,
  Standings,
  type Tenant,
  type TenantOrder,
  TenantService,
  type Tokens,
  UserService,
  watchStandings,
} from './features/identity/index.js';
import { ApiKeyEntity, CloneEntity, UserEntity } from './features/identity/store/schema.js';
import { keyDirectory, standingReader } from './features/identity/store/standing.js';
import { apiKeyStore, cloneStore, identityLock, tenantDirectory, userStore } from './features/identity/store/stores.js';
import {
  DEFAULT_HOURS,
  type JobBodies,
  JobLiveResolver,
  type JobName,
  JobQueries,
  JobResolver,
  JobRunner,
} from './features/jobs/index.js';
import { JobRunEntity } from './features/jobs/store/schema.js';
import { jobBoard, jobStore } from './features/jobs/store/store.js';
import { MetricsGoalMeter, MetricsResolver, MetricsService } from './features/metrics/index.js';
import { figureReader } from './features/metrics/store/figures.js';
import {
  currentSignals,
  InsightLiveResolver,
  InsightQueries,
  InsightResolver,
  InsightService,
  PatternScan,
} from './features/patterns/index.js';
import { insightStore } from './features/patterns/store/insights.js';
import { InsightEntity } from './features/patterns/store/schema.js';
import { situationReader } from './features/patterns/store/situations.js';
import {
  BudgetUseService,
  GuardrailsResolver,
  PauseResolver,
  PauseService,
  PolicyResolver,
  PolicyService,
  RulesService,
  SimulationResolver,
  SimulationService,
} from './features/policy/index.js';
import { budgetStore } from './features/policy/store/budgets.js';
import { controlStore } from './features/policy/store/control.js';
import { proposalHistory } from './features/policy/store/history.js';
import { policyStore } from './features/policy/store/versions.js';
import { DEFAULT_WINDOW_DAYS, Planner, PlannerResolver } from './features/proactive/index.js';
import { planningReader } from './features/proactive/store/reader.js';
import { showFigures } from './figures.js';
import type { Actor, Role } from './kernel/actor.js';
import { type Clock, systemClock } from './kernel/clock.js';
import { DomainError } from './kernel/errors.js';
import { secretOf } from './platform/db/data-folder.js';
import { type Database, openDatabase } from './platform/db/database.js';
import { setFailpoint } from './platform/failpoints.js';
import { createApolloServer } from './platform/graphql/apollo.js';
import type { GraphQLContext } from './platform/graphql/context.js';
import { toClientError } from './platform/graphql/errors.js';
import { RateLimiter } from './platform/graphql/rate-limit.js';
import { schemaOf } from './platform/graphql/schema.js';
import { recordSockets } from './platform/graphql/socket-records.js';
import { openWebSocketDoor } from './platform/graphql/websocket.js';
import { createHealth } from './platform/http/health.js';
import { createHttpServer } from './platform/http/server.js';
import { createTraffic } from './platform/http/traffic.js';
import { startJobWorker } from './platform/jobs/durable-jobs.js';
import { createRounds, type Round } from './platform/jobs/rounds.js';
import { createMailAttempts } from './platform/mail/attempt.js';
import { createMailer } from './platform/mail/mailer.js';
import { createPoster } from './platform/outbound/post.js';
import { eventWriter } from './platform/realtime/event-log.js';
import { followLog } from './platform/realtime/follow.js';
import { startLog } from './platform/realtime/log.js';
import { logPages } from './platform/realtime/log-pages.js';
import { createReleases } from './platform/releases.js';
import { createSealer } from './platform/sealing.js';
import { createLogger } from './platform/telemetry/logger.js';
import { createMetrics } from './platform/telemetry/metrics.js';
import { startTracing } from './platform/telemetry/start-tracing.js';
import { listenProblem, reachDatabase, requireOrder, requireTenancy, takeFolder } from './startup.js';

export { findRunningServer, type RunningServer } from './platform/db/data-folder.js';

/** A running server. */
export interface App {
  readonly url: string;
  /** For demo tokens; the secret itself stays inside. */
  readonly tokens: Tokens;
  /** Stops taking requests, ends what runs, lets go of everything. Safe to call twice. */
  close(): Promise<void>;
  /** What `close` has not ended yet. */
  readonly unfinished: readonly string[];
}

/** What tests may replace. */
export interface AppOverrides {
  readonly clock?: Clock;
  /** An opened and migrated database instead of the one that the settings name. */
  readonly database?: Database;
  /** What jobs do, in place of the server's own. */
  readonly jobs?: JobBodies;
  /** Where log lines go instead of standard output. */
  readonly logTo?: DestinationStream;
}

/** The MikroORM mappings of all features. */
export const ENTITIES: readonly EntitySchema[] = [
  CloneEntity,
  UserEntity,
  ApiKeyEntity,
  AccountEntity,
  ContactEntity,
  DealEntity,
  InteractionEntity,
  ActionEntity,
  ApprovalEntity,
  VoteEntity,
  RevisionEntity,
  DelegationEntity,
  ConnectorEntity,
  AttemptEntity,
  GoalEntity,
  InsightEntity,
  GoalPointEntity,
  JobRunEntity,
];

const SWEEP_SECONDS = 30;
const SEAL_SECONDS = 5;
const CLAIM_SECONDS = 5;
/** How often due jobs are looked for, and how often runs under way are written down. */
const JOB_WAKE_SECONDS = 5;
const JOB_BEAT_SECONDS = 1;
/** Actions that connectors of this process run at once. */
const EXECUTIONS = 4;
const EXECUTION_POLL_SECONDS = 1;
/** How often actions are looked for whose job was lost. */
const LOST_SECONDS = 60;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What the features are built from. */
export interface FeatureParts {
  readonly database: Database;
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly approvalHours: number;
  /** How jobs run. Left out: as by default. */
  readonly jobs?: JobSettings;
  /** Where daily digests go by email. Left out: nowhere. */
  readonly post?: DigestPost | undefined;
  /** How connectors reach the outside. Left out: not at all. */
  readonly outside?: OutsideSettings;
}

export interface JobSettings {
  /** Hours between two runs of each. */
  readonly hours: Readonly<Record<JobName, number>>;
  readonly leaseSeconds: number;
  /** How long the planner does not propose the same again for an account. Left out: as by default. */
  readonly plannerWindowDays?: number;
  /** In place of the server's own. */
  readonly bodies?: JobBodies;
  /** Told of what failed, in words, and why. */
  readonly onTrouble: (error: unknown, what: string) => void;
}

/** How connectors reach the outside. */
export interface OutsideSettings {
  readonly sealer: Sealer;
  readonly poster: Poster;
  /** Undefined: this server sends no emails. */
  readonly emails: EmailSender | undefined;
  /** Host in the ids of emails. */
  readonly mailHost: string;
  /** How long to wait after a first attempt that did nothing, in milliseconds. */
  readonly firstDelayMs: number;
}

const NO_OUTSIDE: OutsideSettings = {
  sealer: createSealer('seals nothing'),
  poster: createPoster({ allowPrivate: false }),
  emails: undefined,
  mailHost: 'localhost',
  firstDelayMs: 5_000,
};

const QUIET_JOBS: JobSettings = { hours: DEFAULT_HOURS, leaseSeconds: 60, onTrouble: () => {} };

/** Builds the services over their stores, and the resolvers over the services. Starts nothing. */
export function composeFeatures({
  database,
  tokens,
  clock,
  approvalHours,
  jobs = QUIET_JOBS,
  outside = NO_OUTSIDE,
  post,
}: FeatureParts) {
  const standings = new Standings(standingReader(database));
  const identity = new IdentityService({
    tokens,
    tenants: tenantDirectory(database),
    keys: keyDirectory(database),
    standings,
    clock,
  });
  const access = { transactor: database, lock: identityLock, users: userStore, events: eventWriter, clock };
  const users = new UserService({ ...access, onChanged: (tenantId) => standings.distrust(tenantId) });
  const apiKeys = new ApiKeyService({ ...access, keys: apiKeyStore, clones: cloneStore }, users);
  let hasEnqueued = false;
  const noteEnqueued = (): void => {
    hasEnqueued = true;
  };
  const queue = executionQueue(noteEnqueued);
  const waiting = executionJobs(database, noteEnqueued);
  const shared = {
    transactor: database,
    actions: actionStore(database),
    approvals: approvalStore(database),
    votes: voteStore,
    revisions: revisionStore,
    delegations: delegationStore,
    roots: userStore,
    authority: userStore,
    queue,
    attempts: attemptStore,
    payloads: payloadRules,
    events: eventWriter,
    clock,
  };
  const queries = new ActionQueries(shared);
  const control = controlStore();
  const checking = {
    ...shared,
    references: referenceReader,
    control,
    budgets: budgetStore,
    approvalMs: approvalHours * HOUR_MS,
  };
  const propose = new ProposeService(checking);
  const hearing = new Hearing(shared);
  const signatures = new Signatures({ ...shared, replies: replyReader });
  const ground = new Ground({ ...checking, hearing, signatures });
  const decide = new DecideService({ ...shared, hearing, ground, signatures });
  const edit = new EditService({ ...checking, hearing, ground });
  const deadlines = new Deadlines({ ...shared, hearing });
  const cancel = new CancelService(shared);
  const readiness = new Readiness({ ...checking, signatures });
  const run = new RunService({ ...checking, readiness });
  const reconcile = new ReconcileService(shared);
  const dispatch = new DispatchService(shared);
  const customers = new CustomerQueries({ transactor: database, reader: customerReader });
  const records = new RecordService({ transactor: database, records: recordStore, events: eventWriter, clock });
  const goalParts = {
    transactor: database,
    goals: goalStore,
    points: goalPointStore,
    gaps: gapReader,
    clones: cloneStore,
    events: eventWriter,
    clock,
  };
  const { sealer, poster, emails, mailHost, firstDelayMs } = outside;
  const connectorParts = { connectors: connectorStore, sealer, poster, clock };
  const connectors = new ConnectorService({ ...connectorParts, transactor: database, events: eventWriter });
  const builtIn = new BuiltInHandlers(records, clock);
  const execution = new ExecutionRunner({
    ...shared,
    run,
    attempts: attemptStore,
    outside: {
      webhook: webhookExecutor(connectorParts),
      email: emailExecutor({
        connectors: connectorStore,
        recipients: recipientReader,
        records,
        sender: emails,
        clock,
        host: mailHost,
      }),
    },
    builtIn: (tx, action) => builtIn.run(tx, action),
    firstDelayMs,
  });
  const lost = new LostExecutions({ ...shared, jobs: waiting });
  const goalQueries = new GoalQueries(goalParts);
  const goals = new GoalService({ ...goalParts, meter: new MetricsGoalMeter(figureReader, clock) });
  const metrics = new MetricsService({ transactor: database, figures: figureReader, clones: cloneStore, clock });
  const sealing = new SealingService({ seals: sealWriter(database), clock });
  const verification = new VerificationService({ transactor: database, seals: sealReader, horizon: logHorizon });
  const insightParts = { transactor: database, insights: insightStore, events: eventWriter, clock };
  const patternScan = new PatternScan({ ...insightParts, situations: situationReader });
  const insightQueries = new InsightQueries(insightParts);
  const insights = new InsightService(insightParts);
  const views = new CustomerViewQueries({
    transactor: database,
    views: customerViewReader,
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
    goals: goalQueries,
    insights,
    propose,
    control,
    clock,
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
  const resolvers = [
    new GuardrailsResolver(new RulesService(checking)),
    new CheckResolver(new CheckService(checking)),
    new PauseResolver(
      new PauseService({ transactor: database, control, clones: cloneStore, waiting, events: eventWriter, clock }),
    ),
    new PolicyResolver(new PolicyService({ ...checking, policies: policyStore }), new BudgetUseService(checking)),
    new SimulationResolver(new SimulationService({ ...checking, history: proposalHistory })),
    new IdentityResolver(new CloneService({ ...access, clones: cloneStore })),
    new AccessResolver(users, apiKeys),
    new AutonomyResolver({ propose, run, queries }),
    new DecidingResolver({ decide, edit, cancel }),
    new DelegationResolver(new DelegateService(shared)),
    new ActionHistoryResolver(queries),
    new ApprovalVotesResolver(queries),
    new AutonomyLiveResolver(queries),
    new ClaimResolver(run, reconcile),
    new ExecutionResolver(connectors, dispatch, new AttemptQueries(database, attemptStore)),
    new CustomersResolver(customers),
    new AccountResolver(customers),
    new CustomerRecordResolver(records, customers),
    new CustomerViewResolver(views, customers),
    new DigestResolver(digests),
    new GoalResolver(goals, goalQueries),
    new GoalLiveResolver(goalQueries),
    new GoalHistoryResolver(goalQueries),
    new GoalGapResolver(goalQueries),
    new MetricsResolver(metrics),
    new InsightResolver(insights, insightQueries),
    new InsightLiveResolver(insightQueries),
    new PlannerResolver(planner),
    new JobResolver(jobRunner, jobQueries),
    new JobLiveResolver(jobQueries),
    new AuditResolver(database, logPages),
    new AuditChainResolver(verification),
  ];
  /** Whether a job was put in since it was last asked. */
  const hasNewJobs = (): boolean => {
    const had = hasEnqueued;
    hasEnqueued = false;
    return had;
  };
  return {
    execution,
    lost,
    hasNewJobs,
    identity,
    standings,
    deadlines,
    reconcile,
    propose,
    sealing,
    jobRunner,
    jobQueries,
    patternScan,
    insights,
    planner,
    digests,
    resolvers,
  };
}

/** The schema that a server serves, without starting one. */
export async function describeApi(): Promise<GraphQLSchema> {
  const database = await openDatabase({ location: { folder: undefined }, entities: ENTITIES });
  const tokens = createTokens('signs nothing', systemClock);
  const { resolvers } = composeFeatures({ database, tokens, clock: systemClock, approvalHours: 1 });
  const schema = await schemaOf(resolvers);
  await database.close();
  return schema;
}

/**
 * Signs and checks tokens as a server with these settings does, whether one runs or not.
 *
 * @param onUnreachable told why the keys of the outside issuer, if one is named, could not be read
 */
export function tokensOf(
  { jwtSecret, jwks, dataDir }: Config,
  clock: Clock = systemClock,
  onUnreachable: (cause: unknown) => void = () => {},
): Tokens {
  const keySet = jwks && openKeySet({ ...jwks, clock, onUnreachable });
  const tokens = createTokens(jwtSecret ?? (keySet ? undefined : secretOf(dataDir)), clock, keySet);
  if (tokens.canIssue) return tokens;
  const issue = async (): Promise<never> => {
    throw new StartupError(
      'COUNTERSIGN_JWT_SECRET: expected a secret to sign tokens with, got none beside COUNTERSIGN_JWKS_URL. ' +
        'Set it, or get a token from the issuer whose keys stand there.',
    );
  };
  return { ...tokens, issue };
}

/**
 * The one composition root: builds every part, connects them, listens.
 *
 * @throws StartupError with a line that says what to do, for what an operator can get wrong
 */
export async function createApp(config: Config, overrides: AppOverrides = {}): Promise<App> {
  const clock = overrides.clock ?? systemClock;
  const logger = createLogger({ level: config.logLevel, destination: overrides.logTo });
  const metrics = createMetrics();
  const releases = createReleases();

  try {
    if (config.failpoint) releases.add('the failpoint', setFailpoint(config.failpoint));
    const tracing = await startTracing(config.tracesUrl);
    releases.add('sending traces', () => tracing.stop());
    const aroundDatabase = <Result>(what: string, work: () => Promise<Result>) =>
      tracing.within(`database ${what}`, { 'db.system.name': 'postgresql' }, work);
    const lock = overrides.database || config.databaseUrl ? undefined : takeFolder(config.dataDir);
    if (lock) releases.add('the data folder', () => lock.release());
    const database = overrides.database ?? (await reachDatabase(config, ENTITIES, aroundDatabase));
    if (!overrides.database) releases.add('the database', () => database.close());
    await requireTenancy(database, config);
    await requireOrder(database, config);

    const tokens = tokensOf(config, clock, (err) => logger.error({ err }, 'reading the token issuer’s keys failed'));
    const { execution, lost, hasNewJobs, identity, standings, deadlines, reconcile, sealing, jobRunner, resolvers } =
      composeFeatures({
        database,
        tokens,
        clock,
        approvalHours: config.approvalHours,
        outside: outsideOf(config),
        post: digestPostOf(config, (slug) => tenantDirectory(database).find(slug)),
        jobs: {
          hours: config.jobHours,
          leaseSeconds: config.jobLeaseSeconds,
          plannerWindowDays: config.plannerWindowDays,
          ...(overrides.jobs && { bodies: overrides.jobs }),
          onTrouble: (err, what) => logger.error({ err }, what),
        },
      });
    if (config.development) await identity.createDemoTenant();

    const log = await startLog(database, {
      pollMs: config.logPollMs,
      retention: config.logRetentionDays
        ? {
            keepMs: config.logRetentionDays * DAY_MS,
            now: () => clock.now(),
            catchUp: (signal) => sealing.sealPending(signal),
            firstNeeded: firstUnsealed,
          }
        : undefined,
      onTrouble: (err, what) => logger.error({ err }, what),
    });
    releases.add('the event log', () => log.stop());
    const rounds = createRounds({
      onError: (err, round) => logger.error({ err, round }, 'a background round failed'),
      onRan: metrics.roundEnded,
      around: (name, work) => tracing.root(`round ${name}`, {}, work),
    });
    const start = (round: Round) => releases.add(`the round ${round.name}`, rounds.start(round));
    start({ name: 'keep_deadlines', everySeconds: SWEEP_SECONDS, run: () => deadlines.sweep() });
    start({ name: 'end_overdue_claims', everySeconds: CLAIM_SECONDS, run: () => reconcile.endOverdue() });
    start({ name: 'seal_log', everySeconds: SEAL_SECONDS, run: (signal) => sealing.sealPending(signal) });
    releases.add('jobs', () => jobRunner.stop());
    start({ name: 'extend_job_leases', everySeconds: JOB_BEAT_SECONDS, run: () => jobRunner.beat() });
    if (config.runsJobs) {
      const worker = await startJobWorker(database, {
        kind: EXECUTE_ACTION,
        run: (job) => execution.runJob(job),
        concurrency: EXECUTIONS,
        pollSeconds: EXECUTION_POLL_SECONDS,
        stopMs: config.shutdownSeconds * 1_000,
        onError: (err) => logger.error({ err }, 'running an action by its connector failed; trying again'),
      });
      releases.add('connectors', () => worker.stop());
      releases.add(
        'waking connectors',
        database.onLogged(() => {
          if (hasNewJobs()) worker.wake();
        }),
      );
      start({ name: 'find_lost_jobs', everySeconds: LOST_SECONDS, run: () => lost.sweep() });
      start({ name: 'start_due_jobs', everySeconds: JOB_WAKE_SECONDS, run: () => jobRunner.wake() });
    }

    const watch = watchStandings(standings, {
      onError: (err) => logger.error({ err }, 'looking after users and API keys failed; trying again'),
    });
    releases.add('the watch over users and API keys', () => watch.stop());
    releases.add('counting events', database.onLogged(metrics.logged));
    showFigures(metrics, { database, tail: log.tail, rounds });

    const limiter = new RateLimiter(config.rateLimits, metrics.refused);
    const contextFor = contextMaker(identity, followLog(log.tail, watch.watch), limiter);
    const formatError = (formatted: GraphQLFormattedError, thrown: unknown) =>
      toClientError(formatted, thrown, (err, errorId) => logger.error({ err, errorId }, 'unexpected failure'));
    const schema = await schemaOf(resolvers);
    const { introspection, allowedOrigins } = config;
    const apollo = createApolloServer({ schema, formatError, introspection, limiter, metrics });
    await apollo.start();
    releases.add('GraphQL', () => apollo.stop());

    const health = createHealth({
      migrations: () => database.migrations(),
      logLag: () => log.tail.lag(Date.now()),
      rounds: rounds.states,
    });
    const traffic = createTraffic();
    const http = await createHttpServer({
      apollo,
      contextFor,
      logger,
      metrics,
      metricsToken: config.metricsToken,
      development: config.development,
      allowedOrigins,
      health: health.report,
      traffic,
      tracing,
      graphiql: {
        folder: builtGraphiql(),
        settings: async () =>
          config.development && tokens.canIssue ? { tokens: await demoTokens(tokens, clock) } : {},
      },
    });
    releases.add('the HTTP server', () => http.close());
    releases.add('requests under way', () => traffic.drain());
    const closeSockets = openWebSocketDoor({
      server: http.server,
      path: '/graphql',
      schema,
      allowedOrigins,
      contextFor,
      formatError,
      introspection,
      limiter,
      logger,
      records: recordSockets(metrics, logger),
    });
    releases.add('sockets', closeSockets);
    const url = await http.listen({ port: config.port, host: config.host }).catch((cause: unknown) => {
      throw listenProblem(cause, config);
    });
    lock?.announce({ pid: process.pid, url });
    const close = (): Promise<void> => {
      health.startShutdown();
      void traffic.drain();
      return releases.releaseAll();
    };
    return {
      url,
      tokens,
      close,
      get unfinished() {
        return releases.unfinished;
      },
    };
  } catch (error) {
    await releases.releaseAll();
    throw error;
  }
}

/**
 * Creates a tenant in the database of these settings; servers on it know the tenant at once. The embedded database has
 * to be free: its server would have to do it.
 *
 * @throws StartupError also where a running server holds the data folder
 * @throws VALIDATION_FAILED, CONFLICT
 */
export async function createTenant(config: Config, order: TenantOrder): Promise<Tenant> {
  const lock = config.databaseUrl === undefined ? takeFolder(config.dataDir) : undefined;
  try {
    const database = await reachDatabase(config, ENTITIES);
    try {
      await requireTenancy(database, config);
      return await new TenantService({ tenants: tenantDirectory(database), clock: systemClock }).create(order);
    } finally {
      await database.close();
    }
  } finally {
    lock?.release();
  }
}

function outsideOf(config: Config): OutsideSettings {
  const { sealingKey, jwtSecret, jwks, databaseUrl, dataDir, mail, allowPrivateTargets, retrySeconds } = config;
  const key = sealingKey ?? jwtSecret ?? (jwks || databaseUrl ? undefined : secretOf(dataDir));
  const unsealable = (): never => {
    throw new DomainError(
      'VALIDATION_FAILED',
      'This server has nothing to seal secrets with: set COUNTERSIGN_SEALING_KEY.',
    );
  };
  const from = mail?.from.replace(/^.*<|>$/g, '') ?? '';
  return {
    sealer: key === undefined ? { seal: unsealable, open: unsealable } : createSealer(key),
    poster: createPoster({ allowPrivate: allowPrivateTargets }),
    emails: mail && createMailAttempts(createMailer({ url: mail.smtpUrl, from: mail.from })),
    mailHost: from.slice(from.lastIndexOf('@') + 1) || 'localhost',
    firstDelayMs: retrySeconds * 1_000,
  };
}

/** Ready-to-paste tokens for trying things out in the demo tenant. Good for a day. */
export async function demoTokens(
  tokens: Tokens,
  clock: Clock,
): Promise<Record<'agent' | 'approver' | 'admin', string>> {
  const expiresAt = new Date(clock.now().getTime() + 24 * HOUR_MS);
  const issue = (user: string, role: Role) => tokens.issue({ tenant: DEMO_TENANT, user, roles: [role], expiresAt });
  return {
    agent: await issue('agent-one', 'agent'),
    approver: await issue('ana', 'approver'),
    admin: await issue('adam', 'admin'),
  };
}

/**
 * A caller who cannot be recognised gets a context too; it refuses when a resolver asks who calls. So a refusal, and
 * a database that does not answer, reach the client through the one error mapper. Whoever asks too much gets none: it
 * rejects.
 */
const contextMaker =
  (identity: IdentityService, follow: GraphQLContext['follow'], limiter: RateLimiter) =>
  async (authorization: string | undefined, address: string | undefined): Promise<GraphQLContext> => {
    const proof = await identity.authenticate(authorization).catch((error: unknown) => asError(error));
    const actor = (): Actor => {
      if (proof instanceof Error) throw proof;
      return proof.actor();
    };
    const context = { actor, follow };
    await limiter.countRequest(context, address);
    return context;
  };

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** The built GraphiQL page beside the compiled server, or beside the sources when they run directly. */
function builtGraphiql(): string | undefined {
  const folders = [new URL('./graphiql/', import.meta.url), new URL('../dist/graphiql/', import.meta.url)];
  return folders.map((folder) => fileURLToPath(folder)).find((folder) => existsSync(folder));
}
