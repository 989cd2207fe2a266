import type { EntitySchema } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { MikroORM as PgliteOrm } from '@mikro-orm/pglite';
import { MikroORM as PostgresOrm, type SqlEntityManager } from '@mikro-orm/postgresql';
import { CompiledQuery, type Transaction } from 'kysely';
import type { Pool } from 'pg';
import type { Id } from '../../kernel/ids.js';
import { isId } from '../../kernel/ids.js';
import type { LoggedEvent, Transactor, Tx } from '../../kernel/transaction.js';
import { type JobDatabase, migrateJobTables } from '../jobs/job-tables.js';
import { jobsOnPglite, jobsOnPostgres } from './job-database.js';
import { Migration0001Ground } from './migrations/0001-ground.js';
import { Migration0002LogHorizon } from './migrations/0002-log-horizon.js';
import { Migration0003AuditChain } from './migrations/0003-audit-chain.js';
import { Migration0004Identity } from './migrations/0004-identity.js';
import { Migration0005Approvals } from './migrations/0005-approvals.js';
import { Migration0006ReadPaths } from './migrations/0006-read-paths.js';
import { Migration0007Insights } from './migrations/0007-insights.js';
import { Migration0008JobsAndGoalPoints } from './migrations/0008-jobs-and-goal-points.js';
import { Migration0010Policy } from './migrations/0010-policy.js';
import { Migration0011Deciding } from './migrations/0011-deciding.js';
import { Migration0012Execution } from './migrations/0012-execution.js';
import { Migration0013WakingConnectors } from './migrations/0013-waking-connectors.js';
import { Migration0014AttemptTarget } from './migrations/0014-attempt-target.js';
import { Migration0015Models } from './migrations/0015-models.js';
import { Migration0016AccountSummaries } from './migrations/0016-account-summaries.js';
import { Migration0017PlannerTurn } from './migrations/0017-planner-turn.js';
import { Migration0018PatternSettings } from './migrations/0018-pattern-settings.js';
import { Migration0020JobsByTenant } from './migrations/0020-jobs-by-tenant.js';
import { Migration0021ClaimKey } from './migrations/0021-claim-key.js';
import { Migration0022WhoSaidSo } from './migrations/0022-who-said-so.js';
import { Migration0023WhatAVoteHadSeen } from './migrations/0023-what-a-vote-had-seen.js';
import { Migration0025ClaimedAt } from './migrations/0025-claimed-at.js';
import { boundTransaction, connectionOptions, releaseLost } from './postgres.js';
import { literal, readOnce, seeOnly } from './read-once.js';

/** Where the data lives: a folder for the embedded database (none: in memory), or a PostgreSQL URL. */
export type DatabaseLocation = { readonly folder: string | undefined } | { readonly url: string };

/** Runs one statement with real parameters on an open transaction and gives its rows. */
export type Sql = <Row>(text: string, parameters?: readonly unknown[]) => Promise<Row[]>;

export interface Database extends Transactor {
  /**
   * A transaction of the server itself, which sees all tenants: for the log's reader, tenants, and sweeps.
   * Never for anything a caller named by id.
   */
  asServer<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /**
   * One reading statement in a transaction of its own, which sees one tenant only: for reads on hot paths.
   *
   * @param statement complete; values stand in it as `literal` writes them
   */
  readOnce<Row>(tenantId: Id, statement: string): Promise<Row[]>;
  migrate(): Promise<void>;
  /**
   * Called after each committed tenant transaction that wrote to the log, with what `noteLogged` was told of. Gives
   * how to stop being called.
   */
  onLogged(listener: (events: readonly LoggedEvent[]) => void): () => void;
  /** Which changes of the tables this version brings and the database has not had, and the other way round. */
  migrations(): Promise<{ readonly pending: readonly string[]; readonly newer: readonly string[] }>;
  /** How the connections of this process stand; undefined for the embedded database, which has only one. */
  pool(): PoolFigures | undefined;
  /** How to open a PostgreSQL connection beside the pool; undefined for the embedded database, which has only one. */
  readonly direct: DirectConnection | undefined;
  /** How the library that keeps durable jobs speaks to this database. */
  readonly jobs: JobDatabase;
  close(): Promise<void>;
}

/** Connections that are open, those of them that nobody uses, and how many callers wait for one. */
export interface PoolFigures {
  readonly open: number;
  readonly idle: number;
  readonly waiting: number;
  readonly most: number;
}

/** Options of a `pg` client. */
export interface DirectConnection extends ReturnType<typeof connectionOptions> {
  readonly connectionString: string;
}

interface OpenTx {
  readonly tenantId: Id;
  readonly em: SqlEntityManager;
  /** Whether it has written to the log. */
  logged: boolean;
  /** What it has written there, as far as it was noted. */
  readonly noted: LoggedEvent[];
}

const opened = (tx: Tx): OpenTx => tx as unknown as OpenTx;

/** The entity manager of an open transaction. Only stores call this. */
export const emOf = (tx: Tx): SqlEntityManager => opened(tx).em;

/** Recognised by its text, so that no writer can forget to say so: readers would then wait for the next poll. */
const WRITES_LOG = /\binsert into event\b/;

/** Prepared-style SQL on an open transaction, past the unit of work: for hot paths and conditional writes. */
export const sqlOf = (tx: Tx): Sql => {
  const open = opened(tx);
  const sql = sqlOn(open.em);
  return (text, parameters) => {
    open.logged ||= WRITES_LOG.test(text);
    return sql(text, parameters);
  };
};

/** Remembers what this transaction writes to the log, for those who are told after the commit. */
export const noteLogged = (tx: Tx, events: readonly LoggedEvent[]): void => {
  opened(tx).noted.push(...events);
};

const sqlOn =
  (em: SqlEntityManager): Sql =>
  async <Row>(text: string, parameters: readonly unknown[] = []) => {
    const transaction = em.getTransactionContext<Transaction<unknown>>();
    if (!transaction) throw new Error('SQL outside a transaction');
    const { rows } = await transaction.executeQuery<Row>(CompiledQuery.raw(text, [...parameters]));
    return rows;
  };

/** In the order in which they run. */
const MIGRATIONS = [
  Migration0001Ground,
  Migration0002LogHorizon,
  Migration0003AuditChain,
  Migration0004Identity,
  Migration0005Approvals,
  Migration0006ReadPaths,
  Migration0007Insights,
  Migration0008JobsAndGoalPoints,
  Migration0010Policy,
  Migration0011Deciding,
  Migration0012Execution,
  Migration0013WakingConnectors,
  Migration0014AttemptTarget,
  Migration0015Models,
  Migration0016AccountSummaries,
  Migration0017PlannerTurn,
  Migration0018PatternSettings,
  Migration0020JobsByTenant,
  Migration0021ClaimKey,
  Migration0022WhoSaidSo,
  Migration0023WhatAVoteHadSeen,
  Migration0025ClaimedAt,
];

export interface DatabaseOptions {
  readonly location: DatabaseLocation;
  /** The MikroORM mappings of all features. */
  readonly entities: readonly EntitySchema[];
  /** A database folder dumped earlier, to start the embedded database from instead of from nothing. */
  readonly loadDataDir?: Blob;
  /** Most connections this process may hold. The embedded database always has exactly one. */
  readonly poolSize?: number;
  /** How long a statement on PostgreSQL may take, and a connection stay silent, in milliseconds. */
  readonly timeoutMs?: number;
  /** Puts something around each transaction, such as a trace. */
  readonly around?: <Result>(what: 'transaction' | 'read', work: () => Promise<Result>) => Promise<Result>;
}

/** Opens the database; the same code runs on both. Call `migrate` before first use and `close` at the end. */
export async function openDatabase({
  location,
  entities,
  loadDataDir,
  poolSize = 20,
  timeoutMs = 10_000,
  around = (_what, work) => work(),
}: DatabaseOptions): Promise<Database> {
  const shared = {
    entities: [...entities],
    extensions: [Migrator],
    migrations: {
      migrationsList: MIGRATIONS,
      snapshot: false,
      silent: true,
    },
    allowGlobalContext: false,
    discovery: { warnWhenNoEntities: false },
  };
  let connections: Pool | undefined;
  const orm =
    'url' in location
      ? await PostgresOrm.init({
          ...shared,
          clientUrl: location.url,
          pool: { min: 0, max: poolSize, idleTimeoutMillis: timeoutMs },
          driverOptions: {
            ...connectionOptions(timeoutMs),
            onPoolCreated(created: Pool) {
              connections = created;
              releaseLost(created);
            },
          },
        })
      : await PgliteOrm.init({
          ...shared,
          dbName: location.folder ?? 'memory://',
          driverOptions: () => ({ loadDataDir }),
        });
  const listeners = new Set<(events: readonly LoggedEvent[]) => void>();
  const rootEm = orm.em as unknown as SqlEntityManager;
  const bounds = 'url' in location ? boundTransaction(timeoutMs) : undefined;

  const database: Database = {
    async run(tenantId, work) {
      // The id comes from a resolved tenant; checking again keeps a mistake from becoming a filter on nothing.
      if (!isId(tenantId)) throw new Error(`not a tenant id: ${JSON.stringify(tenantId)}`);
      const open: { logged: boolean; noted: LoggedEvent[] } = { logged: false, noted: [] };
      const transact = () =>
        rootEm.fork().transactional(async (em) => {
          const tx = Object.assign(open, { tenantId, em }) satisfies OpenTx as unknown as Tx;
          await sqlOn(em)(`select ${seeOnly('$1')}${bounds === undefined ? '' : `, ${bounds}`}`, [tenantId]);
          return work(tx);
        });
      const result = await around('transaction', transact);
      if (open.logged) for (const listener of listeners) listener(open.noted);
      return result;
    },
    async readOnce(tenantId, statement) {
      if (!isId(tenantId)) throw new Error(`not a tenant id: ${JSON.stringify(tenantId)}`);
      // The embedded database takes one statement a message, and messages cost it nothing.
      if (!(orm instanceof PostgresOrm)) return database.run(tenantId, (tx) => sqlOf(tx)(statement));
      const pool = await orm.em.getConnection().getNativeClient();
      return around('read', () => readOnce(pool, `${seeOnly(literal(tenantId))}, ${bounds}`, statement));
    },
    asServer: (work) =>
      around('transaction', () =>
        rootEm.fork().transactional(async (em) => {
          if (bounds !== undefined) await sqlOn(em)(`select ${bounds}`);
          return work(sqlOn(em));
        }),
      ),
    async migrate() {
      if (!('url' in location)) {
        await orm.migrator.up();
        await migrateJobTables(database.jobs);
        return;
      }
      // On connections of their own, which may take their time: building an index does.
      const patient = await PostgresOrm.init({ ...shared, clientUrl: location.url, pool: { min: 0, max: 2 } });
      try {
        // Instances starting together take turns; the lock falls with its connection.
        await (patient.em.fork() as unknown as SqlEntityManager).transactional(async (em) => {
          await sqlOn(em)(`select pg_advisory_xact_lock(hashtext('countersign.migrate'))`);
          await patient.migrator.up();
          await migrateJobTables(jobsOnPostgres(() => patient.em.getConnection().getNativeClient()));
        });
      } finally {
        await patient.close();
      }
    },
    pool: () =>
      connections && {
        open: connections.totalCount,
        idle: connections.idleCount,
        waiting: connections.waitingCount,
        most: poolSize,
      },
    async migrations() {
      const known = MIGRATIONS.map(({ name }) => name);
      const applied = await database.asServer((sql) => sql<{ name: string }>('select name from mikro_orm_migrations'));
      const names = applied.map(({ name }) => name);
      return {
        pending: known.filter((name) => !names.includes(name)),
        newer: names.filter((name) => !known.includes(name)),
      };
    },
    onLogged(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    direct: 'url' in location ? { connectionString: location.url, ...connectionOptions(timeoutMs) } : undefined,
    jobs: jobsOf(orm),
    close: () => orm.close(),
  };
  return database;
}

const jobsOf = (orm: PostgresOrm | PgliteOrm): JobDatabase =>
  orm instanceof PostgresOrm
    ? jobsOnPostgres(() => orm.em.getConnection().getNativeClient())
    : jobsOnPglite(() => orm.em.getConnection().getNativeClient());
