import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ENTITIES } from '../../src/compose/entities.js';
import { type Database, openDatabase, type Sql, sqlOf } from '../../src/platform/db/database.js';
import { createPostgresDatabase, DATABASES, type DatabaseKind, openTestDatabase } from '../support/database.js';

const tenant = randomUUID();

const INSERT_CLONE = `insert into clone (tenant_id, id, slug, name, created_at) values ($1, $2, 'a', 'A', now())`;

interface State {
  readonly role: string;
  readonly tenant: string | null;
  /** Which connection it is, so that nobody mistakes a fresh one for a clean one. */
  readonly connection: number;
}

const STATE = `select current_user as role, current_setting('countersign.tenant', true) as tenant, pg_backend_pid() as connection`;

const stateOf = async (sql: Sql): Promise<State> => {
  const [state] = await sql<State>(STATE);
  if (!state) throw new Error('no row');
  return state;
};

const openNarrow = async (kind: DatabaseKind): Promise<Database> => {
  if (kind === 'pglite') return openTestDatabase(kind);
  const url = await createPostgresDatabase();
  const database = await openDatabase({ location: { url }, entities: ENTITIES, poolSize: 1 });
  await database.migrate();
  return database;
};

describe.each(DATABASES)('the one connection of a pool on %s', (kind) => {
  let database: Database;
  beforeEach(async () => {
    database = await openNarrow(kind);
    await database.asServer(async (sql) => {
      await sql(`insert into tenant (id, slug, name, created_at) values ($1, 'one', 'One', now())`, [tenant]);
      await sql(INSERT_CLONE, [tenant, randomUUID()]);
    });
  });
  afterEach(() => database.close());

  const asTenant = () => database.run(tenant, (tx) => stateOf(sqlOf(tx)));
  const asServer = () => database.asServer(stateOf);
  /** The server’s transaction is ended from within, so that the question is asked outside any. */
  const outside = () =>
    database.asServer(async (sql) => {
      await sql('rollback');
      const state = await stateOf(sql);
      const number = 'select pg_current_xact_id()::text as number';
      const [one, two] = [await sql<{ number: string }>(number), await sql<{ number: string }>(number)];
      return { ...state, inside: one[0]?.number === two[0]?.number };
    });

  const requireClean = async (before: State) => {
    expect(await asServer()).toEqual({ ...before, role: 'postgres', tenant: '' });
    expect(await outside()).toEqual({ ...before, role: 'postgres', tenant: '', inside: false });
    // A policy meets the empty setting that is left behind: it must show nothing, and not fail.
    const unnamed = database.asServer(async (sql) => {
      await sql(`set local role countersign_app`);
      return sql('select from clone');
    });
    expect(await unnamed).toEqual([]);
    expect(await database.run(tenant, (tx) => sqlOf(tx)('select slug from clone'))).toEqual([{ slug: 'a' }]);
  };

  test('carries role and tenant inside a tenant’s transaction, and neither behind it', async () => {
    const inside = await asTenant();
    expect(inside).toMatchObject({ role: 'countersign_app', tenant });
    await requireClean(inside);
  });

  test('carries neither after work that failed', async () => {
    const inside = await asTenant();
    const failed = database.run(tenant, async () => {
      throw new Error('on purpose');
    });
    await expect(failed).rejects.toThrow('on purpose');
    await requireClean(inside);
  });

  test('carries neither after a statement that failed, whether its error was let through or swallowed', async () => {
    const inside = await asTenant();
    await expect(database.run(tenant, (tx) => sqlOf(tx)('select 1 / 0'))).rejects.toThrow('division by zero');
    await requireClean(inside);
    await database.run(tenant, (tx) => sqlOf(tx)('select 1 / 0').catch(() => undefined)).catch(() => undefined);
    await requireClean(inside);
  });

  test('carries neither when a tenant’s transaction fails at its very end', async () => {
    const inside = await asTenant();
    await database.asServer((sql) =>
      sql('alter table clone alter constraint clone_tenant_id_fkey deferrable initially deferred'),
    );
    const nobody = randomUUID();
    await expect(database.run(nobody, (tx) => sqlOf(tx)(INSERT_CLONE, [nobody, nobody]))).rejects.toThrow(
      'foreign key',
    );
    await requireClean(inside);
  });

  test('carries both for a read that is one message, and neither behind it, failed or not', async () => {
    const inside = await asTenant();
    expect(await database.readOnce(tenant, STATE)).toEqual([inside]);
    await requireClean(inside);
    expect(await database.readOnce(tenant, 'select slug from clone')).toEqual([{ slug: 'a' }]);
    expect(await database.readOnce(randomUUID(), 'select slug from clone')).toEqual([]);
    for (const failing of ['select 1 / 0', 'select secret_hash from api_key']) {
      await expect(database.readOnce(tenant, failing)).rejects.toThrow(/division by zero|permission denied/);
      // Here the pool may have thrown the connection away.
      const { role, tenant: left } = await asServer();
      expect([role, left || 'nobody']).toEqual(['postgres', 'nobody']);
    }
  });

  test('never mixes tenants that take turns on it', async () => {
    const others = Array.from({ length: 20 }, () => randomUUID());
    const seen = await Promise.all(
      others.map(async (other, index) => {
        if (index % 2 === 0) return database.run(other, (tx) => stateOf(sqlOf(tx)));
        const [state] = await database.readOnce<State>(other, STATE);
        return state;
      }),
    );
    expect(seen.map((state) => state?.tenant)).toEqual(others);
    expect(new Set(seen.map((state) => state?.connection)).size).toBe(1);
  });

  test('opens no transaction for what is no tenant’s id', async () => {
    for (const wrong of ['', '*', `${tenant}' or true`, 'default']) {
      await expect(database.run(wrong, asServer)).rejects.toThrow('not a tenant id');
      await expect(database.readOnce(wrong, STATE)).rejects.toThrow('not a tenant id');
    }
  });
});
