import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { EntitySchema } from '@mikro-orm/core';
import type { GraphQLFormattedError } from 'graphql';
import pino from 'pino';
import { AsyncTask, SimpleIntervalJob, ToadScheduler } from 'toad-scheduler';
import { type Config, StartupError } from './config.js';
import { AuditResolver } from './features/audit/index.js';
import {
  ActionQueries,
  AutonomyLiveResolver,
  AutonomyResolver,
  DecideService,
  ProposeService,
  RunService,
} from './features/autonomy/index.js';
import { ActionEntity, ApprovalEntity } from './features/autonomy/store/schema.js';
import { actionStore, approvalStore } from './features/autonomy/store/stores.js';
import { referenceReader } from './features/customers/store/references.js';
import { GuardrailsResolver } from './features/guardrails/index.js';
import {
  createTokens,
  DEMO_TENANT,
  IdentityResolver,
  IdentityService,
  type Tokens,
} from './features/identity/index.js';
import { CloneEntity } from './features/identity/store/schema.js';
import { cloneStore, tenantDirectory } from './features/identity/store/stores.js';
import type { Actor, Role } from './kernel/actor.js';
import { type Clock, systemClock } from './kernel/clock.js';
import { DomainError } from './kernel/errors.js';
import { type FolderLock, lockDataFolder, secretOf } from './platform/db/data-folder.js';
import { type Database, type DatabaseLocation, openDatabase } from './platform/db/database.js';
import type { GraphQLContext } from './platform/graphql/context.js';
import { toClientError } from './platform/graphql/errors.js';
import { DOCUMENT_LIMITS } from './platform/graphql/limits.js';
import { schemaOf } from './platform/graphql/schema.js';
import { openWebSocketDoor } from './platform/graphql/websocket.js';
import { createHttpServer } from './platform/http/server.js';
import { eventWriter } from './platform/realtime/event-log.js';
import { startEventTail } from './platform/realtime/event-tail.js';
import { followLog } from './platform/realtime/follow.js';
import { logPages } from './platform/realtime/log-pages.js';

/** A running server. */
export interface App {
  readonly url: string;
  /** For demo tokens; the secret itself stays inside. */
  readonly tokens: Tokens;
  /** Stops taking requests, ends what runs, lets go of everything. Safe to call twice. */
  close(): Promise<void>;
}

/** What tests may replace. */
export interface AppOverrides {
  readonly clock?: Clock;
  /** An opened and migrated database instead of the one that the settings name. */
  readonly database?: Database;
}

/** The MikroORM mappings of all features. */
export const ENTITIES: readonly EntitySchema[] = [CloneEntity, ActionEntity, ApprovalEntity];

/** How often the log is read when no hint came, in milliseconds. */
const POLL_MS = 250;
const SWEEP_SECONDS = 30;
const HOUR_MS = 3_600_000;

/** What the features are built from. */
export interface FeatureParts {
  readonly database: Database;
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly approvalHours: number;
}

/** Builds the services over their stores, and the resolvers over the services. Starts nothing. */
export function composeFeatures({ database, tokens, clock, approvalHours }: FeatureParts) {
  const identity = new IdentityService({
    tokens,
    tenants: tenantDirectory(database),
    clones: cloneStore,
    transactor: database,
    clock,
  });
  const shared = {
    transactor: database,
    actions: actionStore,
    approvals: approvalStore(database),
    events: eventWriter,
    clock,
  };
  const queries = new ActionQueries(shared);
  const decide = new DecideService(shared);
  const propose = new ProposeService({ ...shared, references: referenceReader, approvalMs: approvalHours * HOUR_MS });
  const resolvers = [
    new GuardrailsResolver(),
    new IdentityResolver(identity),
    new AutonomyResolver({ propose, decide, run: new RunService(shared), queries }),
    new AutonomyLiveResolver(queries),
    new AuditResolver(database, logPages),
  ];
  return { identity, decide, propose, resolvers };
}

/**
 * The one composition root: builds every part, connects them, listens.
 *
 * @throws StartupError with a line that says what to do, for what an operator can get wrong
 */
export async function createApp(config: Config, overrides: AppOverrides = {}): Promise<App> {
  const clock = overrides.clock ?? systemClock;
  const logger = pino({ level: config.logLevel });
  /** How to stop what has been started, newest last. */
  const releases: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (let release = releases.pop(); release; release = releases.pop()) await release();
  };

  try {
    const lock = overrides.database || config.databaseUrl ? undefined : takeFolder(config.dataDir);
    if (lock) releases.push(() => lock.release());
    const database = overrides.database ?? (await reachDatabase(config));
    if (!overrides.database) releases.push(() => database.close());

    const tokens = createTokens(config.jwtSecret ?? secretOf(config.dataDir), clock);
    const { identity, decide, resolvers } = composeFeatures({
      database,
      tokens,
      clock,
      approvalHours: config.approvalHours,
    });
    await identity.createDemoTenant();

    const tail = await startEventTail(database, {
      pollMs: POLL_MS,
      onError: (err) => logger.error({ err }, 'reading the log failed'),
    });
    releases.push(() => tail.stop());
    database.onCommit(tail.wake);
    releases.push(startSweep(decide, (err) => logger.error({ err }, 'ending overdue requests failed')));

    const contextFor = contextMaker(identity, followLog(tail), clock);
    const formatError = (formatted: GraphQLFormattedError, thrown: unknown) =>
      toClientError(formatted, thrown, (err, errorId) => logger.error({ err, errorId }, 'unexpected failure'));
    const schema = await schemaOf(resolvers);
    const apollo = new ApolloServer<GraphQLContext>({
      schema,
      formatError,
      parseOptions: DOCUMENT_LIMITS,
      introspection: config.development,
      includeStacktraceInErrorResponses: false,
      stopOnTerminationSignals: false,
      plugins: [ApolloServerPluginLandingPageDisabled()],
    });
    await apollo.start();
    releases.push(() => apollo.stop());

    const http = await createHttpServer({
      apollo,
      contextFor,
      logger,
      notReady: () => databaseProblem(database),
      graphiql: {
        folder: builtGraphiql(),
        settings: async () => (config.development ? { tokens: await demoTokens(tokens, clock) } : {}),
      },
    });
    releases.push(() => http.close());
    releases.push(openWebSocketDoor({ server: http.server, path: '/graphql', schema, contextFor, formatError }));
    const url = await http.listen({ port: config.port, host: config.host }).catch((cause: unknown) => {
      throw listenProblem(cause, config);
    });
    lock?.announce({ pid: process.pid, url });
    return { url, tokens, close };
  } catch (error) {
    await close();
    throw error;
  }
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

function takeFolder(folder: string): FolderLock {
  const lock = lockDataFolder(folder);
  if (lock) return lock;
  throw new StartupError(
    `COUNTERSIGN_DATA_DIR: expected a folder that no other process uses, got ${JSON.stringify(folder)}, which a running server holds. ` +
      'Stop that server, or name another folder.',
  );
}

async function reachDatabase(config: Config): Promise<Database> {
  const location: DatabaseLocation =
    config.databaseUrl === undefined ? { folder: join(config.dataDir, 'pg') } : { url: config.databaseUrl };
  const database = await openDatabase({ location, entities: ENTITIES });
  try {
    await database.asServer((sql) => sql('select 1'));
  } catch (cause) {
    await database.close();
    const named = config.databaseUrl === undefined ? 'COUNTERSIGN_DATA_DIR' : 'DATABASE_URL';
    throw new StartupError(`${named}: expected a database that answers; got: ${reasonOf(cause)}`, { cause });
  }
  await database.migrate();
  return database;
}

const databaseProblem = (database: Database): Promise<string | undefined> =>
  database
    .asServer((sql) => sql('select 1'))
    .then(
      () => undefined,
      () => 'the database does not answer',
    );

function startSweep(decide: DecideService, onError: (error: unknown) => void): () => void {
  const scheduler = new ToadScheduler();
  const task = new AsyncTask('end overdue requests', async () => void (await decide.expireOverdue()), onError);
  scheduler.addSimpleIntervalJob(
    new SimpleIntervalJob({ seconds: SWEEP_SECONDS, runImmediately: true }, task, { preventOverrun: true }),
  );
  return () => scheduler.stop();
}

/** A caller who cannot be recognised gets a context too; it refuses when a resolver asks who calls. */
const contextMaker =
  (identity: IdentityService, follow: GraphQLContext['follow'], clock: Clock) =>
  async (authorization: string | undefined): Promise<GraphQLContext> => {
    const proof = await identity.authenticate(authorization).catch((error: unknown) => {
      if (error instanceof DomainError) return error;
      throw error;
    });
    const actor = (): Actor => {
      if (proof instanceof DomainError) throw proof;
      if (clock.now() >= proof.expiresAt)
        throw new DomainError('UNAUTHENTICATED', 'The token has expired; get a new one.');
      return proof.actor;
    };
    return { actor, follow };
  };

function listenProblem(cause: unknown, { host, port }: Config): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EADDRINUSE') {
    return new StartupError(`PORT: expected a free port, got ${port}, which something else on ${host} listens on.`, {
      cause,
    });
  }
  if (code === 'EACCES') return new StartupError(`PORT: expected a port this user may open, got ${port}.`, { cause });
  if (code === 'ENOTFOUND' || code === 'EADDRNOTAVAIL') {
    return new StartupError(`HOST: expected an address of this machine, got ${JSON.stringify(host)}.`, { cause });
  }
  return cause;
}

const reasonOf = (error: unknown): string => {
  if (error instanceof AggregateError && error.message === '') return reasonOf(error.errors[0]);
  return error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : String(error);
};

/** The built GraphiQL page beside the compiled server, or beside the sources when they run directly. */
function builtGraphiql(): string | undefined {
  const folders = [new URL('./graphiql/', import.meta.url), new URL('../dist/graphiql/', import.meta.url)];
  return folders.map((folder) => fileURLToPath(folder)).find((folder) => existsSync(folder));
}
