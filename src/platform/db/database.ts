import type { EntitySchema } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { MikroORM as PgliteOrm } from '@mikro-orm/pglite';
import { MikroORM as PostgresOrm, type SqlEntityManager } from '@mikro-orm/postgresql';
import { CompiledQuery, type Transaction } from 'kysely';
import type { Id } from '../../kernel/ids.js';
import { isId } from '../../kernel/ids.js';
import type { Transactor, Tx } from '../../kernel/transaction.js';
import { Migration0001Ground } from './migrations/0001-ground.js';
import { Migration0002LogHorizon } from './migrations/0002-log-horizon.js';
import { Migration0003AuditChain } from './migrations/0003-audit-chain.js';
import { Migration0004Identity } from './migrations/0004-identity.js';
import { Migration0005Approvals } from './migrations/0005-approvals.js';
import { Migration0008JobsAndGoalPoints } from './migrations/0008-jobs-and-goal-points.js';
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
  /** Called after each committed tenant transaction that wrote to the log. Gives how to stop being called. */
  onLogged(listener: () => void): () => void;
  /** How to open a PostgreSQL connection beside the pool; undefined for the embedded database, which has only one. */
  readonly direct: DirectConnection | undefined;
  close(): Promise<void>;
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

const sqlOn =
  (em: SqlEntityManager): Sql =>
  async <Row>(text: string, parameters: readonly unknown[] = []) => {
    const transaction = em.getTransactionContext<Transaction<unknown>>();
    if (!transaction) throw new Error('SQL outside a transaction');
    const { rows } = await transaction.executeQuery<Row>(CompiledQuery.raw(text, [...parameters]));
    return rows;
  };

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
}

/** Opens the database; the same code runs on both. Call `migrate` before first use and `close` at the end. */
export async function openDatabase({
  location,
  entities,
  loadDataDir,
  poolSize = 20,
  timeoutMs = 10_000,
}: DatabaseOptions): Promise<Database> {
  const shared = {
    entities: [...entities],
    extensions: [Migrator],
    migrations: {
      migrationsList: [
        Migration0001Ground,
        Migration0002LogHorizon,
        Migration0003AuditChain,
        Migration0004Identity,
        Migration0005Approvals,
        Migration0008JobsAndGoalPoints,
      ],
      snapshot: false,
      silent: true,
    },
    allowGlobalContext: false,
    discovery: { warnWhenNoEntities: false },
  };
  const orm =
    'url' in location
      ? await PostgresOrm.init({
          ...shared,
          clientUrl: location.url,
          pool: { min: 0, max: poolSize, idleTimeoutMillis: timeoutMs },
          driverOptions: { ...connectionOptions(timeoutMs), onPoolCreated: releaseLost },
        })
      : await PgliteOrm.init({
          ...shared,
          dbName: location.folder ?? 'memory://',
          driverOptions: () => ({ loadDataDir }),
        });
  const listeners = new Set<() => void>();
  const rootEm = orm.em as unknown as SqlEntityManager;
  const bounds = 'url' in location ? boundTransaction(timeoutMs) : undefined;

  const database: Database = {
    async run(tenantId, work) {
      // The id comes from a resolved tenant; checking again keeps a mistake from becoming a filter on nothing.
      if (!isId(tenantId)) throw new Error(`not a tenant id: ${JSON.stringify(tenantId)}`);
      const open: { logged: boolean } = { logged: false };
      const result = await rootEm.fork().transactional(async (em) => {
        const tx = Object.assign(open, { tenantId, em }) satisfies OpenTx as unknown as Tx;
        await sqlOn(em)(`select ${seeOnly('$1')}${bounds === undefined ? '' : `, ${bounds}`}`, [tenantId]);
        return work(tx);
      });
      if (open.logged) for (const listener of listeners) listener();
      return result;
    },
    async readOnce(tenantId, statement) {
      if (!isId(tenantId)) throw new Error(`not a tenant id: ${JSON.stringify(tenantId)}`);
      // The embedded database takes one statement a message, and messages cost it nothing.
      if (!(orm instanceof PostgresOrm)) return database.run(tenantId, (tx) => sqlOf(tx)(statement));
      const pool = await orm.em.getConnection().getNativeClient();
      return readOnce(pool, `${seeOnly(literal(tenantId))}, ${bounds}`, statement);
    },
    asServer: (work) =>
      rootEm.fork().transactional(async (em) => {
        if (bounds !== undefined) await sqlOn(em)(`select ${bounds}`);
        return work(sqlOn(em));
      }),
    async migrate() {
      if (!('url' in location)) {
        await orm.migrator.up();
        return;
      }
      // On connections of their own, which may take their time: building an index does.
      const patient = await PostgresOrm.init({ ...shared, clientUrl: location.url, pool: { min: 0, max: 2 } });
      try {
        // Instances starting together take turns; the lock falls with its connection.
        await (patient.em.fork() as unknown as SqlEntityManager).transactional(async (em) => {
          await sqlOn(em)(`select pg_advisory_xact_lock(hashtext('countersign.migrate'))`);
          await patient.migrator.up();
        });
      } finally {
        await patient.close();
      }
    },
    onLogged(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    direct: 'url' in location ? { connectionString: location.url, ...connectionOptions(timeoutMs) } : undefined,
    close: () => orm.close(),
  };
  return database;
}
