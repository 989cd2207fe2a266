import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startReceiver } from '../execution/receiver.js';
import { createPostgresDatabase } from '../support/database.js';
import { type CompiledServer, compileServer } from '../support/process.js';
import { ask, type Caller } from './agent.js';

const SET_POLICY = 'mutation ($input: SetPolicyInput!) { setPolicy(input: $input) { version } }';
const SET_CONNECTOR = 'mutation ($input: SetConnectorInput!) { setConnector(input: $input) { secret } }';
const PROPOSE = `mutation ($input: ProposeActionInput!) { proposeAction(input: $input) {
  action { id } approval { id digest } } }`;
const APPROVE = 'mutation ($input: ApproveActionInput!) { approveAction(input: $input) { status } }';
const RECONCILE =
  'mutation ($input: ReconcileActionInput!) { reconcileAction(input: $input) { status outcome endedReason } }';
const ACTION = '{ actions(first: 10) { edges { node { id status leaseEpoch attempts { result detail } } } } }';

describe('connectors whose server dies', () => {
  let compiled: CompiledServer;
  const releases: (() => Promise<unknown>)[] = [];
  beforeAll(() => {
    compiled = compileServer();
  }, 120_000);
  afterAll(async () => {
    await compiled.remove();
    for (const release of releases) await release();
  });

  /** A database and a receiver of its own, and servers that come and go. */
  async function scene(receiverDeduplicates: boolean) {
    const database = await createPostgresDatabase();
    const operator = new pg.Client(database);
    await operator.connect();
    const receiver = await startReceiver();
    releases.push(() => operator.end(), receiver.stop);
    const spawn = (failpoint?: string) =>
      compiled.start({
        DATABASE_URL: database,
        COUNTERSIGN_JWT_SECRET: 'shared by all instances, and long enough',
        COUNTERSIGN_ALLOW_PRIVATE_TARGETS: 'true',
        COUNTERSIGN_RETRY_SECONDS: '1',
        LOG_LEVEL: 'fatal',
        ...(failpoint !== undefined && { COUNTERSIGN_FAILPOINT: failpoint }),
      });
    const start = async (failpoint?: string) => {
      const server = spawn(failpoint);
      const url = await server.ready;
      const as = async (role: 'agent' | 'approver' | 'admin'): Promise<Caller> => ({
        url,
        token: await server.token(role),
      });
      return { server, agent: await as('agent'), approver: await as('approver'), admin: await as('admin') };
    };
    type Instance = Awaited<ReturnType<typeof start>>;
    return {
      receiver,
      operator,
      spawn,
      start,
      /** Lays down who runs what, and where the webhook is. */
      async setUp({ admin }: Instance): Promise<void> {
        const rules = ['send_chat_message', 'send_proposal'].map((actionType) => ({
          actionType,
          connector: 'WEBHOOK',
        }));
        const policy = { rules, budgets: [] };
        const laid = await ask(admin, SET_POLICY, { input: { policy, reason: 'to see', expectedVersion: 0 } });
        const webhook = { url: receiver.url, receiverDeduplicates, timeoutSeconds: 1 };
        const set = await ask(admin, SET_CONNECTOR, { input: { webhook } });
        expect([laid.errors, set.errors]).toEqual([undefined, undefined]);
      },
      /** Proposes; the answer may be lost with the server. */
      propose: ({ agent }: Instance, actionType: string) =>
        ask(agent, PROPOSE, { input: { actionType, payload: { text: 'once' }, idempotencyKey: actionType } }).catch(
          () => undefined,
        ),
      async until({ approver }: Instance, status: string) {
        const read = async () => (await ask(approver, ACTION)).data.actions.edges[0].node;
        return vi.waitFor(
          async () => {
            const action = await read();
            expect(action).toMatchObject({ status });
            return action;
          },
          { timeout: 60_000, interval: 250 },
        );
      },
    };
  }
  const idsOf = (receiver: Awaited<ReturnType<typeof startReceiver>>) => [
    ...new Set(receiver.received.map(({ headers }) => headers['webhook-id'])),
  ];

  test.concurrent('between effect and record: a receiver that deduplicates gets it again under the same id', async () => {
    const { receiver, start, setUp, propose, until } = await scene(true);
    const doomed = await start('after-effect:kill');
    await setUp(doomed);
    await propose(doomed, 'send_chat_message');
    await doomed.server.ended;
    expect(receiver.received).toHaveLength(1);

    const heir = await start();
    const action = await until(heir, 'EXECUTED');
    expect(action.attempts).toMatchObject([{ result: 'ABANDONED' }, { result: 'EXECUTED' }]);
    expect(receiver.received).toHaveLength(2);
    expect(idsOf(receiver)).toHaveLength(1);
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
  }, 180_000);

  test.concurrent('between effect and record: any other gets it no second time, and a person says what became of it', async () => {
    const { receiver, operator, start, setUp, propose, until } = await scene(false);
    const doomed = await start('after-effect:kill');
    await setUp(doomed);
    await propose(doomed, 'send_chat_message');
    await doomed.server.ended;

    const heir = await start();
    const { id, attempts, leaseEpoch } = await until(heir, 'OUTCOME_UNKNOWN');
    expect({ attempts, leaseEpoch }).toMatchObject({ attempts: [{ result: 'ABANDONED' }], leaseEpoch: 2 });
    const note = 'The receiver has it';
    const input = { actionId: id, outcome: 'EXECUTED', note, result: { seen: 1 } };
    const reconciled = await ask(heir.approver, RECONCILE, { input });
    expect(reconciled.data.reconcileAction).toMatchObject({ status: 'EXECUTED', outcome: { seen: 1 } });
    // The job of the dead server is handed out again, and finds nothing to do.
    const jobs = 'select state, data from countersign_jobs.job where name = $1';
    await vi.waitFor(
      async () =>
        expect((await operator.query(jobs, ['execute_action'])).rows).toMatchObject([
          { state: 'completed', data: { actionId: id } },
        ]),
      { timeout: 90_000, interval: 500 },
    );
    expect(receiver.received).toHaveLength(1);
  }, 180_000);

  test.concurrent('just after the decision, and then just before the effect: it still runs, once', async () => {
    const { receiver, spawn, start, setUp, propose, until } = await scene(true);
    const first = await start('after-decide-commit:kill');
    await setUp(first);
    const { data } = await propose(first, 'send_proposal');
    const { id: approvalId, digest } = data.proposeAction.approval;
    const answer = await ask(first.approver, APPROVE, { input: { approvalId, digest } }).catch(() => undefined);
    expect(answer).toBeUndefined();
    await first.server.ended;
    expect(receiver.received).toHaveLength(0);

    // Comes upon the job that was committed with the decision.
    await spawn('before-effect:kill').ended;
    expect(receiver.received).toHaveLength(0);

    const action = await until(await start(), 'EXECUTED');
    expect(action.attempts).toMatchObject([{ result: 'ABANDONED' }, { result: 'EXECUTED' }]);
    expect(receiver.received).toHaveLength(1);
  }, 180_000);
});
