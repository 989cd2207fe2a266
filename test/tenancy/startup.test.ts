import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../src/app.js';
import { ENTITIES } from '../../src/compose/entities.js';
import { StartupError } from '../../src/config.js';
import { newId } from '../../src/kernel/ids.js';
import { type Database, openDatabase } from '../../src/platform/db/database.js';
import { findTenancyProblem } from '../../src/platform/db/tenancy.js';
import { DATABASES, type DatabaseKind, openTestDatabase } from '../support/database.js';
import { testConfig } from '../support/server.js';
import { type Protection, readProtection } from './intact.js';
import { type OwnPostgres, startOwnPostgres } from './own-postgres.js';

const OTHERS = `tenant_id is not null`;
const TENANT = newId(new Date());

interface Damage {
  /** What somebody did to the database, by hand or by a restored dump. */
  readonly statements: readonly string[];
  /** What `restore` does not undo. */
  readonly undo?: readonly string[];
  /** What the server says to it. */
  readonly says: RegExp;
}

const DAMAGE: Readonly<Record<string, Damage>> = {
  'a role that may bypass the policies': {
    statements: ['alter role countersign_app bypassrls'],
    says: /expected a role countersign_app without BYPASSRLS.* Run: alter role countersign_app nobypassrls$/,
  },
  'a role that is a superuser': {
    statements: ['alter role countersign_app superuser'],
    says: /expected a role countersign_app that is no superuser.* Run: alter role countersign_app nosuperuser$/,
  },
  'a table that does not filter': {
    statements: ['alter table deal disable row level security'],
    says: /expected row-level security on table deal, got none.* Run: alter table deal enable row level security$/,
  },
  'a table without its policy': {
    statements: ['drop policy approval_of_tenant on approval'],
    says: /expected a policy for countersign_app on table approval, got none\. Run: create policy .* on approval to countersign_app using \(tenant_id = /,
  },
  'a policy that is for another role': {
    statements: ['create role somebody', 'alter policy goal_of_tenant on goal to somebody'],
    says: /expected a policy for countersign_app on table goal, got none/,
  },
  'a policy that shows everything, on an empty table': {
    statements: ['alter policy contact_of_tenant on contact using (true)'],
    says: /on table contact .* contact_of_tenant shows others\. Run: drop policy contact_of_tenant on contact; create policy/,
  },
  'a policy that lets anything in': {
    statements: ['alter policy event_of_tenant on event with check (true)'],
    says: /on table event .* event_of_tenant shows others/,
  },
  'a second policy, for everybody, that shows everything': {
    statements: [`create policy "for reports" on account for select to public using (${OTHERS})`],
    says: /on table account .* but "for reports" shows others\. Run: drop policy "for reports" on account;/,
  },
  'a new table that nobody protected': {
    statements: ['create table note (tenant_id uuid not null, id uuid not null)'],
    undo: ['drop table note'],
    says: /expected row-level security on table note, got none/,
  },
  'a table of the role itself': {
    statements: ['alter table clone owner to countersign_app'],
    undo: ['alter table clone owner to session_user', 'grant select, insert, update on clone to countersign_app'],
    says: /expected table clone to belong to another role than countersign_app.* Run: alter table clone owner to "postgres"$/,
  },
  'a table of a role that countersign_app is a member of': {
    statements: [
      'create role owners',
      'grant owners to countersign_app',
      'grant all on schema public to owners',
      'alter table interaction owner to owners',
    ],
    says: /expected table interaction to belong to another role/,
  },
  'a policy that goes by something else than the tenant, on a table with rows': {
    statements: [
      `alter policy account_of_tenant on account using (created_at < now() + interval '1 day')`,
      `insert into tenant (id, slug, name, created_at) values ('${TENANT}', 'rows', 'Rows', now())`,
      `insert into account (tenant_id, id, name, created_at, updated_at) values ('${TENANT}', '${TENANT}', 'A', now(), now())`,
    ],
    says: /expected table account to show no row to a tenant that does not exist, but it does/,
  },
};

const refusalOf = (database: Database) =>
  createApp(testConfig(), { database }).then(
    async (app) => {
      await app.close();
      return undefined;
    },
    (error: unknown) => error,
  );

let postgres: OwnPostgres;
beforeAll(async () => {
  postgres = await startOwnPostgres();
});
afterAll(() => postgres.stop());

const openOwn = (url: string) => openDatabase({ location: { url }, entities: ENTITIES, poolSize: 5 });

describe.each(DATABASES)('on %s the server starts, or refuses, with', (kind: DatabaseKind) => {
  let database: Database;
  let protection: Protection;
  beforeAll(async () => {
    database = kind === 'pglite' ? await openTestDatabase(kind) : await openOwn(await postgres.createDatabase());
    await database.migrate();
    protection = await readProtection(database);
  });
  afterEach(() => protection.restore());
  afterAll(async () => {
    await database.close();
    await postgres.forgetEverything();
  });

  test('nothing wrong: it starts', async () => {
    expect(await refusalOf(database)).toBeUndefined();
  });

  test('a table that is the server’s own: it starts, policy or not', async () => {
    await database.asServer((sql) => sql('create table private (tenant_id uuid not null)'));
    await database.asServer((sql) => sql('alter table private enable row level security'));
    expect(await findTenancyProblem(database)).toBeUndefined();
    await database.asServer((sql) => sql('grant insert on private to public'));
    expect(await findTenancyProblem(database)).toMatch(/expected a policy for countersign_app on table private/);
    await database.asServer((sql) => sql('drop table private'));
  });

  test.each(Object.entries(DAMAGE))('%s', async (_name, { statements, undo = [], says }) => {
    expect(await findTenancyProblem(database)).toBeUndefined();
    for (const statement of statements) await database.asServer((sql) => sql(statement));
    const refusal = await refusalOf(database);
    for (const statement of undo) await database.asServer((sql) => sql(statement));
    expect(refusal).toBeInstanceOf(StartupError);
    const { message } = refusal as StartupError;
    expect(message).toMatch(says);
    expect(message).toMatch(/^COUNTERSIGN_DATA_DIR: [^\n]+$/);
  });
});

describe('on a PostgreSQL that somebody else looks after the server refuses to start with', () => {
  const opened: Database[] = [];
  const open = async (url: string): Promise<Database> => {
    const database = await openOwn(url);
    opened.push(database);
    return database;
  };
  afterEach(async () => {
    for (const database of opened.splice(0)) await database.close();
    await postgres.forgetEverything();
  });

  test('no such role, as after restoring a dump on another server', async () => {
    const database = await open(await postgres.createDatabase());
    await database.migrate();
    for (const statement of ['drop owned by countersign_app', 'drop role countersign_app'])
      await database.asServer((sql) => sql(statement));
    expect(await findTenancyProblem(database)).toMatch(
      /expected a role countersign_app that exists, got none.* Run: create role countersign_app nologin/,
    );
  });

  test('a user who may not switch to the role, which somebody else had made', async () => {
    await postgres.execute("create role countersign_app; create role plain login password 'plain'");
    const database = await open(await postgres.createDatabase('plain'));
    await database.migrate();
    expect(await findTenancyProblem(database)).toMatch(
      /expected a role countersign_app that plain may switch to, got one it may not.* Run: grant countersign_app to "plain"$/,
    );
    await postgres.execute('grant countersign_app to plain');
    expect(await findTenancyProblem(database)).toBeUndefined();
    await postgres.execute('revoke countersign_app from plain; grant countersign_app to plain with set false');
    expect(await findTenancyProblem(database)).toMatch(/that plain may switch to/);
  });

  test('a user whom the policies hold back too, so that nobody could read the log', async () => {
    await postgres.execute("create role plain login password 'plain' createrole");
    const database = await open(await postgres.createDatabase('plain'));
    await database.migrate();
    expect(await findTenancyProblem(database)).toBeUndefined();
    await database.asServer((sql) => sql('alter table event force row level security'));
    expect(await findTenancyProblem(database)).toMatch(/expected "plain" to see every row of table event/);
  });

  test('tables in a schema that the user does not search', async () => {
    await postgres.execute("create role plain login password 'plain' createrole");
    const url = await postgres.createDatabase('plain');
    const database = await open(url);
    await database.migrate();
    await postgres.execute('alter role plain set search_path = elsewhere');
    const again = await open(url);
    expect(await findTenancyProblem(again)).toMatch(/expected tables with a column tenant_id, got none/);
  });

  test('a user who may not set anything up: one line that names the setting', async () => {
    await postgres.execute("create role plain login password 'plain'");
    const url = await postgres.createDatabase('plain');
    const refusal = await createApp(testConfig({ databaseUrl: url })).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StartupError);
    expect((refusal as StartupError).message).toMatch(
      /^DATABASE_URL: expected a database that can be brought up to date; got: [^\n]*permission denied[^\n]*$/,
    );
  });
});
