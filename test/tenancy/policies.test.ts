import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Database, type Sql, sqlOf } from '../../src/platform/db/database.js';
import { DATABASES, openTestDatabase } from '../support/database.js';
import { type Protection, readProtection } from './intact.js';
import { insertRow, insertRows, type Row, readTenantTables, type TenantTables } from './rows.js';

const ours = randomUUID();
const theirs = randomUUID();

/** What may be damaged: the policy as a whole, or one half of it. */
const DAMAGE = {
  'dropped, and nothing in its place': (table, policy) => [`drop policy "${policy}" on ${table}`],
  'replaced by one that filters nothing': (table, policy) => [
    `drop policy "${policy}" on ${table}`,
    `create policy "${policy}" on ${table} to countersign_app using (true) with check (true)`,
  ],
  'showing everything': (table, policy) => [`alter policy "${policy}" on ${table} using (true)`],
  'letting everything in': (table, policy) => [`alter policy "${policy}" on ${table} with check (true)`],
  'switched off with its table’s row-level security': (table) => [`alter table ${table} disable row level security`],
} satisfies Record<string, (table: string, policy: string) => string[]>;

/** Tables that tell every tenant the same, and why that says nothing about any. */
const TENANTLESS: Readonly<Record<string, string>> = {
  log_horizon: 'the position up to which the log was deleted, for all alike',
};
/** Keys over all tenants, and why nobody can feel another by them. */
const SHARED_KEYS: Readonly<Record<string, string>> = {
  api_key_public_id_key: 'looked up before the tenant is known; drawn at random by the server, not chosen by a caller',
};
/** Functions with the rights of their owner, and why they carry nobody past the policies. */
const DEFINERS: Readonly<Record<string, string>> = {
  enqueue_job: 'puts in a job, and only one that carries the tenant of the transaction',
  enqueue_lost_execution: 'the same, where the transaction’s tenant has none for the action',
  hasten_executions: 'hurries jobs that carry the tenant of the transaction',
  note_identity_change: 'a trigger: touches only the tenant of a row that the policies let through',
};

/** Thrown to take back what a probe wrote. */
class TakenBack extends Error {}

describe.each(DATABASES)('on %s', (kind) => {
  let database: Database;
  let tables: TenantTables;
  let protection: Protection;
  let ourRows: ReadonlyMap<string, Row>;
  let theirRows: ReadonlyMap<string, Row>;
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    tables = await readTenantTables(database);
    protection = await readProtection(database);
    ourRows = await insertRows(database, tables, ours);
    theirRows = await insertRows(database, tables, theirs);
  });
  afterEach(() => protection.restore());
  afterAll(() => database.close());

  /** Does as our tenant what a forgotten where-clause would do; undone again. Gives the answer, or why not. */
  const attempt = async (statement: (sql: Sql) => Promise<unknown>): Promise<unknown> => {
    let answer: unknown;
    try {
      await database.run(ours, async (tx) => {
        answer = await statement(sqlOf(tx));
        throw new TakenBack();
      });
    } catch (error) {
      return error instanceof TakenBack ? answer : String((error as Error).message).split('\n')[0];
    }
    return answer;
  };
  /** A row like ours, for the other tenant, without what only the database may give. */
  const ofTheirs = (table: string): Row => {
    const names = tables.columnsOf(table).flatMap(({ name, isGiven }) => (isGiven ? [name] : []));
    const row = Object.fromEntries(names.map((name) => [name, ourRows.get(table)?.[name]]));
    return { ...row, tenant_id: theirs, ...(names.includes('id') && { id: randomUUID() }) };
  };

  /** A column that a tenant's transaction may change; any, where it may change none. */
  const changeableColumn = async (table: string): Promise<string> => {
    const [column] = await database.asServer((sql) =>
      sql<{ name: string }>(
        `select attname as name from pg_attribute
         where attrelid = $1::regclass and attnum > 0 and has_column_privilege('countersign_app', attrelid, attnum, 'update')
         order by attname <> 'tenant_id', attnum limit 1`,
        [table],
      ),
    );
    return column?.name ?? 'tenant_id';
  };

  /** Everything that is wrong with one table, looked at as one tenant; nothing, where it is protected. */
  async function wrongsOf(table: string): Promise<string[]> {
    const wrongs: string[] = [];
    const select = `select tenant_id from ${table}`;
    const seen = [
      ...((await attempt((sql) => sql(select))) as { tenant_id: string }[]),
      ...(await database.readOnce<{ tenant_id: string }>(ours, select)),
    ];
    if (!seen.some(({ tenant_id }) => tenant_id === ours)) wrongs.push('hides our own rows');
    if (seen.some(({ tenant_id }) => tenant_id !== ours)) wrongs.push('shows rows of others');
    const changeable = await changeableColumn(table);
    const writes: Record<string, (sql: Sql) => Promise<unknown>> = {
      'takes a row for others': (sql) => insertRow(sql, table, ofTheirs(table), '1'),
      'gives our row to others': (sql) => sql(`update ${table} set tenant_id = $1 returning 1`, [theirs]),
      'changes rows of others': (sql) =>
        sql(`update ${table} set ${changeable} = ${changeable} where tenant_id <> $1 returning 1`, [ours]),
      'deletes rows of others': (sql) => sql(`delete from ${table} where tenant_id <> $1 returning 1`, [ours]),
    };
    for (const [wrong, write] of Object.entries(writes)) {
      const answer = await attempt(write);
      const isRefused = /violates row-level security policy|^(.*: )?permission denied for table/.test(String(answer));
      if (!isRefused && !(Array.isArray(answer) && answer.length === 0))
        wrongs.push(`${wrong}: ${JSON.stringify(answer)}`);
    }
    return wrongs;
  }

  const mayInsert = (table: string): Promise<boolean> =>
    database.asServer(async (sql) => {
      const [row] = await sql<{ may: boolean }>(
        `select has_any_column_privilege('countersign_app', $1::regclass, 'insert') as may`,
        [table],
      );
      return row?.may === true;
    });

  test('every table that carries a tenant shows and takes only a tenant’s own rows', async () => {
    expect(tables.names).toEqual(expect.arrayContaining(['account', 'action', 'approval', 'clone', 'event', 'goal']));
    expect([...tables.names].sort()).toEqual([...protection.tables].sort());
    for (const table of tables.names) expect([table, await wrongsOf(table)]).toEqual([table, []]);
  });

  test.each(Object.entries(DAMAGE))('it is noticed when any single policy is %s', async (name, damage) => {
    const onlyWrites = name === 'letting everything in';
    const unnoticed: string[] = [];
    let tried = 0;
    for (const { table, name: policy } of protection.policies) {
      if (onlyWrites && !(await mayInsert(table))) continue;
      tried++;
      for (const statement of damage(table, policy)) await database.asServer((sql) => sql(statement));
      if ((await wrongsOf(table)).length === 0) unnoticed.push(policy);
      await protection.restore(table);
    }
    expect(unnoticed).toEqual([]);
    expect(tried).toBeGreaterThanOrEqual(9);
    for (const { table } of protection.policies) expect(await wrongsOf(table)).toEqual([]);
  });

  test('a reference to a row of others is refused by the key itself, in the words for a row that does not exist', async () => {
    expect(tables.foreignKeys.length).toBeGreaterThan(5);
    for (const { name, table, columns, parent, parentColumns } of tables.foreignKeys) {
      const tenantAt = columns.indexOf('tenant_id');
      expect([name, parentColumns[tenantAt]]).toEqual([name, 'tenant_id']);
      const at = columns.findIndex((column) => column !== 'tenant_id');
      const [column, foreign] = [columns[at], String(theirRows.get(parent)?.[String(parentColumns[at])])];
      // As the server, past the policies: the key alone has to hold.
      const point = (to: string) =>
        database
          .asServer((sql) => sql(`update ${table} set ${column} = $1 where tenant_id = $2`, [to, ours]))
          .then(() => 'taken')
          .catch((error: Error & { detail?: string }) => `${error.message} ${error.detail}`.replaceAll(to, '…'));
      const answer = await point(foreign);
      expect(answer).toMatch(`foreign key constraint "${name}"`);
      expect(answer).toBe(await point(randomUUID()));
    }
  });

  test('no key lets one tenant feel that another has the same', async () => {
    const keys = await database.asServer((sql) =>
      sql<{ name: string; table: string; columns: string[] }>(
        `select i.indexrelid::regclass::text as name, i.indrelid::regclass::text as "table",
           (select json_agg(attname) from pg_attribute where attrelid = i.indexrelid) as columns
         from pg_index as i where i.indisunique and i.indrelid::regclass::text = any($1)`,
        [tables.names],
      ),
    );
    expect(keys.length).toBeGreaterThanOrEqual(tables.names.length);
    const isOwn = (table: string, column: string) =>
      column === 'tenant_id' || tables.columnsOf(table).some(({ name, isNumber }) => name === column && isNumber);
    // A number that the database itself gives each row cannot be made to collide.
    const shared = keys.filter(({ table, columns }) => !columns.some((column) => isOwn(table, column)));
    expect(shared.map(({ name }) => name).filter((name) => !(name in SHARED_KEYS))).toEqual([]);
  });

  test('a tenant’s transaction reaches nothing else that is told apart by tenants', async () => {
    const reachable = await database.asServer((sql) =>
      sql<{ name: string }>(
        `select c.oid::regclass::text as name from pg_class as c
         where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
           and has_any_column_privilege('countersign_app', c.oid, 'select, insert, update')`,
      ),
    );
    const others = reachable.map(({ name }) => name).filter((name) => !tables.names.includes(name));
    expect(others.filter((name) => !(name in TENANTLESS))).toEqual([]);
    for (const table of ['tenant', 'mikro_orm_migrations'])
      expect(await attempt((sql) => sql(`select from ${table}`))).toMatch(/permission denied for table/);
    expect(await attempt((sql) => sql('create table mine (tenant_id uuid)'))).toMatch(/permission denied for schema/);
    const definers = await database.asServer((sql) =>
      sql<{ name: string }>(
        `select proname as name from pg_proc where prosecdef and pronamespace = current_schema()::regnamespace`,
      ),
    );
    expect(definers.map(({ name }) => name).filter((name) => !(name in DEFINERS))).toEqual([]);
  });
});
