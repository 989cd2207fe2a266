import type { GraphQLSchema } from 'graphql';
import { expect, vi } from 'vitest';
import { composeFeatures, describeApi } from '../../src/compose/index.js';
import type { Role } from '../../src/kernel/actor.js';
import type { Clock } from '../../src/kernel/clock.js';
import { newId } from '../../src/kernel/ids.js';
import type { Database } from '../../src/platform/db/database.js';
import { positionToCursor } from '../../src/platform/realtime/event-log.js';
import { type DatabaseKind, openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { documentFor, type Site, sitesOf } from './api-walk.js';
import { type Row, readTenantTables } from './rows.js';

/** One of the two: everything that is written into it carries its mark. */
export interface Tenant {
  readonly id: string;
  /** Its short name too. */
  readonly mark: string;
  /** What is stored of it, by table, as last read. */
  rows: ReadonlyMap<string, readonly Row[]>;
  token(user: string, roles?: readonly Role[]): Promise<string>;
  /** Calls a mutation as a user of the tenant and gives the answer; fails on any error. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
  call(user: string, field: string, input: object): Promise<any>;
  /** Asks something as a user of the tenant; fails on any error. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
  ask(user: string, query: string): Promise<any>;
}

export interface TwoTenants {
  readonly server: TestServer;
  readonly schema: GraphQLSchema;
  readonly sites: readonly Site[];
  readonly ours: Tenant;
  readonly theirs: Tenant;
  readonly database: Database;
  /** What the server goes by; it stands still, but each `Tenant.call` puts it forward by a millisecond. */
  readonly clock: Clock & { time: number };
  /** Waits until all that was written can be read in the log, and reads what is stored. */
  settle(tenant: Tenant): Promise<void>;
  /** Reads what is stored of a tenant. */
  read(tenant: Tenant): Promise<ReadonlyMap<string, readonly Row[]>>;
  /** Removes what was added to a tenant since it was last read; its log stays as it is. */
  tidy(tenant: Tenant): Promise<void>;
  close(): Promise<void>;
}

export const ALL_ROLES: readonly Role[] = ['agent', 'approver', 'manager', 'admin'];

/** Jobs of which each tenant gets runs. */
const JOBS_RUN = ['PATTERN_SCAN', 'PATTERN_SCAN'];

/** What customers write that is worth an alarm. */
const ALARMS = { BUDGET_FREEZE: 'our budget is frozen', CHAMPION_LEAVING: 'she has resigned' };
const MESSAGE = { channel: 'EMAIL', direction: 'INBOUND', occurredAt: '2026-02-28T00:00:00Z' };

/** A server with two empty tenants. */
export async function openTwoTenants(kind: DatabaseKind): Promise<TwoTenants> {
  const database = await openTestDatabase(kind);
  const clock = { time: Date.parse('2026-03-01T12:00:00Z'), now: () => new Date(clock.time) };
  const server = await startTestServer({ database, clock });
  const { sealing } = composeFeatures({ database, tokens: server.app.tokens, clock, approvalHours: 1 });
  const schema = await describeApi();
  const sites = sitesOf(schema);
  const tables = await readTenantTables(database);
  const read = async ({ id }: Tenant) => {
    const rows = await database.asServer(async (sql) => {
      const found = new Map<string, readonly Row[]>();
      for (const table of tables.names) {
        const ofTable = await sql<{ row: Row }>(
          `select to_jsonb(${table}) as row from ${table} where tenant_id = $1 order by to_jsonb(${table})::text`,
          [id],
        );
        found.set(
          table,
          ofTable.map(({ row }) => row),
        );
      }
      return found;
    });
    return rows;
  };
  const open = async (mark: string): Promise<Tenant> => {
    const id = newId(clock.now());
    await insertTenant(database, id, mark);
    const token = (user: string, roles: readonly Role[] = ALL_ROLES) => server.token(roles, `${mark}-${user}`, mark);
    return {
      id,
      mark,
      rows: new Map(),
      token,
      async call(user, field, input) {
        // A millisecond apart, so that the order of what is created is not left to chance.
        clock.time += 1;
        const site = sites.find(({ name }) => name === `Mutation.${field}`);
        if (!site) throw new Error(`there is no mutation ${field}`);
        const { query, variables } = documentFor(site, [{ input }]);
        return (await server.data(await token(user), query, variables))[field];
      },
      ask: async (user, query) => server.data(await token(user), query),
    };
  };
  return {
    server,
    database,
    clock,
    schema,
    sites,
    ours: await open('alpha'),
    theirs: await open('zqbeta'),
    read,
    async settle(tenant) {
      const written = (await read(tenant)).get('event')?.length;
      const reader = await tenant.token('reader');
      await vi.waitFor(async () => {
        const { events } = await server.data(reader, '{ events { totalCount } }');
        expect(events.totalCount).toBe(written);
      }, 20_000);
      // Sealed now, nothing of the tenant changes any more while nobody writes.
      await sealing.sealPending();
      tenant.rows = await read(tenant);
    },
    tidy: ({ id, rows }) =>
      database.asServer(async (sql) => {
        for (const table of [...tables.names].reverse()) {
          if (!tables.columnsOf(table).some(({ name, type }) => name === 'id' && type === 'uuid')) continue;
          const known = (rows.get(table) ?? []).map((row) => row.id);
          await sql(`delete from ${table} where tenant_id = $1 and id <> all($2::uuid[])`, [id, known]);
        }
      }),
    async close() {
      await server.close();
      await database.close();
    },
  };
}

const insertTenant = (database: Database, id: string, slug: string) =>
  database.asServer((sql) =>
    sql('insert into tenant (id, slug, name, created_at) values ($1, $2, $2, now())', [id, slug]),
  );

/** Puts two or more of every kind into a tenant, through the API. */
export async function furnish({ mark, call, ask }: Tenant): Promise<void> {
  const ids = async (field: string, inputs: readonly object[], read: (answer: never) => string) => {
    const made: string[] = [];
    for (const input of inputs) made.push(read((await call('boss', field, input)) as never));
    return made;
  };
  const two = (make: (number: number) => object) => [make(1), make(2)];

  const [clone] = await ids(
    'createClone',
    two((n) => ({ slug: `${mark}-clone-${n}`, name: `${mark} clone ${n}`, description: `${mark} does things` })),
    ({ id }) => id,
  );
  for (const n of [1, 2]) {
    await call('boss', 'setUser', { name: `${mark}-user-${n}`, roles: ['AGENT'], owner: `${mark}-owner-${n}` });
    await call('boss', 'createApiKey', { name: `${mark} key ${n}`, agent: `${mark}-user-${n}`, cloneId: clone });
  }
  for (const n of [1, 2]) {
    const until = '2026-03-20T00:00:00Z';
    await call('boss', 'delegateApprovals', { to: `${mark}-delegate-${n}`, until, reason: `${mark} holiday ${n}` });
  }
  await call('boss', 'suspendUser', { name: `${mark}-user-2`, reason: `${mark} reasons` });
  for (const settings of [
    { webhook: { url: `https://${mark}.example/hook`, receiverDeduplicates: true } },
    { email: { anyRecipient: false } },
  ])
    await call('boss', 'setConnector', settings);
  const accounts = await ids(
    'upsertAccount',
    two((n) => ({
      externalId: `${mark}-account-${n}`,
      name: `${mark} account ${n}`,
      domain: `${mark}-${n}.example`,
      sector: `${mark} sector ${n}`,
      location: `${mark} town`,
      parentName: `${mark} parent`,
    })),
    ({ account }: { account: { id: string } }) => account.id,
  );
  const [accountId] = accounts;
  const [contactId] = await ids(
    'upsertContact',
    two((n) => ({
      externalId: `${mark}-contact-${n}`,
      accountId,
      name: `${mark} person ${n}`,
      email: `${mark}-${n}@${mark}.example`,
      title: `${mark} title`,
    })),
    ({ contact }: { contact: { id: string } }) => contact.id,
  );
  const [dealId] = await ids(
    'upsertDeal',
    two((n) => ({
      externalId: `${mark}-deal-${n}`,
      accountId,
      cloneId: clone,
      name: `${mark} deal ${n}`,
      owner: `${mark} seller`,
      stage: n === 1 ? 'DISCOVERY' : 'CLOSED_WON',
      value: 1_000 * n,
    })),
    ({ deal }: { deal: { id: string } }) => deal.id,
  );
  for (const n of [1, 2]) {
    await call('boss', 'recordInteraction', {
      externalId: `${mark}-interaction-${n}`,
      accountId,
      contactId,
      cloneId: clone,
      channel: 'EMAIL',
      occurredAt: '2026-01-02T00:00:00Z',
      subject: `${mark} subject`,
      content: `${mark} content ${n}`,
    });
  }
  for (const n of [1, 2]) {
    await call('boss', 'setPolicy', {
      policy: {
        gates: { contactTitles: [`${mark} chief`] },
        rules: [{ actionType: `${mark}_special`, description: `${mark} means this ${n}` }],
        budgets: [{ name: `${mark} budget`, scope: 'ACCOUNT', period: 'WEEK', limit: 1_000 * n }],
      },
      reason: `${mark} lays it down ${n}`,
      expectedVersion: n - 1,
    });
  }
  await stir({ mark, call, ask }, { accountId, dealId, cloneId: clone });
  await dealWith({ mark, call, ask }, 'CHAMPION_LEAVING');
  await call('boss', 'setCompetitors', { names: [`${mark} Rivals`] });
}

/** Judges and dismisses what is pending of a type. */
async function dealWith({ mark, call, ask }: Pick<Tenant, 'mark' | 'call' | 'ask'>, type: string): Promise<void> {
  const { insights } = await ask('reader', `{ insights(type: ${type}, status: PENDING) { edges { node { id } } } }`);
  for (const { node } of insights.edges) {
    await call('approver', 'giveInsightFeedback', { insightId: node.id, verdict: 'USEFUL' });
    await call('approver', 'dismissInsight', { insightId: node.id, reason: `${mark} knows` });
  }
}

/** What a tenant's actions may refer to. */
export type References = Readonly<Record<'accountId' | 'dealId' | 'cloneId', string | undefined>>;

/** Lets actions and goals live through their states, so that every kind of event is written. */
export async function stir(
  { mark, call, ask }: Pick<Tenant, 'mark' | 'call' | 'ask'>,
  references: References,
  note = 'as usual',
): Promise<void> {
  let keys = 0;
  const batch = newId(new Date());
  const propose = (actionType: string, user = 'agent') =>
    call(user, 'proposeAction', {
      actionType,
      payload: { text: `${mark} ${note}` },
      idempotencyKey: `${mark}-${batch}-${keys++}`,
      rationale: `${mark} rationale`,
      ...references,
    });
  const allowed = [];
  for (let n = 0; n < 4; n++) allowed.push((await propose('send_follow_up_email')).action.id);
  await propose('approve_discount', 'walker');
  const special = (await propose(`${mark}_special`)).approval.id;
  const pending = [];
  const digests = [];
  for (let n = 0; n < 5; n++) {
    const { approval } = await propose('send_proposal');
    pending.push(approval.id);
    digests.push(approval.digest);
  }
  const claim = (actionId: string) => call('agent', 'claimAction', { actionId });
  for (const actionId of allowed.slice(0, 3)) await claim(actionId);
  await call('agent', 'completeAction', { actionId: allowed[0], leaseEpoch: 1, result: { text: `${mark} sent` } });
  await call('agent', 'failAction', { actionId: allowed[1], leaseEpoch: 1, error: `${mark} failed` });
  await call('approver', 'rejectAction', { approvalId: pending[0], reason: `${mark} says no` });
  await call('approver', 'rejectAction', { approvalId: special, reason: `${mark} says no` });
  const goals = [];
  for (const n of [1, 2]) {
    const period = { periodStart: '2026-01-01T00:00:00Z', periodEnd: '2026-12-31T00:00:00Z' };
    const title = `${mark} goal ${n} ${note}`;
    goals.push(
      (
        await call('boss', 'createGoal', {
          type: 'PIPELINE',
          title,
          target: 100,
          ...period,
          cloneId: references.cloneId,
        })
      ).id,
    );
  }
  // Two points of history at least for each.
  await call('boss', 'updateGoalProgress', { goalId: goals[0], current: 5 });
  await call('boss', 'cancelGoal', { goalId: goals[0], reason: `${mark} changed plans` });
  await call('boss', 'updateGoalProgress', { goalId: goals[1], current: 10 });
  await call('approver', 'editAction', {
    approvalId: pending[2],
    digest: digests[2],
    payload: { text: `${mark} ${note}, edited` },
    comment: `${mark} knows better`,
  });
  await call('approver', 'approveAction', { approvalId: pending[1], digest: digests[1], comment: `${mark} says yes` });
  for (const [type, words] of Object.entries(ALARMS)) {
    // One of a type is pending at most: to be raised anew, it has to be dealt with.
    await dealWith({ mark, call, ask }, type);
    const { accountId } = references;
    const content = `${mark}: ${words}, ${note}.`;
    await call('boss', 'recordInteraction', { ...MESSAGE, accountId, subject: `${mark} news`, content });
  }
  // By whom tells one round from another, also in the log.
  const boss = `boss-${note.replaceAll(' ', '-')}`;
  await call(boss, 'pauseAutonomy', { reason: `${mark} looks around` });
  await call(boss, 'resumeAutonomy', { note: `${mark} has looked` });
  for (const name of JOBS_RUN) {
    const { run } = await call(boss, 'runJob', { name });
    await vi.waitFor(async () => {
      const { jobs } = await ask('reader', '{ jobs { lastRun { id } } }');
      expect(JSON.stringify(jobs)).toContain(run.id);
    }, 20_000);
  }
}

/** Every text and id stored of `tenant`, and every place of its events in the log, that `other` has not too. */
export function belongings(tenant: Tenant, other: Tenant): ReadonlySet<string> {
  const textsOf = ({ rows }: Tenant) => new Set([...rows.values()].flat().flatMap(leavesOf));
  const others = textsOf(other);
  const own = [...textsOf(tenant)].filter((text) => text.length >= 8 && !others.has(text));
  const cursors = (tenant.rows.get('event') ?? []).map(({ tx, id }) =>
    positionToCursor({ tx: BigInt(String(tx)), id: BigInt(String(id)) }),
  );
  return new Set([tenant.id, ...own, ...cursors]);
}

function leavesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [];
}
