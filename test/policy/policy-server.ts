import type { Database } from '../../src/platform/db/database.js';
import type { TestServer } from '../support/server.js';

const POLICY = `
  version reason changedBy changedAt
  gates { dealValueAbove stages contactTitles hours { timeZone from to days } }
  rules { actionType description tier quorum requiredRole fallbackRole expiryHours connector
    gates { dealValueAbove stages contactTitles hours { timeZone from to days } } }
  budgets { name scope actionType period limit }
  changes { what before after }`;
const SET = `mutation ($input: SetPolicyInput!) { setPolicy(input: $input) { ${POLICY} } }`;
const PROPOSE = `mutation ($input: ProposeActionInput!) { proposeAction(input: $input) {
  replayed decision { allowed reason tier explanation }
  approval { id quorum requiredRole fallbackRole requestedAt expiresAt }
  action { id status policyVersion connector guardrail { explanation } } } }`;

export const CURRENT = `{ policy { ${POLICY} } }`;
export const EMPTY = { rules: [], budgets: [] };

let keys = 0;

/** What tests of the policy do again and again. */
export function policyCalls(server: TestServer, admin: string, agent: string) {
  return {
    /** Puts a policy in force, over whatever is. */
    // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of many shapes
    async set(policy: object, reason = 'to see'): Promise<any> {
      const { policy: current } = await server.data(admin, '{ policy { version } }');
      const input = { policy: { ...EMPTY, ...policy }, reason, expectedVersion: current.version };
      return (await server.data(admin, SET, { input })).setPolicy;
    },
    trySet: (input: object, token = admin) => server.request(token, SET, { input }),
    // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of many shapes
    async propose(actionType: string, more: object = {}, token = agent): Promise<any> {
      const input = { actionType, payload: {}, idempotencyKey: `policy-${keys++}`, ...more };
      return (await server.data(token, PROPOSE, { input })).proposeAction;
    },
  };
}

/**
 * How many rows each of the tenant's tables has, and what the counts of the budgets are. But for the seals of the log,
 * which come by themselves, a few seconds after what they seal.
 */
export const everythingCounted = (database: Database) =>
  database.asServer(async (sql) => {
    const tables = await sql<{ name: string }>(
      `select table_name as name from information_schema.columns
       where table_schema = current_schema() and column_name = 'tenant_id' and table_name <> 'seal' order by 1`,
    );
    const counts: Record<string, unknown> = {};
    for (const { name } of tables) {
      const [row] = await sql<{ count: number }>(`select count(*)::int as count from ${name}`);
      counts[name] = row?.count;
    }
    return { counts, uses: await sql('select budget, scope, used from budget_use order by 1, 2, 3') };
  });
