import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENTITIES } from '../../src/compose/entities.js';
import { ActionEntity, ApprovalEntity } from '../../src/features/autonomy/store/schema.js';
import { approvalStore } from '../../src/features/autonomy/store/stores.js';
import type { PageArgs } from '../../src/kernel/page.js';
import { type Database, emOf, openDatabase } from '../../src/platform/db/database.js';
import { findPage } from '../../src/platform/db/page.js';
import { literal } from '../../src/platform/db/read-once.js';
import { createPostgresDatabase, DATABASES, type DatabaseKind, openTestDatabase } from '../support/database.js';
import { startTestServer } from '../support/server.js';

/** On PostgreSQL with a pool of one, so that what a read leaves behind meets the next. */
async function openNarrow(kind: DatabaseKind): Promise<Database> {
  if (kind === 'pglite') return openTestDatabase(kind);
  const url = await createPostgresDatabase();
  const database = await openDatabase({ location: { url }, entities: ENTITIES, poolSize: 1 });
  await database.migrate();
  return database;
}

describe.each(DATABASES)('reading in one message on %s', (kind) => {
  const [ours, theirs] = [randomUUID(), randomUUID()];
  let database: Database;
  beforeAll(async () => {
    database = await openNarrow(kind);
    await database.asServer(async (sql) => {
      for (const [id, slug] of [
        [ours, 'ours'],
        [theirs, 'theirs'],
      ]) {
        await sql('insert into tenant (id, slug, name, created_at) values ($1, $2, $2, now())', [id, slug]);
        await sql(
          'insert into clone (tenant_id, id, slug, name, created_at) values ($1, gen_random_uuid(), $2, $2, now())',
          [id, slug],
        );
      }
    });
  });
  afterAll(() => database.close());

  const ALL_CLONES = 'select slug from clone order by slug';

  test('shows one tenant only, even to a statement that names none', async () => {
    expect(await database.readOnce(ours, ALL_CLONES)).toEqual([{ slug: 'ours' }]);
    expect(await database.readOnce(theirs, ALL_CLONES)).toEqual([{ slug: 'theirs' }]);
    expect(await database.readOnce(randomUUID(), ALL_CLONES)).toEqual([]);
  });

  test('leaves neither role nor tenant behind, not even when it fails', async () => {
    const state = `select current_user as role, nullif(current_setting('countersign.tenant', true), '') as tenant`;
    expect(await database.readOnce(ours, state)).toEqual([{ role: 'countersign_app', tenant: ours }]);
    await expect(database.readOnce(ours, `select 1 / (select 0)`)).rejects.toThrow('division by zero');
    expect(await database.asServer((sql) => sql(state))).toEqual([{ role: 'postgres', tenant: null }]);
    expect(await database.asServer((sql) => sql(ALL_CLONES))).toHaveLength(2);
  });

  test('takes a tenant’s id and nothing else as tenant', async () => {
    await expect(database.readOnce(`${ours}' or 'a' = 'a`, ALL_CLONES)).rejects.toThrow('not a tenant id');
  });
});

test('several statements are refused where one is expected', async () => {
  const database = await openNarrow('postgres');
  await expect(database.readOnce(randomUUID(), 'select 1; reset role')).rejects.toThrow('expected one statement');
  await database.close();
});

test.each(["a'b", '', 'a b', 'é', 'a;b', '$1', '\\', 'x'.repeat(65)])('%j never stands in a statement', (value) => {
  expect(() => literal(value)).toThrow('not an id nor a word');
});

describe.each(DATABASES)('the list of approvals on %s', (kind) => {
  let database: Database;
  let tenantId = '';
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    const server = await startTestServer({ database });
    const [agent, approver] = [await server.token('agent'), await server.token('approver')];
    const propose = `mutation ($input: ProposeActionInput!) { proposeAction(input: $input) { approval { id digest } } }`;
    for (let index = 0; index < 5; index += 1) {
      const input = { actionType: 'send_proposal', payload: { index }, idempotencyKey: `k-${index}` };
      const { proposeAction } = await server.data(agent, propose, { input });
      if (index !== 2) continue;
      const { id: approvalId, digest } = proposeAction.approval;
      const decided = { approvalId, digest, comment: 'Fine' };
      await server.data(approver, 'mutation ($input: ApproveActionInput!) { approveAction(input: $input) { id } }', {
        input: decided,
      });
    }
    await server.close();
    const [tenant] = await database.asServer((sql) => sql<{ id: string }>(`select id from tenant where slug = 'demo'`));
    tenantId = tenant?.id ?? '';
  });
  afterAll(() => database.close());

  /** The same page as the ORM makes it: two statements and its own objects. */
  const byOrm = (args: PageArgs, status?: 'pending' | 'approved') =>
    database.run(tenantId, async (tx) => {
      const where = { tenantId, ...(status && { status }) };
      const page = await findPage(tx, { entity: ApprovalEntity, where, keys: ['id'], direction: 'asc', args });
      const actions = await emOf(tx).find(ActionEntity, { tenantId });
      return {
        ...page,
        edges: page.edges.map(({ cursor, node: approval }) => ({
          cursor,
          node: { approval: { ...approval }, action: { ...actions.find(({ id }) => id === approval.actionId) } },
        })),
      };
    });
  const ours = (args: PageArgs, status?: 'pending' | 'approved') =>
    approvalStore(database).list(tenantId, { status }, args);

  test('holds what the ORM finds, value for value, under the same cursors', async () => {
    const whole = await ours({});
    expect(whole.edges).toHaveLength(5);
    expect(whole).toEqual(await byOrm({}));
    const [second, fourth] = [whole.edges[1]?.cursor, whole.edges[3]?.cursor];
    for (const args of [
      { first: 2 },
      { last: 2 },
      { first: 2, after: second },
      { last: 2, before: fourth },
      { first: 5, after: second, before: fourth },
      { last: 1, after: second, before: fourth },
      { after: whole.edges[4]?.cursor },
    ]) {
      expect(await ours(args), JSON.stringify(args)).toEqual(await byOrm(args));
    }
  });

  test('of those in one state only', async () => {
    const [pending, approved] = [await ours({}, 'pending'), await ours({}, 'approved')];
    expect([pending.edges.length, approved.edges.length]).toEqual([4, 1]);
    expect(pending).toEqual(await byOrm({}, 'pending'));
    expect(approved).toEqual(await byOrm({}, 'approved'));
    expect(approved.edges[0]?.node).toMatchObject({ approval: { comment: 'Fine' }, action: { status: 'approved' } });
  });

  test('takes no cursor that was altered', async () => {
    const edge = (await ours({ first: 1 })).edges[0];
    for (const after of ['', 'x', `${edge?.cursor}A`, Buffer.from('["approval:id","x"]').toString('base64url')]) {
      await expect(ours({ after })).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
    }
  });
});
