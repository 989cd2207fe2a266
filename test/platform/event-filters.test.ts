import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/kernel/ids.js';
import type { Database } from '../../src/platform/db/database.js';
import { DATABASES, openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';

const PROPOSE = `mutation ($input: ProposeActionInput!) { proposeAction(input: $input) {
  approval { id digest } action { id } } }`;

describe.each(DATABASES)('narrowing what one follows, on %s', (kind) => {
  let database: Database;
  let server: TestServer;
  let agent: string;
  let ana: string;
  const [acme, bolt, anna, bert] = [newId(new Date()), newId(new Date()), newId(new Date()), newId(new Date())];
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    server = await startTestServer({ database });
    [agent, ana] = await Promise.all([server.token('agent'), server.token('approver', 'ana')]);
    await database.asServer(async (sql) => {
      const tenant = `(select id from tenant where slug = 'demo')`;
      await sql(
        `insert into account (tenant_id, id, name, created_at, updated_at)
         select ${tenant}, id, name, now(), now() from unnest($1::uuid[], $2::text[]) as a (id, name)`,
        [
          [acme, bolt],
          ['Acme', 'Bolt'],
        ],
      );
      await sql(
        `insert into clone (tenant_id, id, slug, name, created_at)
         select ${tenant}, id, slug, slug, now() from unnest($1::uuid[], $2::text[]) as c (id, slug)`,
        [
          [anna, bert],
          ['anna', 'bert'],
        ],
      );
    });
  });
  afterAll(async () => {
    await server.close();
    await database.close();
  });

  let keys = 0;
  const propose = async (actionType: string, accountId: string | null, cloneId: string | null) => {
    const input = { actionType, accountId, cloneId, payload: {}, idempotencyKey: `key-${keys++}` };
    return (await server.data(agent, PROPOSE, { input })).proposeAction;
  };
  /** A cursor behind which there is only what comes from now on. */
  const newest = async (): Promise<string> => {
    const { action } = await propose('create_briefing', null, null);
    const { edges } = (await server.data(ana, '{ events(last: 1) { edges { cursor node { subjectId } } } }')).events;
    return edges[0]?.node.subjectId === action.id ? edges[0].cursor : newest();
  };
  /** The ids of the first `count` actions that come. */
  const follow = async (query: string, variables: object, count: number): Promise<string[]> => {
    const replies = server.subscribe(ana, query, variables);
    const ids: string[] = [];
    while (ids.length < count) {
      const { data, errors } = await replies.next();
      if (errors) throw new Error(JSON.stringify(errors));
      const [event] = Object.values<{ approval?: { action: { id: string } }; action?: { id: string } }>(data);
      ids.push(String(event?.approval?.action.id ?? event?.action?.id));
    }
    await replies.close();
    return ids;
  };
  const live = (field: string, selection: string) =>
    `subscription ($after: String, $account: ID, $clone: ID, $type: String) {
       ${field}(after: $after, accountId: $account, cloneId: $clone, actionType: $type) { ${selection} } }`;
  const REQUESTED = live('approvalRequested', 'approval { action { id } }');

  test('by account, clone and action type: what does not match is passed over and holds nothing up', async () => {
    const after = await newest();
    const first = await propose('send_proposal', acme, anna);
    await propose('send_proposal', bolt, anna);
    await propose('send_proposal', null, null);
    const price = await propose('discuss_pricing', acme, bert);
    const last = await propose('send_proposal', acme, bert);
    const ids = [first, price, last].map(({ action }) => action.id);

    expect(await follow(REQUESTED, { after, account: acme }, 3)).toEqual(ids);
    expect(await follow(REQUESTED, { after, clone: bert }, 2)).toEqual(ids.slice(1));
    expect(await follow(REQUESTED, { after, type: 'discuss_pricing' }, 1)).toEqual([ids[1]]);
    const narrow = { after, account: acme, clone: bert, type: 'send_proposal' };
    expect(await follow(REQUESTED, narrow, 1)).toEqual([ids[2]]);
  });

  test('the whole life of an action carries what is filtered by', async () => {
    const after = await newest();
    const approved = await propose('send_proposal', acme, anna);
    const rejected = await propose('send_proposal', acme, bert);
    const DECIDE = (name: string, type: string) => `mutation ($input: ${type}!) { ${name}(input: $input) { id } }`;
    const { digest } = approved.approval;
    await server.data(ana, DECIDE('approveAction', 'ApproveActionInput'), {
      input: { approvalId: approved.approval.id, digest },
    });
    await server.data(ana, DECIDE('rejectAction', 'RejectActionInput'), {
      input: { approvalId: rejected.approval.id, reason: 'no' },
    });
    const claim = DECIDE('claimAction', 'ClaimActionInput');
    await server.data(agent, claim, { input: { actionId: approved.action.id } });
    await server.data(agent, DECIDE('completeAction', 'CompleteActionInput'), {
      input: { actionId: approved.action.id, leaseEpoch: 1 },
    });

    const changed = live('actionChanged', 'action { id }');
    const resolved = live('approvalResolved', 'approval { action { id } }');
    const ofAnna = { after, account: acme, clone: anna, type: 'send_proposal' };
    expect(await follow(changed, ofAnna, 4)).toEqual(Array(4).fill(approved.action.id));
    expect(await follow(resolved, { ...ofAnna, clone: bert }, 1)).toEqual([rejected.action.id]);
  });

  test('goals by type and clone', async () => {
    const after = await newest();
    const manager = await server.token('manager');
    const set = async (type: string, cloneId: string | null): Promise<string> => {
      const period = { periodStart: '2026-01-01T00:00:00Z', periodEnd: '2026-12-31T00:00:00Z' };
      const input = { title: type, type, cloneId, target: 10, current: 1, ...period };
      const CREATE = 'mutation ($input: CreateGoalInput!) { createGoal(input: $input) { id } }';
      return (await server.data(manager, CREATE, { input })).createGoal.id;
    };
    await set('REVENUE', null);
    const ofAnna = await set('ACTIVITY', anna);
    const ofBert = await set('REVENUE', bert);
    const first = async (filter: object): Promise<string> => {
      const replies = server.subscribe(
        ana,
        `subscription ($after: String, $type: GoalType, $clone: ID) {
           goalChanged(after: $after, type: $type, cloneId: $clone) { goal { id } } }`,
        { after, ...filter },
      );
      const { data } = await replies.next();
      await replies.close();
      return data.goalChanged.goal.id;
    };
    expect(await first({ type: 'ACTIVITY' })).toBe(ofAnna);
    expect(await first({ clone: bert })).toBe(ofBert);
    expect(await first({ type: 'REVENUE', clone: bert })).toBe(ofBert);
  });

  test('events by type, for those who poll', async () => {
    const after = await newest();
    const { action } = await propose('send_proposal', null, null);
    await propose('send_follow_up_email', null, null);
    await propose('approve_discount', null, null);
    const EVENTS = `query ($after: String, $types: [EventType!]) {
      events(after: $after, types: $types) { totalCount edges { node { type subjectId } } } }`;
    const types = ['APPROVAL_REQUESTED', 'ACTION_BLOCKED'];
    const read = async () => (await server.data(ana, EVENTS, { after, types })).events;
    await expect.poll(async () => (await read()).edges.length).toBe(2);
    const { edges, totalCount } = await read();
    expect(edges.map(({ node }: { node: { type: string } }) => node.type)).toEqual(types);
    expect(edges[0].node.subjectId).toBe(action.id);
    const all = (await server.data(ana, '{ events { totalCount } }')).events.totalCount;
    expect(totalCount).toBeLessThan(all);
  });

  test('an argument that could never match is refused, with its name', async () => {
    const refusals = [
      [{ account: 'acme' }, 'accountId'],
      [{ clone: "'; drop table event" }, 'cloneId'],
      [{ type: 'Send_Proposal' }, 'actionType'],
    ] as const;
    for (const [variables, argument] of refusals) {
      const refused = server.subscribe(ana, REQUESTED, variables);
      const { errors } = await refused.next();
      expect(errors[0].extensions).toMatchObject({ code: 'VALIDATION_FAILED', issues: [{ path: [argument] }] });
      await refused.close();
    }
  });
});
