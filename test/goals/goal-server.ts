import type { Role } from '../../src/kernel/actor.js';
import { newId } from '../../src/kernel/ids.js';
import type { Database } from '../../src/platform/db/database.js';
import { type DatabaseKind, openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';

export const GOAL = `id type title target current status periodStart periodEnd cloneId createdBy createdAt updatedAt
  cancelledBy cancelReason`;
const CREATE = `mutation ($input: CreateGoalInput!) { createGoal(input: $input) { ${GOAL} } }`;
const UPDATE = `mutation ($input: UpdateGoalProgressInput!) { updateGoalProgress(input: $input) { ${GOAL} } }`;
const CANCEL = `mutation ($input: CancelGoalInput!) { cancelGoal(input: $input) { ${GOAL} } }`;

export const START = '2026-03-01T00:00:00.000Z';
/** Ten days on: a tenth of the period is a day. */
export const END = '2026-03-11T00:00:00.000Z';
const DAY = 86_400_000;

/** A server on a clock that the test sets, and a second tenant beside the demo one. */
export interface GoalServer extends TestServer {
  readonly database: Database;
  /** Sets the clock to a day of the period, 0 being its start. */
  setDay(day: number): void;
  /** A token that outlives the test, however far it sets the clock. */
  tokenOf(role: Role, user?: string, tenant?: string): Promise<string>;
  create(token: string, input?: object): ReturnType<TestServer['request']>;
  update(token: string, input: object): ReturnType<TestServer['request']>;
  cancel(token: string, input: object): ReturnType<TestServer['request']>;
  /** Creates a goal and gives its fields. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of many shapes
  given(token: string, input?: object): Promise<any>;
}

export async function startGoalServer(kind: DatabaseKind): Promise<GoalServer> {
  const database = await openTestDatabase(kind);
  let now = new Date(START);
  const server = await startTestServer({ kind, database, clock: { now: () => now } });
  await database.asServer((sql) =>
    sql(`insert into tenant (id, slug, name, created_at) values ($1, 'other', 'Other', $2)`, [newId(now), now]),
  );
  const input = (more: object) => ({
    input: { type: 'REVENUE', target: 100, periodStart: START, periodEnd: END, ...more },
  });
  return {
    ...server,
    database,
    setDay: (day) => {
      now = new Date(new Date(START).getTime() + day * DAY);
    },
    tokenOf: (role, user = `${role}-one`, tenant = 'demo') =>
      server.app.tokens.issue({ tenant, user, roles: [role], expiresAt: new Date('2036-01-01T00:00:00Z') }),
    create: (token, more = {}) => server.request(token, CREATE, input(more)),
    update: (token, more) => server.request(token, UPDATE, { input: more }),
    cancel: (token, more) => server.request(token, CANCEL, { input: more }),
    given: async (token, more = {}) => (await server.data(token, CREATE, input(more))).createGoal,
    async close() {
      await server.close();
      await database.close();
    },
  };
}
