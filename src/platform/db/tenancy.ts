import { randomUUID } from 'node:crypto';
import { type Database, type Sql, sqlOf } from './database.js';

/** The role that every tenant transaction runs as. Row-level security filters what it sees. */
export const TENANT_ROLE = 'countersign_app';

/** What makes a table one of a tenant's. */
const TENANT_COLUMN = 'tenant_id';

interface RoleFacts {
  readonly user: string;
  readonly exists: boolean;
  readonly isSuperuser: boolean;
  readonly bypasses: boolean;
  readonly isOpen: boolean;
}

interface Policy {
  readonly name: string;
  /** Its conditions, as PostgreSQL writes them down: which rows it shows, and which it lets in. */
  readonly conditions: readonly string[];
}

interface TenantTable {
  /** With its schema where needed, quoted where needed: fit to stand in a statement. */
  readonly name: string;
  /** The same without a schema: what conditions call the table. */
  readonly alias: string;
  readonly filters: boolean;
  readonly isOwned: boolean;
  /** Whether the role may do anything with it, and read it. What it may not is the server's own. */
  readonly isOpen: boolean;
  readonly isReadable: boolean;
  readonly filtersServer: boolean;
  readonly policies: readonly Policy[];
}

/**
 * Why row-level security would not keep tenants apart in this database, in one line that also says what to do;
 * undefined when it would. Reads the catalog, then tries it out; changes nothing. Ask after migrating: the
 * migrations set all of this up, but a restored dump, another user or an operator's hand may have undone it.
 */
export async function findTenancyProblem(database: Database): Promise<string | undefined> {
  const { role, tables } = await database.asServer(async (sql) => {
    const facts = await readRole(sql);
    return { role: facts, tables: facts.exists ? await readTables(sql) : [] };
  });
  const problem = problemOfRole(role) ?? problemOfTables(tables, role.user);
  return problem ?? (await problemInPractice(database, tables));
}

async function readRole(sql: Sql): Promise<RoleFacts> {
  const [facts] = await sql<RoleFacts>(
    // Membership alone is not enough since PostgreSQL 16, where a grant may leave out the right to switch.
    `select session_user as "user", oid is not null as "exists", coalesce(rolsuper, false) as "isSuperuser",
       coalesce(rolbypassrls, false) as "bypasses",
       coalesce(pg_has_role(session_user, oid,
         case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end), false) as "isOpen"
     from (select) as one left join pg_roles on rolname = $1`,
    [TENANT_ROLE],
  );
  if (!facts) throw new Error('a left join without a row');
  return facts;
}

function problemOfRole({ user, exists, isSuperuser, bypasses, isOpen }: RoleFacts): string | undefined {
  const grant = `grant ${TENANT_ROLE} to "${user}"`;
  if (!exists) {
    return refusal(
      'that exists',
      'none',
      `create role ${TENANT_ROLE} nologin nosuperuser nobypassrls; ${grant}; and restore the dump again, if it is one`,
    );
  }
  if (isSuperuser) return refusal('that is no superuser', 'a superuser', `alter role ${TENANT_ROLE} nosuperuser`);
  if (bypasses) return refusal('without BYPASSRLS', 'one with it', `alter role ${TENANT_ROLE} nobypassrls`);
  if (!isOpen) return refusal(`that ${user} may switch to`, 'one it may not', grant);
  return undefined;
}

const refusal = (expected: string, got: string, fix: string): string =>
  `expected a role ${TENANT_ROLE} ${expected}, got ${got}; tenants would not be kept apart. Run: ${fix}`;

async function readTables(sql: Sql): Promise<TenantTable[]> {
  return sql<TenantTable>(
    `select t.oid::regclass::text as name, quote_ident(t.relname) as alias, t.relrowsecurity as filters,
       pg_has_role($1, t.relowner, 'member') as "isOwned",
       has_any_column_privilege($1, t.oid, 'select') as "isReadable",
       has_any_column_privilege($1, t.oid, 'select, insert, update') or has_table_privilege($1, t.oid, 'delete') as "isOpen",
       row_security_active(t.oid) as "filtersServer",
       coalesce((
         select json_agg(json_build_object('name', quote_ident(p.polname), 'conditions', array_remove(
           array[pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)], null)) order by p.polname)
         from pg_policy as p
         where p.polrelid = t.oid and p.polpermissive and exists (
           select from unnest(p.polroles) as r where case r when 0 then true else pg_has_role($1, r, 'usage') end)
       ), '[]') as policies
     from pg_class as t join pg_attribute as a on a.attrelid = t.oid
     where t.relkind in ('r', 'p') and a.attname = $2 and not a.attisdropped
       and t.relnamespace = any(current_schemas(false)::regnamespace[])
     order by 1`,
    [TENANT_ROLE, TENANT_COLUMN],
  );
}

function problemOfTables(tables: readonly TenantTable[], user: string): string | undefined {
  if (tables.length === 0) {
    return `expected tables with a column ${TENANT_COLUMN}, got none in the schemas that "${user}" searches. Set its search_path to where the tables are.`;
  }
  for (const { name, filters, isOwned, isOpen, filtersServer, policies } of tables) {
    if (!filters) {
      return `expected row-level security on table ${name}, got none; tenants would see one another. Run: alter table ${name} enable row level security`;
    }
    if (isOwned) {
      return `expected table ${name} to belong to another role than ${TENANT_ROLE}, whom its policies would not hold back. Run: alter table ${name} owner to "${user}"`;
    }
    if (isOpen && policies.length === 0) {
      return `expected a policy for ${TENANT_ROLE} on table ${name}, got none. Run: ${policyFor(name)}`;
    }
    if (filtersServer) {
      return `expected "${user}" to see every row of table ${name}, as the log's reader must; its policies hold it back. Connect as the table's owner, without "force row level security".`;
    }
  }
  return undefined;
}

const policyFor = (table: string): string =>
  `create policy of_tenant on ${table} to ${TENANT_ROLE} using (${TENANT_COLUMN} = nullif(current_setting('countersign.tenant', true), '')::uuid)`;

/**
 * Tries it out in a transaction of a tenant that does not exist. It must see no row; and since a table may be empty
 * today, each condition is also asked about a made-up row of another such tenant.
 */
async function problemInPractice(database: Database, tables: readonly TenantTable[]): Promise<string | undefined> {
  const [nobody, another] = [randomUUID(), randomUUID()];
  const madeUp = `'${JSON.stringify({ [TENANT_COLUMN]: another })}'::jsonb`;
  const seeing = tables.flatMap(({ name, isReadable }, index) =>
    isReadable ? [`select ${index}, null where exists (select from ${name})`] : [],
  );
  const asking = tables.flatMap(({ name, alias, policies }, index) =>
    policies.flatMap(({ conditions }, policy) =>
      conditions.map(
        (condition) =>
          `select ${index}, ${policy} from jsonb_populate_record(null::${name}, ${madeUp}) as ${alias} where ${condition}`,
      ),
    ),
  );
  const findings = [`select null::int as "table", null::int as policy where false`, ...asking, ...seeing];
  const [found] = await database.run(nobody, (tx) =>
    sqlOf(tx)<{ table: number; policy: number | null }>(findings.join(' union all ')),
  );
  const table = found && tables[found.table];
  if (!table) return undefined;
  const policy = found.policy === null ? undefined : table.policies[found.policy];
  return policy
    ? `expected policies on table ${table.name} that show a tenant its own rows only, but ${policy.name} shows others. Run: drop policy ${policy.name} on ${table.name}; ${policyFor(table.name)}`
    : `expected table ${table.name} to show no row to a tenant that does not exist, but it does; tenants would see one another. Restore its policies as the migrations made them.`;
}
