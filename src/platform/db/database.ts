import type { EntitySchema } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { MikroORM as PgliteOrm } from '@mikro-orm/pglite';
import { MikroORM as PostgresOrm, type SqlEntityManager } from '@mikro-orm/postgresql';
import { CompiledQuery, type Transaction } from 'kysely';
import type { Id } from '../../kernel/ids.js';
import { isId } from '../../kernel/ids.js';
import type { Transactor, Tx } from '../../kernel/transaction.js';
import { Migration0001Ground } from './migrations/0001-ground.js';

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
  migrate(): Promise<void>;
  /** Called after each committed tenant transaction. A hint that the log may have grown, no more. */
  onCommit(listener: () => void): void;
  close(): Promise<void>;
}

interface OpenTx {
  readonly tenantId: Id;
  readonly em: SqlEntityManager;
}

const opened = (tx: Tx): OpenTx => tx as unknown as OpenTx;

/** The entity manager of an open transaction. Only stores call this. */
export const emOf = (tx: Tx): SqlEntityManager => opened(tx).em;

/** Prepared-style SQL on an open transaction, past the unit of work: for hot paths and conditional writes. */
export const sqlOf = (tx: Tx): Sql => sqlOn(opened(tx).em);

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
}

/** Opens the database; the same code runs on both. Call `migrate` before first use and `close` at the end. */
export async function openDatabase({
  location,
  entities,
  loadDataDir,
  poolSize = 20,
}: DatabaseOptions): Promise<Database> {
  const shared = {
    entities: [...entities],
    extensions: [Migrator],
    migrations: { migrationsList: [Migration0001Ground], snapshot: false, silent: true },
    allowGlobalContext: false,
    discovery: { warnWhenNoEntities: false },
  };
  const orm =
    'url' in location
      ? await PostgresOrm.init({ ...shared, clientUrl: location.url, pool: { min: 0, max: poolSize } })
      : await PgliteOrm.init({
          ...shared,
          dbName: location.folder ?? 'memory://',
          driverOptions: () => ({ loadDataDir }),
        });
  const embedded = !('url' in location);
  const listeners = new Set<() => void>();
  const rootEm = orm.em as unknown as SqlEntityManager;

  return {
    async run(tenantId, work) {
      // The id comes from a resolved tenant; checking again keeps a mistake from becoming a filter on nothing.
      if (!isId(tenantId)) throw new Error(`not a tenant id: ${JSON.stringify(tenantId)}`);
      const result = await rootEm.fork().transactional(async (em) => {
        const tx = { tenantId, em } satisfies OpenTx as unknown as Tx;
        await sqlOf(tx)(
          `select set_config('role', 'countersign_app', true), set_config('countersign.tenant', $1, true)`,
          [tenantId],
        );
        return work(tx);
      });
      for (const listener of listeners) listener();
      return result;
    },
    asServer: (work) => rootEm.fork().transactional((em) => work(sqlOn(em))),
    async migrate() {
      if (embedded) {
        await orm.migrator.up();
        return;
      }
      // Instances starting together take turns; the lock falls with its connection.
      await rootEm.fork().transactional(async (em) => {
        await sqlOn(em)(`select pg_advisory_xact_lock(hashtext('countersign.migrate'))`);
        await orm.migrator.up();
      });
    },
    onCommit(listener) {
      listeners.add(listener);
    },
    close: () => orm.close(),
  };
}
