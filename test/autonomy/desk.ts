import type { AppOverrides } from '../../src/app.js';
import { composeFeatures } from '../../src/compose/index.js';
import type { Role } from '../../src/kernel/actor.js';
import type { Database } from '../../src/platform/db/database.js';
import { type DatabaseKind, openTestDatabase } from '../support/database.js';
import { type Reply, startTestServer, type TestServer } from '../support/server.js';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

const PROPOSE = `mutation ($input: ProposeActionInput!) { proposeAction(input: $input) {
  approval { id digest expiresAt quorum requiredRole } action { id status digest canonical revision } } }`;
const SEEN = `id status digest quorum requiredRole fallbackRole escalatedAt validUntil decidedBy decidedAt comment
  votes { voter verdict onBehalfOf role comment current }
  action { id status revision actionType payload canonical digest endedReason proposedBy
    revisions { number kind editedBy comment digest replacedBy diff } }`;
const OPERATIONS = {
  approveAction: ['ApproveActionInput', SEEN],
  rejectAction: ['RejectActionInput', SEEN],
  editAction: ['EditActionInput', SEEN],
  decideActions: ['DecideActionsInput', 'approvalId approval { status comment } error { code message extensions }'],
  cancelAction: ['CancelActionInput', 'id status endedReason approval { status }'],
  claimAction: ['ClaimActionInput', 'id status digest canonical leaseEpoch'],
  setUser: ['SetUserInput', 'name'],
  suspendUser: ['SuspendUserInput', 'name'],
  reinstateUser: ['ReinstateUserInput', 'name'],
  upsertAccount: ['UpsertAccountInput', 'account { id }'],
  upsertContact: ['UpsertContactInput', 'contact { id }'],
  recordInteraction: ['RecordInteractionInput', 'outcome'],
  upsertDeal: ['UpsertDealInput', 'deal { id }'],
  delegateApprovals: ['DelegateApprovalsInput', 'id from to roles startsAt endsAt reason revokedAt'],
  revokeDelegation: ['RevokeDelegationInput', 'id revokedAt revokedBy'],
} as const;
export type Operation = keyof typeof OPERATIONS;

const TRAIL = 'query ($id: ID!) { auditTrail(subjectId: $id, first: 50) { edges { node { type actor data } } } }';

export interface Asked {
  readonly approvalId: string;
  readonly digest: string;
  readonly actionId: string;
}

/** A server with a clock that is moved by hand, and what people at a desk do there. */
export interface Desk {
  readonly server: TestServer;
  readonly database: Database;
  /** Moves the clock forward. */
  pass(ms: number): void;
  now(): Date;
  /** A token that does not run out during a test. */
  token(role: Role | readonly Role[], user: string): Promise<string>;
  call(token: string, operation: Operation, input: object): Promise<Reply>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of many shapes
  done(token: string, operation: Operation, input: object): Promise<any>;
  /** The extensions of the refusal; fails when there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of many shapes
  refused(token: string, operation: Operation, input: object): Promise<any>;
  propose(more?: object, token?: string): Promise<Asked>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of many shapes
  approval(id: string): Promise<any>;
  /** What the log says of an action. */
  trail(actionId: string): Promise<{ type: string; actor: string; data: Record<string, unknown> }[]>;
  /** Does what is due by now, as a server does every half minute. */
  sweep(): Promise<void>;
  /** Puts a policy in force. */
  enact(document: object): Promise<void>;
  close(): Promise<void>;
}

export async function openDesk(kind: DatabaseKind, overrides: Pick<AppOverrides, 'logTo'> = {}): Promise<Desk> {
  const database = await openTestDatabase(kind);
  let now = new Date('2026-03-02T09:00:00Z');
  const server = await startTestServer({
    ...overrides,
    database,
    sweeps: 'by hand',
    clock: { now: () => now },
    config: { approvalHours: 24 },
  });
  const token = (role: Role | readonly Role[], user: string) => {
    const expiresAt = new Date(now.getTime() + 10_000 * HOUR);
    return server.app.tokens.issue({ tenant: 'demo', user, roles: [role].flat() as Role[], expiresAt });
  };
  const agent = await token('agent', 'agent-one');
  const reader = await token('manager', 'reader');
  const call = (as: string, operation: Operation, input: object) => {
    const [type, selection] = OPERATIONS[operation];
    const query = `mutation ($input: ${type}!) { ${operation}(input: $input) { ${selection} } }`;
    return server.request(as, query, { input });
  };
  const clock = { now: () => now };
  const { deadlines } = composeFeatures({ database, tokens: server.app.tokens, clock, approvalHours: 24 });
  let keys = 0;
  let version = 0;
  return {
    server,
    database,
    pass(ms) {
      now = new Date(now.getTime() + ms);
    },
    now: () => now,
    token,
    call,
    async done(as, operation, input) {
      const reply = await call(as, operation, input);
      if (reply.errors) throw new Error(`unexpected errors: ${JSON.stringify(reply.errors)}`);
      return reply.data[operation];
    },
    async refused(as, operation, input) {
      const { errors, data } = await call(as, operation, input);
      if (!errors) throw new Error(`expected a refusal, got ${JSON.stringify(data)}`);
      return errors[0].extensions;
    },
    async propose(more = {}, as = agent) {
      const input = {
        actionType: 'send_proposal',
        payload: { text: 'Dear Kim' },
        idempotencyKey: `k-${keys++}`,
        ...more,
      };
      const { approval, action } = (await server.data(as, PROPOSE, { input })).proposeAction;
      return { approvalId: approval?.id, digest: action.digest, actionId: action.id };
    },
    async approval(id) {
      return (await server.data(reader, `query ($id: ID!) { approval(id: $id) { ${SEEN} } }`, { id })).approval;
    },
    async trail(id) {
      const { edges } = (await server.data(reader, TRAIL, { id })).auditTrail;
      return edges.map(({ node }: { node: { type: string; actor: string; data: Record<string, unknown> } }) => node);
    },
    sweep: () => deadlines.sweep(),
    async enact(document) {
      version += 1;
      await database.asServer(async (sql) => {
        const [tenant] = await sql<{ id: string }>(`select id from tenant where slug = 'demo'`);
        const values = [tenant?.id, version, JSON.stringify({ rules: {}, budgets: [], ...document })];
        await sql(
          `insert into policy_version (tenant_id, version, document, reason, created_by, created_at)
           values ($1, $2, $3::jsonb, 'a test', 'a test', now())`,
          values,
        );
        await sql(
          `insert into autonomy_control (tenant_id, policy_version) values ($1, $2)
           on conflict (tenant_id) do update set policy_version = excluded.policy_version`,
          values.slice(0, 2),
        );
      });
    },
    async close() {
      await server.close();
      await database.close();
    },
  };
}
