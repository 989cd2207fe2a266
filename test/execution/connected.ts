import { expect, vi } from 'vitest';
import type { Database } from '../../src/platform/db/database.js';
import type { TestServer } from '../support/server.js';

const PROPOSE = `mutation ($input: ProposeActionInput!) { proposeAction(input: $input) {
  action { id status digest canonical } approval { id digest } } }`;
const ACTION = `query ($id: ID!) { action(id: $id) { status failure outcome endedReason claimedBy leaseEpoch canonical digest
  attempts { attempt leaseEpoch startedAt endedAt result detail } } }`;
const SET = `mutation ($input: SetConnectorInput!) { setConnector(input: $input) {
  secret connector { id kind hasSecret previousSecretUntil webhook { url receiverDeduplicates maxAttempts } } } }`;
const TRAIL = 'query ($id: ID!) { auditTrail(subjectId: $id) { edges { node { type actor } } } }';

let keys = 0;
let versions = 0;

/** What tests of connectors do again and again. */
export function connected(server: () => TestServer, database: () => Database) {
  const setConnector = async (input: object) =>
    (await server().data(await server().token('admin', 'adam'), SET, { input })).setConnector;
  return {
    setConnector,
    /** Lays down who runs which action types. */
    async letRun(connectors: Readonly<Record<string, string>>): Promise<void> {
      const rules = Object.fromEntries(Object.entries(connectors).map(([type, connector]) => [type, { connector }]));
      await database().asServer(async (sql) => {
        const [tenant] = await sql<{ id: string }>(`select id from tenant where slug = 'demo'`);
        versions += 1;
        await sql(
          `insert into policy_version (tenant_id, version, document, reason, created_by, created_at)
           values ($1, $2, $3::jsonb, 'for the test', 'adam', now())`,
          [tenant?.id, versions, JSON.stringify({ rules, budgets: [] })],
        );
        await sql(
          `insert into autonomy_control (tenant_id, policy_version) values ($1, $2)
           on conflict (tenant_id) do update set policy_version = excluded.policy_version`,
          [tenant?.id, versions],
        );
      });
    },
    async propose(actionType: string, payload: object, more: object = {}) {
      const input = { actionType, payload, idempotencyKey: `connected ${keys++}`, ...more };
      return (await server().data(await server().token('agent'), PROPOSE, { input })).proposeAction;
    },
    read: async (id: string) => (await server().data(await server().token('manager'), ACTION, { id })).action,
    /** Waits until the action is in a state. */
    async until(id: string, status: string) {
      const token = await server().token('manager');
      return vi.waitFor(
        async () => {
          const { action } = await server().data(token, ACTION, { id });
          expect(action).toMatchObject({ status });
          return action;
        },
        { timeout: 20_000, interval: 50 },
      );
    },
    async typesOf(id: string): Promise<string[]> {
      const { edges } = (await server().data(await server().token('manager'), TRAIL, { id })).auditTrail;
      return edges.map(({ node }: { node: { type: string } }) => node.type);
    },
    async refusalOf(token: string, query: string, variables: object) {
      return (await server().request(token, query, variables)).errors?.[0].extensions;
    },
  };
}
