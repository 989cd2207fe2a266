import type { Database } from '../../src/platform/db/database.js';

interface PolicyRow {
  readonly table: string;
  readonly name: string;
  readonly command: string;
  readonly roles: string;
  readonly using: string | null;
  readonly check: string | null;
}

/** What protects tenants in an intact database, read from it, and how to put it back. */
export interface Protection {
  /** Every table that has policies, in alphabetical order. */
  readonly tables: readonly string[];
  readonly policies: readonly PolicyRow[];
  /** Undoes whatever was done to the role, and to all tables and policies or to those of one table. */
  restore(only?: string): Promise<void>;
}

export async function readProtection(database: Database): Promise<Protection> {
  const policies = await database.asServer((sql) =>
    sql<PolicyRow>(
      `select tablename as "table", policyname as name, cmd as command, array_to_string(roles, ', ') as roles,
         qual as "using", with_check as "check"
       from pg_policies where permissive = 'PERMISSIVE' order by tablename, policyname`,
    ),
  );
  const tables = [...new Set(policies.map(({ table }) => table))];
  return {
    tables,
    policies,
    restore: (only) =>
      database.asServer(async (sql) => {
        await sql('alter role countersign_app nosuperuser nobypassrls');
        const isMeant = (table: string) => only === undefined || table === only;
        const now = await sql<{ table: string; name: string }>(
          'select tablename as "table", policyname as name from pg_policies',
        );
        for (const { table, name } of now.filter((policy) => isMeant(policy.table)))
          await sql(`drop policy "${name}" on ${table}`);
        for (const table of tables.filter(isMeant)) {
          await sql(`alter table ${table} owner to session_user`);
          await sql(`alter table ${table} enable row level security`);
        }
        for (const { table, name, command, roles, using, check } of policies) {
          if (!isMeant(table)) continue;
          await sql(
            `create policy "${name}" on ${table} for ${command} to ${roles}
             ${using === null ? '' : `using (${using})`} ${check === null ? '' : `with check (${check})`}`,
          );
        }
      }),
  };
}
