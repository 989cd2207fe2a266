import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { GraphQLFormattedError } from 'graphql';
import type { DestinationStream } from 'pino';
import { tenantFinder, tenantsOf } from './compose/access.js';
import { contextMaker } from './compose/context.js';
import { ENTITIES } from './compose/entities.js';
import { showFigures } from './compose/figures.js';
import { composeFeatures, EXECUTE_ACTION, firstUnsealed } from './compose/index.js';
import { digestPostOf, mailerOf, modelOf, outsideOf } from './compose/outside.js';
import type { Config } from './config.js';
import { type Tenant, type TenantOrder, type Tokens, watchStandings } from './features/identity/index.js';
import type { JobBodies } from './features/jobs/index.js';
import { type Clock, systemClock } from './kernel/clock.js';
import type { ReportUnexpected } from './kernel/errors.js';
import type { Database } from './platform/db/database.js';
import { setFailpoint } from './platform/failpoints.js';
import { createApolloServer } from './platform/graphql/apollo.js';
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
import { followLog } from './platform/realtime/follow.js';
import { startLog } from './platform/realtime/log.js';
import { createReleases } from './platform/releases.js';
import { createLogger } from './platform/telemetry/logger.js';
import { createMetrics } from './platform/telemetry/metrics.js';
import { startTracing } from './platform/telemetry/start-tracing.js';
import { listenProblem, reachDatabase, requireOrder, requireTenancy, takeFolder } from './startup.js';
import { demoTokens, tokensOf } from './tokens.js';

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
  /** Whoever moves the clock ends by hand what is over by it: by itself the server would, at any moment. */
  readonly sweeps?: 'by hand';
  /** Where log lines go instead of standard output. */
  readonly logTo?: DestinationStream;
}

const SWEEP_SECONDS = 30;
const SEAL_SECONDS = 5;
const CLAIM_SECONDS = 5;
/** How often due jobs are looked for, and how often runs under way are written down. */
const JOB_WAKE_SECONDS = 5;
const JOB_BEAT_SECONDS = 1;
/** Actions that connectors of this process run at once. */
const EXECUTIONS = 8;
/** Of these, actions of one tenant: so many may wait for receivers that hang. */
const EXECUTIONS_OF_A_TENANT = 3;
const EXECUTION_POLL_SECONDS = 1;
/** How often actions are looked for whose job was lost. */
const LOST_SECONDS = 60;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Starts every part of what `src/compose/` connects, and listens.
 *
 * @throws StartupError with a line that says what to do, for what an operator can get wrong
 */
export async function createApp(config: Config, overrides: AppOverrides = {}): Promise<App> {
  const clock = overrides.clock ?? systemClock;
  const logger = createLogger({ level: config.logLevel, destination: overrides.logTo });
  const metrics = createMetrics();
  const releases = createReleases();

  try {
    if (config.failpoint) {
      const { name, action } = config.failpoint;
      const tell = () => logger.fatal({ failpoint: name, action }, 'the failpoint is struck');
      releases.add('the failpoint', setFailpoint(config.failpoint, tell));
    }
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

    const reportUnexpected: ReportUnexpected = (err, errorId) => logger.error({ err, errorId }, 'unexpected failure');
    const tokens = tokensOf(config, clock, (err) => logger.error({ err }, 'reading the token issuer’s keys failed'));
    const mailer = mailerOf(config);
    const { execution, lost, hasNewJobs, identity, standings, deadlines, reconcile, sealing, jobRunner, ...rest } =
      composeFeatures({
        database,
        tokens,
        clock,
        approvalHours: config.approvalHours,
        outside: outsideOf(config, mailer),
        reportUnexpected,
        model: await modelOf(config, metrics.asked),
        post: digestPostOf(config, mailer, tenantFinder(database)),
        jobs: {
          hours: config.jobHours,
          leaseSeconds: config.jobLeaseSeconds,
          plannerRequests: config.plannerRequests,
          plannerWindowDays: config.plannerWindowDays,
          ...(overrides.jobs && { bodies: overrides.jobs }),
          onTrouble: (err, what) => logger.error({ err }, what),
        },
      });
    const { models, resolvers } = rest;
    releases.add('questions to the model', () => models.stop());
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
    if (overrides.sweeps !== 'by hand') {
      start({ name: 'keep_deadlines', everySeconds: SWEEP_SECONDS, run: () => deadlines.sweep() });
      start({ name: 'end_overdue_claims', everySeconds: CLAIM_SECONDS, run: () => reconcile.endOverdue() });
    }
    start({ name: 'seal_log', everySeconds: SEAL_SECONDS, run: (signal) => sealing.sealPending(signal) });
    releases.add('jobs', () => jobRunner.stop());
    start({ name: 'extend_job_leases', everySeconds: JOB_BEAT_SECONDS, run: () => jobRunner.beat() });
    if (config.runsJobs) {
      const worker = await startJobWorker(database, {
        kind: EXECUTE_ACTION,
        run: (job) => execution.runJob(job),
        concurrency: EXECUTIONS,
        perTenant: EXECUTIONS_OF_A_TENANT,
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
      toClientError(formatted, thrown, reportUnexpected);
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
      // Requests that wait for the model would keep everything else from ending.
      models.stop();
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
      return await tenantsOf(database, systemClock).create(order);
    } finally {
      await database.close();
    }
  } finally {
    lock?.release();
  }
}

/** The built GraphiQL page beside the compiled server, or beside the sources when they run directly. */
function builtGraphiql(): string | undefined {
  const folders = [new URL('./graphiql/', import.meta.url), new URL('../dist/graphiql/', import.meta.url)];
  return folders.map((folder) => fileURLToPath(folder)).find((folder) => existsSync(folder));
}
