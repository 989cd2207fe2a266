import { expect, vi } from 'vitest';
import type { Role } from '../../src/kernel/actor.js';
import type { TestServer } from '../support/server.js';

const PROPOSE = `mutation ($input: ProposeActionInput!) { proposeAction(input: $input) {
  action { id status digest canonical } approval { id digest } } }`;
const ACTION = `query ($id: ID!) { action(id: $id) { status failure outcome endedReason claimedBy leaseEpoch canonical digest
  attempts { attempt leaseEpoch startedAt endedAt result detail } } }`;
const SET = `mutation ($input: SetConnectorInput!) { setConnector(input: $input) {
  secret connector { id kind hasSecret previousSecretUntil webhook { url receiverDeduplicates maxAttempts } } } }`;
const TRAIL = 'query ($id: ID!) { auditTrail(subjectId: $id) { edges { node { type actor } } } }';
const SET_POLICY = 'mutation ($input: SetPolicyInput!) { setPolicy(input: $input) { version } }';

let keys = 0;

/** What tests of connectors do again and again, in one tenant. */
export function connected(server: () => TestServer, tenant = 'demo') {
  const as = (role: Role, user?: string) => server().token(role, user, tenant);
  const setConnector = async (input: object) =>
    (await server().data(await as('admin', 'adam'), SET, { input })).setConnector;
  return {
    setConnector,
    /** Lays down who runs which action types. */
    async letRun(connectors: Readonly<Record<string, string>>): Promise<void> {
      const rules = Object.entries(connectors).map(([actionType, connector]) => ({ actionType, connector }));
      const admin = await as('admin', 'adam');
      const { policy } = await server().data(admin, '{ policy { version } }');
      const input = { policy: { rules, budgets: [] }, reason: 'for the test', expectedVersion: policy.version };
      await server().data(admin, SET_POLICY, { input });
    },
    async propose(actionType: string, payload: object, more: object = {}) {
      const input = { actionType, payload, idempotencyKey: `connected ${keys++}`, ...more };
      return (await server().data(await as('agent'), PROPOSE, { input })).proposeAction;
    },
    read: async (id: string) => (await server().data(await as('manager'), ACTION, { id })).action,
    /** Waits until the action is in a state. */
    async until(id: string, status: string) {
      const token = await as('manager');
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
      const { edges } = (await server().data(await as('manager'), TRAIL, { id })).auditTrail;
      return edges.map(({ node }: { node: { type: string } }) => node.type);
    },
    async refusalOf(token: string, query: string, variables: object) {
      return (await server().request(token, query, variables)).errors?.[0].extensions;
    },
  };
}
