import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/platform/db/database.js';
import { DATABASES, openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';

const PROPOSE = `mutation ($input: ProposeActionInput!) { proposeAction(input: $input) {
  approval { id digest expiresAt } action { id status digest canonical } } }`;
const APPROVE =
  'mutation ($input: ApproveActionInput!) { approveAction(input: $input) { status decidedBy decidedAt } }';
const REJECT = 'mutation ($input: RejectActionInput!) { rejectAction(input: $input) { status decidedBy decidedAt } }';
const CLAIM =
  'mutation ($input: ClaimActionInput!) { claimAction(input: $input) { canonical digest leaseEpoch claimedBy } }';
const FAIL = 'mutation ($input: FailActionInput!) { failAction(input: $input) { status failure } }';
const TRAIL = 'query ($id: ID!) { auditTrail(subjectId: $id) { edges { node { type actor data } } } }';
const HOUR = 3_600_000;

const SHOWN = 'id displayPayload payload';

describe.each(DATABASES)('what a signature is worth on %s', (kind) => {
  let database: Database;
  let server: TestServer;
  let agent: string;
  let ana: string;
  let now = new Date('2026-03-02T09:00:00Z');
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    server = await startTestServer({
      database,
      sweeps: 'by hand',
      clock: { now: () => now },
      config: { approvalHours: 24 },
    });
    agent = await server.token('agent');
    ana = await server.token('approver', 'ana');
  });
  afterAll(async () => {
    await server.close();
    await database.close();
  });

  let keys = 0;
  const propose = async (actionType = 'send_proposal', payload: object = { text: 'Dear Kim' }) => {
    const input = { actionType, payload, idempotencyKey: `key-${keys++}` };
    return (await server.data(agent, PROPOSE, { input })).proposeAction;
  };
  const codeOf = async (token: string, document: string, input: object) =>
    (await server.request(token, document, { input })).errors?.[0].extensions;

  test('the digest is the SHA-256 of the canonical text, whatever the order of the keys', async () => {
    const one = await propose('send_proposal', { b: [1, 2.5], a: { y: 'ä', x: null } });
    const two = await propose('send_proposal', { a: { x: null, y: 'ä' }, b: [1, 2.5] });
    expect(one.action.canonical).toBe(two.action.canonical);
    expect(one.action.digest).toBe(createHash('sha256').update(one.action.canonical, 'utf8').digest('hex'));
    expect(JSON.parse(one.action.canonical)).toMatchObject({ actionType: 'send_proposal', payload: { b: [1, 2.5] } });
  });

  test('people are shown everything that is in a payload, also what hides', async () => {
    const payload = { '\u200Bto': 'kim\u202E@acme', html: '<img src=x onerror=alert(1)>', text: 'Grüße, R&D\n' };
    await propose();
    const { events } = await server.data(ana, '{ events(last: 1) { pageInfo { endCursor } } }');
    const { action } = await propose('send_proposal', payload);
    const shown = await server.data(ana, `query ($id: ID!) { action(id: $id) { ${SHOWN} } }`, { id: action.id });
    const { displayPayload } = shown.action;
    expect(displayPayload).toBe(
      String.raw`{"html":"\u003Cimg src=x onerror=alert(1)\u003E","text":"Grüße, R\u0026D\n","\u200Bto":"kim\u202E@acme"}`,
    );
    expect(JSON.parse(displayPayload)).toEqual(payload);
    const asked = server.subscribe(
      ana,
      `subscription ($after: String!) { approvalRequested(after: $after) { approval { action { ${SHOWN} } } } }`,
      { after: events.pageInfo.endCursor },
    );
    expect((await asked.next()).data.approvalRequested.approval.action).toEqual({
      id: action.id,
      displayPayload,
      payload,
    });
    await asked.close();
  });

  test('what is claimed is byte for byte what was shown and approved', async () => {
    const { action, approval } = await propose();
    await server.data(ana, APPROVE, { input: { approvalId: approval.id, digest: approval.digest } });
    const { claimAction } = await server.data(agent, CLAIM, { input: { actionId: action.id } });
    expect(claimAction).toEqual({
      canonical: action.canonical,
      digest: approval.digest,
      leaseEpoch: 1,
      claimedBy: 'agent-one',
    });
  });

  test('a signature under something else than what is stored does not count', async () => {
    const { approval } = await propose();
    const digest = approval.digest.replace(/^./, (first: string) => (first === '0' ? '1' : '0'));
    expect(await codeOf(ana, APPROVE, { approvalId: approval.id, digest })).toMatchObject({
      code: 'DIGEST_MISMATCH',
      expected: approval.digest,
    });
    const { approveAction } = await server.data(ana, APPROVE, {
      input: { approvalId: approval.id, digest: approval.digest },
    });
    expect(approveAction.status).toBe('APPROVED');
  });

  test.each([
    ['the text', (sql: string) => `update action set canonical = replace(canonical, 'Kim', 'Tim') where id = ${sql}`],
    [
      'the text by a key that stands twice',
      (sql: string) =>
        `update action set canonical = replace(canonical, '"payload":', '"payload":{"text":"evil"},"payload":') where id = ${sql}`,
    ],
    [
      'the text by a key more',
      (sql: string) =>
        `update action set canonical = replace(canonical, '"payload":', '"note":"evil","payload":') where id = ${sql}`,
    ],
    ['the type', (sql: string) => `update action set action_type = 'negotiate_terms' where id = ${sql}`],
    [
      'text and digest together',
      (sql: string) =>
        `update action set canonical = replace(canonical, 'Kim', 'Tim'), digest = repeat('0', 64) where id = ${sql}`,
    ],
  ])('an action of which %s was changed in the database after approval is not handed out', async (_what, tamper) => {
    const { action, approval } = await propose();
    await server.data(ana, APPROVE, { input: { approvalId: approval.id, digest: approval.digest } });
    await database.asServer((sql) => sql(tamper('$1'), [action.id]));
    expect(await codeOf(agent, CLAIM, { actionId: action.id })).toMatchObject({ code: 'DIGEST_MISMATCH' });
  });

  test('nobody decides on their own proposal', async () => {
    const both = await server.token(['agent', 'approver'], 'twohats');
    const input = { actionType: 'send_proposal', payload: {}, idempotencyKey: 'own' };
    const { approval } = (await server.data(both, PROPOSE, { input })).proposeAction;
    expect(await codeOf(both, APPROVE, { approvalId: approval.id, digest: approval.digest })).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await codeOf(both, REJECT, { approvalId: approval.id, reason: 'no' })).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('a request that nobody decided in time is expired, not rejected: no decider, nothing runs, and it says so', async () => {
    const { action, approval } = await propose();
    const before = now;
    now = new Date(now.getTime() + 24 * HOUR);
    // The tokens of the test are older than that; the decision itself finds the end of its time.
    const late = await server.app.tokens.issue({
      tenant: 'demo',
      user: 'ana',
      roles: ['approver'],
      expiresAt: new Date(now.getTime() + HOUR),
    });
    expect(await codeOf(late, APPROVE, { approvalId: approval.id, digest: approval.digest })).toMatchObject({
      code: 'EXPIRED',
      expiresAt: approval.expiresAt,
    });
    expect(await codeOf(late, APPROVE, { approvalId: approval.id, digest: approval.digest })).toMatchObject({
      code: 'EXPIRED',
    });
    const query = 'query ($id: ID!) { approval(id: $id) { status decidedBy action { status } } }';
    expect((await server.data(late, query, { id: approval.id })).approval).toEqual({
      status: 'EXPIRED',
      decidedBy: null,
      action: { status: 'EXPIRED' },
    });
    const trail = (await server.data(late, TRAIL, { id: action.id })).auditTrail.edges.map(
      (edge: { node: object }) => edge.node,
    );
    expect(trail).toMatchObject([
      { type: 'APPROVAL_REQUESTED', actor: 'agent-one' },
      { type: 'APPROVAL_EXPIRED', actor: 'system:expiry' },
    ]);
    now = before;
  });

  test('a failed action keeps the reason; only the holder of the claim reports, once, with its epoch', async () => {
    const { action } = await propose('send_chat_message');
    const other = await server.token('agent', 'agent-two');
    const { claimAction } = await server.data(agent, CLAIM, { input: { actionId: action.id } });
    const report = { actionId: action.id, leaseEpoch: claimAction.leaseEpoch, error: 'Mailbox full' };
    expect(await codeOf(other, FAIL, report)).toMatchObject({ code: 'CONFLICT', claimedBy: 'agent-one' });
    expect(await codeOf(agent, FAIL, { ...report, leaseEpoch: 2 })).toMatchObject({ code: 'CONFLICT', leaseEpoch: 1 });
    expect((await server.data(agent, FAIL, { input: report })).failAction).toEqual({
      status: 'FAILED',
      failure: 'Mailbox full',
    });
    expect(await codeOf(agent, FAIL, report)).toMatchObject({ code: 'CONFLICT', status: 'FAILED' });
  });

  test('what was not approved cannot be claimed, and says in which state it is', async () => {
    const waiting = await propose();
    const rejected = await propose();
    await server.data(ana, REJECT, { input: { approvalId: rejected.approval.id, reason: 'Too early' } });
    expect(await codeOf(agent, CLAIM, { actionId: waiting.action.id })).toMatchObject({
      code: 'CONFLICT',
      status: 'PENDING_APPROVAL',
    });
    expect(await codeOf(agent, CLAIM, { actionId: rejected.action.id })).toMatchObject({
      code: 'CONFLICT',
      status: 'REJECTED',
    });
  });

  test('of twenty who approve and reject at once one wins; all others learn who and when; the log has one decision', async () => {
    const people = await Promise.all(
      Array.from({ length: 20 }, (_, index) => server.token('approver', `person-${index}`)),
    );
    for (let round = 0; round < 5; round += 1) {
      const { action, approval } = await propose();
      const replies = await Promise.all(
        people.map((person, index) =>
          index % 2 === 0
            ? server.request(person, APPROVE, { input: { approvalId: approval.id, digest: approval.digest } })
            : server.request(person, REJECT, { input: { approvalId: approval.id, reason: 'no' } }),
        ),
      );
      const winners = replies.filter((reply) => !reply.errors);
      expect(winners).toHaveLength(1);
      const won = winners[0]?.data.approveAction ?? winners[0]?.data.rejectAction;
      for (const { errors } of replies.filter((reply) => reply.errors)) {
        expect(errors?.[0].extensions).toMatchObject({
          code: 'CONFLICT',
          decidedBy: won.decidedBy,
          decidedAt: won.decidedAt,
        });
      }
      const { edges } = (await server.data(ana, TRAIL, { id: action.id })).auditTrail;
      expect(edges).toHaveLength(2);
    }
  });

  test('of ten claimers at once one gets the action', async () => {
    const { action } = await propose('create_briefing');
    const agents = await Promise.all(
      Array.from({ length: 10 }, (_, index) => server.token('agent', `claimer-${index}`)),
    );
    const replies = await Promise.all(
      agents.map((claimer) => server.request(claimer, CLAIM, { input: { actionId: action.id } })),
    );
    expect(replies.filter((reply) => !reply.errors)).toHaveLength(1);
    expect(new Set(replies.flatMap((reply) => reply.errors?.map((error) => error.extensions.code) ?? []))).toEqual(
      new Set(['CONFLICT']),
    );
  });
});
