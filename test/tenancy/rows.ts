import { randomUUID } from 'node:crypto';
import type { Id } from '../../src/kernel/ids.js';
import type { Database, Sql } from '../../src/platform/db/database.js';

export interface ForeignKey {
  readonly name: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly parent: string;
  readonly parentColumns: readonly string[];
}

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  /** Whether an insert has to give it. */
  readonly isRequired: boolean;
  /** Whether an insert may give it. */
  readonly isGiven: boolean;
  /** Whether the database numbers the rows by it. */
  readonly isNumber: boolean;
}

/** The tables that carry a tenant, as the database describes them. */
export interface TenantTables {
  /** Each behind those it refers to. */
  readonly names: readonly string[];
  readonly foreignKeys: readonly ForeignKey[];
  columnsOf(table: string): readonly Column[];
}

export type Row = Readonly<Record<string, unknown>>;

export const readTenantTables = (database: Database): Promise<TenantTables> =>
  database.asServer(async (sql) => {
    const columns = await sql<Column>(
      `select c.table_name as "table", c.column_name as name, a.atttypid::regtype::text as type,
         c.is_nullable = 'NO' and c.column_default is null and c.is_identity = 'NO' and c.is_generated = 'NEVER' as "isRequired",
         c.is_identity = 'NO' and c.is_generated = 'NEVER' as "isGiven", c.is_identity = 'YES' as "isNumber"
       from information_schema.columns as c
         join pg_attribute as a on a.attrelid = c.table_name::regclass and a.attname = c.column_name
       where c.table_schema = current_schema() and exists (
         select from information_schema.columns as t
         where t.table_schema = c.table_schema and t.table_name = c.table_name and t.column_name = 'tenant_id')
       order by c.table_name, c.ordinal_position`,
    );
    const foreignKeys = await sql<ForeignKey>(
      `select k.conname as name, k.conrelid::regclass::text as "table", k.confrelid::regclass::text as parent,
         (select json_agg(attname order by place) from unnest(k.conkey) with ordinality as u (number, place)
            join pg_attribute on attrelid = k.conrelid and attnum = number) as columns,
         (select json_agg(attname order by place) from unnest(k.confkey) with ordinality as u (number, place)
            join pg_attribute on attrelid = k.confrelid and attnum = number) as "parentColumns"
       from pg_constraint as k where k.contype = 'f' and k.connamespace = current_schema()::regnamespace
       order by k.conrelid::regclass::text, k.conname`,
    );
    const tables = new Set(columns.map(({ table }) => table));
    const between = foreignKeys.filter(({ table, parent }) => tables.has(table) && tables.has(parent));
    return {
      names: parentsFirst([...tables], between),
      foreignKeys: between,
      columnsOf: (table) => columns.filter((column) => column.table === table),
    };
  });

function parentsFirst(tables: readonly string[], foreignKeys: readonly ForeignKey[]): string[] {
  const ordered: string[] = [];
  const place = (table: string): void => {
    if (ordered.includes(table)) return;
    for (const key of foreignKeys) if (key.table === table && key.parent !== table) place(key.parent);
    ordered.push(table);
  };
  for (const table of tables) place(table);
  return ordered;
}

function sampleOf({ table, name, type }: Column): unknown {
  if (type === 'uuid') return randomUUID();
  if (type === 'text') return `${name} ${randomUUID()}`;
  if (type === 'boolean') return false;
  if (type === 'bytea') return '\\x00';
  if (type === 'jsonb') return '{}';
  if (type.startsWith('timestamp')) return '2026-01-01T00:00:00Z';
  if (/^(integer|bigint|smallint|numeric|double precision|xid8)/.test(type)) return '1';
  if (type.endsWith('[]')) return '{}';
  throw new Error(`a new column, ${table}.${name}, is of type ${type}: say here what to put into it`);
}

/** Puts a row into every table that carries a tenant, each referring to the others; gives the rows by table. */
export const insertRows = (
  database: Database,
  { names, foreignKeys, columnsOf }: TenantTables,
  tenantId: Id,
): Promise<ReadonlyMap<string, Row>> =>
  database.asServer(async (sql) => {
    await sql('insert into tenant (id, slug, name, created_at) values ($1, $2, $2, now())', [
      tenantId,
      `t-${tenantId}`,
    ]);
    const rows = new Map<string, Row>();
    for (const table of names) {
      const values = new Map<string, unknown>([['tenant_id', tenantId]]);
      for (const key of foreignKeys.filter((candidate) => candidate.table === table)) {
        const parent = rows.get(key.parent);
        if (!parent) continue;
        for (const [index, column] of key.columns.entries())
          values.set(column, parent[String(key.parentColumns[index])]);
      }
      for (const column of columnsOf(table)) {
        if (column.isRequired && !values.has(column.name)) values.set(column.name, sampleOf(column));
      }
      const [row] = await insertRow<{ row: Row }>(sql, table, Object.fromEntries(values), `to_jsonb(${table}) as row`);
      if (!row) throw new Error(`nothing inserted into ${table}`);
      rows.set(table, row.row);
    }
    return rows;
  });

/** Inserts by the columns' own types, whatever JavaScript has for them. */
export function insertRow<Returned>(sql: Sql, table: string, row: Row, returning: string): Promise<Returned[]> {
  const columns = Object.keys(row)
    .map((name) => `"${name}"`)
    .join(', ');
  return sql<Returned>(
    `insert into ${table} (${columns}) select ${columns} from jsonb_populate_record(null::${table}, $1::jsonb)
     returning ${returning}`,
    [JSON.stringify(row)],
  );
}
